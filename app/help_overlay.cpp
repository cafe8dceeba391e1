#include "app/help_overlay.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <algorithm>

#include "app/actions.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int row_height = 28, chrome_height = 200;  // of a line, and of what is no line
constexpr int fewest_rows = 8, most_rows = 18;

}  // namespace

HelpOverlay::HelpOverlay(QWidget* parent)
    : QFrame(parent), title_(new QLabel), footer_(new QLabel), rows_(new QGridLayout) {
    setProperty("card", true);
    setAutoFillBackground(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Keys of this page"));
    title_->setProperty("title", true);
    footer_->setProperty("secondary", true);
    rows_->setHorizontalSpacing(space::l);
    rows_->setVerticalSpacing(space::m);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * space::l, space::l, 2 * space::l, space::l);
    column->setSpacing(space::l);
    column->addWidget(title_);
    column->addLayout(rows_);
    column->addWidget(footer_);
    hide();
}

void HelpOverlay::show_keys(const ActionRegistry& registry, const QString& scope) {
    title_->setText(scope.isEmpty() ? tr("Keys") : tr("Keys of %1").arg(registry.scope_name(scope)));
    const auto key_of = [&](const char* id) {
        const Command* command = registry.find(QLatin1String(id));
        return command ? keys_text(command->keys()) : QString();
    };
    footer_->setText(tr("%1 finds any command by its name; other keys can be chosen in the preferences (%2).")
                         .arg(key_of("window/search"), key_of("window/preferences")));
    rows_per_column_ =
        std::clamp((parentWidget()->height() - chrome_height) / row_height, fewest_rows, most_rows);
    clear();
    fill(registry.commands_on(scope), registry);
    adjustSize();
    move((parentWidget()->width() - width()) / 2, (parentWidget()->height() - height()) / 2);
    show();
    raise();
    setFocus();
}

void HelpOverlay::clear() {
    while (auto* item = rows_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

/// The page's own first; each group begins a column.
void HelpOverlay::fill(const std::vector<Command>& commands, const ActionRegistry& registry) {
    int row = 0;
    QString scope = QStringLiteral("/");  // of no command
    for (const Command& command : commands) {
        const QString keys = keys_text(command.keys());
        if (keys.isEmpty()) continue;
        if (command.scope != scope) {
            scope = command.scope;
            if (row > 0) row = (row + rows_per_column_ - 1) / rows_per_column_ * rows_per_column_;
            add_heading(row++, registry.scope_name(scope));
        }
        add_row(row++, keys, command.name());
    }
}

QWidget* HelpOverlay::place(QWidget* widget, int row, int column) {
    rows_->addWidget(widget, row % rows_per_column_, row / rows_per_column_ * 2 + column);
    return widget;
}

void HelpOverlay::add_heading(int row, const QString& text) {
    place(new QLabel(text), row, 1)->setProperty("heading", true);
}

void HelpOverlay::add_row(int row, const QString& keys, const QString& text) {
    auto* key = new QLabel(keys);
    key->setProperty("secondary", true);
    key->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    place(key, row, 0);
    place(new QLabel(text), row, 1);
}

void HelpOverlay::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return hide();
    QFrame::keyPressEvent(event);
}

void HelpOverlay::mousePressEvent(QMouseEvent*) { hide(); }

}  // namespace modescope
