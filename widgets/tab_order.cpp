#include "widgets/tab_order.h"

#include <QAbstractButton>
#include <QApplication>
#include <QButtonGroup>
#include <QGridLayout>
#include <QScrollArea>
#include <QSplitter>
#include <algorithm>
#include <utility>

namespace modescope {
namespace {

/// Row by row; those of other layouts lie in their order already.
QList<QLayoutItem*> items_of(const QLayout& layout) {
    QList<std::pair<std::pair<int, int>, QLayoutItem*>> placed;
    for (int i = 0; i < layout.count(); ++i) {
        std::pair<int, int> cell{0, i};
        int rows = 0, columns = 0;
        if (const auto* grid = qobject_cast<const QGridLayout*>(&layout))
            grid->getItemPosition(i, &cell.first, &cell.second, &rows, &columns);
        placed.append({cell, layout.itemAt(i)});
    }
    std::ranges::stable_sort(placed, {}, [](const auto& place) { return place.first; });
    QList<QLayoutItem*> items;
    for (const auto& [cell, item] : placed) items << item;
    return items;
}

void add_widgets(const QLayout& layout, QList<QWidget*>& widgets) {
    for (QLayoutItem* item : items_of(layout)) {
        if (item->widget()) widgets << item->widget();
        if (item->layout()) add_widgets(*item->layout(), widgets);
    }
}

/// As they are laid out, then those that no layout places, row by row.
QList<QWidget*> children_of(const QWidget& parent) {
    QList<QWidget*> widgets;
    if (const auto* splitter = qobject_cast<const QSplitter*>(&parent))
        for (int i = 0; i < splitter->count(); ++i) widgets << splitter->widget(i);
    else if (parent.layout())
        add_widgets(*parent.layout(), widgets);
    QList<QWidget*> others;
    for (auto* child : parent.findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
        if (!widgets.contains(child)) others << child;
    std::ranges::stable_sort(others, {}, [](const QWidget* w) { return std::pair(w->y(), w->x()); });
    return widgets + others;
}

bool stands_behind_another(const QWidget& widget) {
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const auto* group = button ? button->group() : nullptr;
    return group && group->exclusive() && group->checkedButton() && !button->isChecked();
}

void add_stops(QWidget& widget, QList<QWidget*>& stops) {
    if (!widget.isVisible() || !widget.isEnabled()) return;
    if ((widget.focusPolicy() & Qt::TabFocus) && !widget.focusProxy() && !stands_behind_another(widget))
        stops << &widget;
    for (auto* child : children_of(widget))
        if (!child->isWindow()) add_stops(*child, stops);
}

/// Of the control that has the focus, itself or a part of it; −1: none.
qsizetype current_stop(const QList<QWidget*>& stops) {
    for (auto* widget = QApplication::focusWidget(); widget; widget = widget->parentWidget())
        if (const auto at = stops.indexOf(widget); at >= 0) return at;
    return -1;
}

void show_within_areas(QWidget& widget) {
    for (auto* parent = widget.parentWidget(); parent; parent = parent->parentWidget())
        if (auto* area = qobject_cast<QScrollArea*>(parent)) area->ensureWidgetVisible(&widget);
}

}  // namespace

bool tab_in_layout_order(QWidget& root, bool next) {
    QList<QWidget*> stops;
    add_stops(root, stops);
    if (stops.isEmpty()) return false;
    const auto current = current_stop(stops), count = stops.size();
    auto* stop = stops[next ? (current + 1) % count : current <= 0 ? count - 1 : current - 1];
    stop->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    show_within_areas(*stop);
    return true;
}

}  // namespace modescope
