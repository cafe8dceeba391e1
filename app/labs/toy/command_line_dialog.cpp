#include "app/labs/toy/command_line_dialog.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/worlds/toy_points.h"
#include "widgets/theme.h"

namespace modescope {

CommandLineDialog::CommandLineDialog(const QString& lines, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("command_line_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Equal command lines"));
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(space::l, space::l, space::l, space::l);
    page->setSpacing(space::m);
    page->addWidget(new QLabel(
        tr("Each line trains one panel without a window: the same data, seed and batches."), this));
    auto* text = new QPlainTextEdit(lines, this);
    text->setObjectName(QStringLiteral("command_lines"));
    text->setReadOnly(true);
    if (is_points_text(lines.mid(lines.lastIndexOf(' ') + 1).toStdString()))
        text->setLineWrapMode(QPlainTextEdit::NoWrap);  // walls of letters
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text->setAccessibleName(windowTitle());
    text->setToolTip(tr("Select and copy, or take all with the button."));
    page->addWidget(text, 1);
    auto* row = new QHBoxLayout;
    auto* copied = new QLabel(this);
    copied->setProperty("secondary", true);
    row->addWidget(copied, 1);
    auto* close = new QPushButton(tr("Close"), this);
    close->setObjectName(QStringLiteral("close_command_lines"));
    close->setToolTip(tr("Back to the page (Esc)."));
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    auto* copy = new QPushButton(tr("Copy"), this);
    copy->setObjectName(QStringLiteral("copy_command_lines"));
    copy->setProperty("primary", true);
    copy->setDefault(true);
    copy->setToolTip(tr("Put all lines on the clipboard (Return)."));
    connect(copy, &QPushButton::clicked, this, [lines, copied] {
        QGuiApplication::clipboard()->setText(lines);
        copied->setText(tr("Copied."));
    });
    row->addWidget(close);
    row->addWidget(copy);
    page->addLayout(row);
    resize(760, 320);
}

}  // namespace modescope
