#include "widgets/flow_layout.h"

#include <QWidget>
#include <algorithm>

namespace modescope {

FlowLayout::FlowLayout(QWidget* parent, int gap) : QLayout(parent) {
    setContentsMargins(0, 0, 0, 0);
    setSpacing(gap);
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item) { items_.emplace_back(item); }

QLayoutItem* FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? items_[index].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
    if (index < 0 || index >= count()) return nullptr;
    QLayoutItem* item = items_[index].release();
    items_.erase(items_.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const { return flow(QRect(0, 0, width, 0), false); }

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    flow(rect, true);
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const auto& item : items_) size = size.expandedTo(item->minimumSize());
    return size.grownBy(contentsMargins());
}

int FlowLayout::flow(QRect rect, bool apply) const {
    const QRect area = rect.marginsRemoved(contentsMargins());
    QPoint at = area.topLeft();
    int line_height = 0;
    for (const auto& item : items_) {
        if (item->isEmpty()) continue;
        const QSize size = item->sizeHint();
        if (line_height > 0 && at.x() + size.width() > area.right() + 1) {
            at = {area.left(), at.y() + line_height + spacing()};
            line_height = 0;
        }
        if (apply) item->setGeometry(QRect(at, size));
        at.rx() += size.width() + spacing();
        line_height = std::max(line_height, size.height());
    }
    return at.y() + line_height - rect.top() + contentsMargins().bottom();
}

}  // namespace modescope
