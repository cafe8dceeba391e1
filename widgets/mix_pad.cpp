#include "widgets/mix_pad.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <algorithm>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr double step = 0.02;  // of an arrow key
constexpr double handle_radius = 8;
constexpr int lines = 4;  // cells of the pad's lattice

bool is_arrow(int key) {
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
}

}  // namespace

MixPad::MixPad(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    setAccessibleName(tr("Interpolation pad"));
    setToolTip(
        tr("Drag, or use the arrows, to walk between the samples along the sphere on which their "
           "noise lies."));
    describe();
}

void MixPad::set_ends(std::vector<QImage> pictures) {
    ends_ = std::move(pictures);
    set_position(position_);
}

void MixPad::set_position(QPointF position) {
    position_ = {std::clamp(position.x(), 0., 1.), two() ? 0.5 : std::clamp(position.y(), 0., 1.)};
    describe();
    update();
}

void MixPad::describe() {
    const QString across = locale().toString(position_.x(), 'f', 2);
    setAccessibleDescription(
        two() ? tr("%1 of the way").arg(across)
              : tr("%1 to the right, %2 down").arg(across, locale().toString(position_.y(), 'f', 2)));
}

// --- Geometry ---

/// Pictures stand at its ends, outside.
QRectF MixPad::pad() const {
    const double side = std::max(1, std::min(width(), height()) / 5 + space::s);
    const double vertical = two() ? handle_radius : handle_radius + 2;
    return QRectF(rect()).adjusted(side + handle_radius, vertical, -side - handle_radius, -vertical);
}

QPointF MixPad::place_of(QPointF position) const {
    const QRectF area = pad();
    return {area.left() + position.x() * area.width(), area.top() + position.y() * area.height()};
}

QRectF MixPad::end_rect(int index) const {
    const double side = std::max(1, std::min(width(), height()) / 5);
    const bool right = index % 2 == 1, lower = index >= 2;
    const double left = right ? width() - side : 0;
    const double top = two() ? (height() - side) / 2 : lower ? height() - side : 0;
    return {left, top, side, side};
}

// --- Mouse and keyboard ---

void MixPad::move(QPointF position) {
    const QPointF before = position_;
    set_position(position);
    if (position_ != before) emit moved(position_);
}

void MixPad::drag_to(QPointF place) {
    const QRectF area = pad();
    move({(place.x() - area.left()) / area.width(), (place.y() - area.top()) / area.height()});
}

void MixPad::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) drag_to(event->position());
}

void MixPad::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) drag_to(event->position());
}

bool MixPad::event(QEvent* event) {
    claim_own_keys(*event, [](const QKeyEvent& key) { return is_arrow(key.key()); });
    return QWidget::event(event);
}

void MixPad::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return move(position_ - QPointF(step, 0));
        case Qt::Key_Right:
            return move(position_ + QPointF(step, 0));
        case Qt::Key_Up:
            return move(position_ - QPointF(0, step));
        case Qt::Key_Down:
            return move(position_ + QPointF(0, step));
        case Qt::Key_Home:
            return move({0, 0});
        case Qt::Key_End:
            return move({1, 1});
        default:
            QWidget::keyPressEvent(event);
    }
}

// --- Drawing ---

void MixPad::draw_lines(QPainter& painter) const {
    painter.setPen(QPen(palette().color(QPalette::Mid), 1));
    if (two()) return painter.drawLine(place_of({0, 0.5}), place_of({1, 0.5}));
    for (int i = 0; i <= lines; ++i) {
        const double at = static_cast<double>(i) / lines;
        painter.drawLine(place_of({at, 0}), place_of({at, 1}));
        painter.drawLine(place_of({0, at}), place_of({1, at}));
    }
}

void MixPad::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    draw_lines(painter);
    for (int i = 0; i < static_cast<int>(ends_.size()); ++i) painter.drawImage(end_rect(i), ends_[i]);
    painter.setPen(QPen(palette().color(QPalette::Window), 2));
    painter.setBrush(palette().color(QPalette::Highlight));
    painter.drawEllipse(place_of(position_), handle_radius, handle_radius);
    if (!hasFocus()) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
    painter.drawEllipse(place_of(position_), handle_radius + 3, handle_radius + 3);
}

}  // namespace modescope
