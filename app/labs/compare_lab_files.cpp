// What the Compare page reads and writes: models, inputs, weights and reports.
#include <QDropEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QUrl>

#include "app/labs/compare_figures.h"
#include "app/labs/compare_lab.h"
#include "app/labs/compare_rows.h"
#include "widgets/message_strip.h"

namespace modescope {
namespace {

QFileDialog* make_dialog(QWidget* parent, const QString& title, const QString& filter,
                         QFileDialog::FileMode mode) {
    auto* dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    return dialog;
}

QStringList local_files(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    return paths;
}

QString quoted(const std::string& path) {
    const auto text = QString::fromStdString(path);
    return text.contains(' ') ? '\'' + text + '\'' : text;
}

}  // namespace

void CompareLab::ask_for_model() {
    auto* dialog =
        make_dialog(this, tr("Open model"), tr("Trained models (*.safetensors)"), QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        for (const QString& path : paths) open_model(path);
    });
    dialog->open();
}

void CompareLab::ask_for_lpips() {
    auto* dialog =
        make_dialog(this, tr("LPIPS weights"), tr("Weights (*.safetensors)"), QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &CompareLab::choose_lpips);
    dialog->open();
}

void CompareLab::ask_for_inputs(bool folder) {
    auto* dialog = folder ? make_dialog(this, tr("Use a folder of pictures"), {}, QFileDialog::Directory)
                          : make_dialog(this, tr("Use pictures"),
                                        tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff)"),
                                        QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this,
            [this](const QStringList& paths) { use_inputs(dropped_inputs(paths)); });
    dialog->open();
}

void CompareLab::ask_where_to_write(const QString& suffix) {
    if (measured_.estimates.empty() || !cases_) {
        strip_->show_message(MessageStrip::Severity::Info, tr("Nothing is measured yet."));
        return;
    }
    auto* dialog =
        make_dialog(this, tr("Write report"), QStringLiteral("*.%1").arg(suffix), QFileDialog::AnyFile);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(tr("comparison.%1").arg(suffix));
    connect(dialog, &QFileDialog::fileSelected, this, &CompareLab::write_report);
    dialog->open();
}

void CompareLab::write_report(const QString& path) {
    if (cases_) job_.write(measured_.comparison, cases_, command_line(), path);
}

/// Empty where a command line cannot name the inputs.
QString CompareLab::command_line() const {
    if (source_.kind != InputSource::Kind::held_out) return {};
    QString text = QStringLiteral("modescope compare");
    for (const auto& row : rows_->shown()) text += ' ' + quoted(row.path.empty() ? row.name : row.path);
    if (!lpips_.isEmpty()) text += QStringLiteral(" --lpips ") + quoted(lpips_.toStdString());
    return text + QStringLiteral(" --conditions %1 --samples %2")
                      .arg(figures_->conditions())
                      .arg(figures_->samples());
}

void CompareLab::dragEnterEvent(QDragEnterEvent* event) {
    if (!local_files(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

/// Models become rows, everything else inputs.
void CompareLab::dropEvent(QDropEvent* event) {
    QStringList inputs;
    for (const QString& path : local_files(*event->mimeData()))
        if (path.endsWith(QStringLiteral(".safetensors")))
            open_model(path);
        else
            inputs << path;
    if (!inputs.isEmpty()) use_inputs(dropped_inputs(inputs));
    event->acceptProposedAction();
}

}  // namespace modescope
