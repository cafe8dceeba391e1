#include "app/help_overlay.h"

#include <QApplication>
#include <QBoxLayout>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>
#include <algorithm>

#include "app/actions.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int row_height = 28, chrome_height = 200;  // of a line, and of what is no line
constexpr int fewest_rows = 8, most_rows = 18;

}  // namespace

HelpOverlay::HelpOverlay(QWidget* parent)
    : QFrame(parent),
      title_(new QLabel),
      footer_(new QLabel),
      area_(new QScrollArea),
      rows_(new QGridLayout) {
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
    auto* rows = new QWidget;
    rows->setLayout(rows_);
    rows_->setContentsMargins({});
    area_->setWidget(rows);
    area_->setFrameShape(QFrame::NoFrame);
    for (auto* part : {rows, area_->viewport()}) part->setAutoFillBackground(false);  // the card shows
    area_->setFocusPolicy(Qt::NoFocus);
    column->addWidget(area_);
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
    const auto commands = registry.commands_on(scope);
    fill(commands, registry);
    for (; area_->widget()->sizeHint().width() > room().width() && rows_per_column_ < int(commands.size());
         ++rows_per_column_)
        fill(commands, registry);
    fit();
    move((parentWidget()->width() - width()) / 2, (parentWidget()->height() - height()) / 2);
    before_ = window()->focusWidget();
    show();
    raise();
    setFocus();
}

void HelpOverlay::showEvent(QShowEvent* event) {
    QFrame::showEvent(event);
    qApp->installEventFilter(this);
}

/// The keys that were just read about have to work.
void HelpOverlay::hideEvent(QHideEvent* event) {
    QFrame::hideEvent(event);
    qApp->removeEventFilter(this);
    if (before_) before_->setFocus();
}

/// A click beside it closes it and does what it would have done.
bool HelpOverlay::eventFilter(QObject* watched, QEvent* event) {
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (event->type() == QEvent::MouseButtonPress && widget && widget != this && !isAncestorOf(widget))
        hide();
    return QFrame::eventFilter(watched, event);
}

/// For the keys, inside the window.
QSize HelpOverlay::room() const {
    const QMargins margins = layout()->contentsMargins();
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    return parentWidget()->size() - QSize(margins.left() + margins.right() + bar, chrome_height);
}

/// What does not fit can be scrolled.
void HelpOverlay::fit() {
    auto* rows = area_->widget();
    rows->adjustSize();
    const bool scrolls = rows->height() > room().height();
    const QSize bar(scrolls ? style()->pixelMetric(QStyle::PM_ScrollBarExtent) : 0, 0);
    area_->setFixedSize(rows->size().boundedTo(room()) + bar);
    adjustSize();
}

void HelpOverlay::clear() {
    while (auto* item = rows_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

/// The page's own first; each group begins a column.
void HelpOverlay::fill(const std::vector<Command>& commands, const ActionRegistry& registry) {
    clear();
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
    const int key = event->key();
    if (key == Qt::Key_Escape) return hide();
    auto* bar = area_->verticalScrollBar();
    const auto scroll = [bar](auto action) { bar->triggerAction(action); };
    if (key == Qt::Key_Up) return scroll(QScrollBar::SliderSingleStepSub);
    if (key == Qt::Key_Down) return scroll(QScrollBar::SliderSingleStepAdd);
    if (key == Qt::Key_PageUp) return scroll(QScrollBar::SliderPageStepSub);
    if (key == Qt::Key_PageDown) return scroll(QScrollBar::SliderPageStepAdd);
    QFrame::keyPressEvent(event);
}

void HelpOverlay::mousePressEvent(QMouseEvent*) { hide(); }

}  // namespace modescope
