#include "app/labs/file_dialog.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QSettings>
#include <QStandardPaths>

namespace modescope {
namespace {

constexpr char key[] = "files/folder";

QString last_folder() {
    const QString last = QSettings().value(key).toString();
    return QFileInfo(last).isDir() ? last
                                   : QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
}

QFileDialog* make_dialog(QWidget* parent, const QString& title, const QString& filter) {
    auto* dialog = new QFileDialog(parent, title, last_folder(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::accepted, dialog,
                     [dialog] { QSettings().setValue(key, dialog->directory().absolutePath()); });
    return dialog;
}

}  // namespace

QFileDialog* make_open_dialog(QWidget* parent, const QString& title, const QString& filter,
                              QFileDialog::FileMode mode) {
    auto* dialog = make_dialog(parent, title, filter);
    dialog->setFileMode(mode);
    return dialog;
}

QFileDialog* make_folder_dialog(QWidget* parent, const QString& title) {
    auto* dialog = make_open_dialog(parent, title, {}, QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    return dialog;
}

QFileDialog* make_save_dialog(QWidget* parent, const QString& title, const QString& filter,
                              const QString& suggestion) {
    auto* dialog = make_dialog(parent, title, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(suggestion).suffix());
    dialog->selectFile(suggestion);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& chosen) {
        static const QRegularExpression first("\\*\\.(\\w+)");
        dialog->setDefaultSuffix(first.match(chosen).captured(1));
    });
    return dialog;
}

}  // namespace modescope
