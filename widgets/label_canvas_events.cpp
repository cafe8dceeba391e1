// LabelCanvas: pointer, wheel and keys.
#include <QAction>
#include <QKeyEvent>
#include <QTabletEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/label_canvas.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int long_step = 8;      // label pixels, with Shift
constexpr int wheel_notch = 120;  // eighths of a degree
constexpr double zoom_of_notch = 1.25;
constexpr double closing_reach = 8;  // screen units around a polygon's first corner
constexpr int tap_time = 250;        // ms: Tab was not held
constexpr int digit_classes = 10;    // then come letters

QPoint pixel_of(QPointF at) {
    return {static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y()))};
}

QPoint arrow_step(int key) {
    switch (key) {
        case Qt::Key_Left:
            return {-1, 0};
        case Qt::Key_Right:
            return {1, 0};
        case Qt::Key_Up:
            return {0, -1};
        case Qt::Key_Down:
            return {0, 1};
        default:
            return {};
    }
}

/// The class that a key chooses; −1: none.
int class_of_key(const QKeyEvent& event) {
    const int key = event.key();
    if (key >= Qt::Key_1 && key <= Qt::Key_9) return key - Qt::Key_1;
    if (key == Qt::Key_0) return digit_classes - 1;
    const bool letter = key >= Qt::Key_A && key <= Qt::Key_Z && event.modifiers() & Qt::ShiftModifier;
    return letter ? digit_classes + key - Qt::Key_A : -1;
}

bool is_plain_digit(const QKeyEvent& event) { return event.key() >= Qt::Key_0 && event.key() <= Qt::Key_9; }

/// Triggers what the widget or one that it lies in has on that key.
void press_shortcut(const QWidget* widget, const QKeySequence& key) {
    for (; widget; widget = widget->parentWidget())
        for (QAction* action : widget->actions())
            if (action->isEnabled() && action->shortcuts().contains(key)) return action->trigger();
}

}  // namespace

// --- Pointer ---

void LabelCanvas::press(QPointF position, Qt::KeyboardModifiers modifiers, Tool tool) {
    const bool looks = info(tool).gesture == Gesture::View;
    if (!in_corners() || (tool != Tool::Polygon && !looks)) end_stroke();  // of another pointing device
    const QPointF at = view_.to_picture(position);
    const bool regular = modifiers & Qt::ShiftModifier;
    hold_at(at, {});
    const ToolInfo& row = info(tool);
    if (row.gesture == Gesture::Click) return click(row, pixel_of(at));
    if (row.gesture == Gesture::View) {
        view_drag_ = position;
        photo_drag_ = tool == Tool::Photo;
        return show_cursor(true);
    }
    if (!in_corners()) {
        const bool line = row.gesture == Gesture::Stroke && regular && last_point_;
        return begin(line ? *last_point_ : at, at, tool, regular);
    }
    const QPointF way = (stroke_->points().front() - at) * zoom();
    if (stroke_->points().size() > 3 && std::hypot(way.x(), way.y()) < closing_reach) return end_stroke();
    extend(at, regular);
    stroke_->fix_corner();
}

void LabelCanvas::move(QPointF position, bool regular) {
    if (view_drag_) return drag_view(position);
    const QPointF at = view_.to_picture(position);
    if (stroke_) extend(at, regular);
    hold_at(at, {});
}

void LabelCanvas::drag_view(QPointF position) {
    const QPointF way = position - std::exchange(*view_drag_, position);
    if (photo_drag_)
        emit photo_dragged(way / zoom());
    else
        view_.pan(way);
    update();
}

void LabelCanvas::mousePressEvent(QMouseEvent* event) {
    const bool left = event->button() == Qt::LeftButton;
    if (event->button() == Qt::RightButton || (left && event->modifiers() & Qt::AltModifier))
        pick(pixel_of(view_.to_picture(event->position())));
    else if (event->button() == Qt::MiddleButton)
        press(event->position(), event->modifiers(), Tool::Pan);
    else if (left && space_held_) {
        *space_held_ = true;
        press(event->position(), event->modifiers(), Tool::Pan);
    } else if (left)
        press(event->position(), event->modifiers(), tool_);
    else
        event->ignore();
}

void LabelCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (in_corners())
        end_stroke();
    else
        mousePressEvent(event);
}

void LabelCanvas::mouseMoveEvent(QMouseEvent* event) {
    move(event->position(), event->modifiers() & Qt::ShiftModifier);
}

void LabelCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (view_drag_ && event->button() != Qt::RightButton) {
        view_drag_.reset();
        hold_at(view_.to_picture(event->position()), {});
        if (std::exchange(photo_drag_, false)) emit photo_released();
    } else if (event->button() == Qt::LeftButton && !in_corners())
        end_stroke();
}

void LabelCanvas::tabletEvent(QTabletEvent* event) {
    const bool eraser = event->pointerType() == QPointingDevice::PointerType::Eraser;
    const Tool drawing = tool_ == Tool::Pan ? Tool::Brush : tool_;
    pressure_ = event->pressure();
    if (stroke_) update_outline();
    if (event->type() == QEvent::TabletPress && event->button() == Qt::RightButton)
        pick(pixel_of(view_.to_picture(event->position())));
    else if (event->type() == QEvent::TabletPress)
        press(event->position(), event->modifiers(), eraser ? Tool::Eraser : drawing);
    else if (event->type() == QEvent::TabletMove)
        move(event->position(), event->modifiers() & Qt::ShiftModifier);
    else if (view_drag_) {
        view_drag_.reset();
        if (std::exchange(photo_drag_, false)) emit photo_released();
    } else if (!in_corners())
        end_stroke();
    if (!stroke_) pressure_ = 1;
    event->accept();
}

void LabelCanvas::wheelEvent(QWheelEvent* event) {
    const int turn = event->angleDelta().y();
    const double factor = std::pow(zoom_of_notch, static_cast<double>(turn) / wheel_notch);
    if (event->modifiers() & Qt::ControlModifier) {
        wheel_rest_ += turn;
        resize_brush(wheel_rest_ / wheel_notch);
        wheel_rest_ %= wheel_notch;
    } else if (tool_ == Tool::Photo) {
        emit photo_scaled(factor, view_.to_picture(event->position()));
        emit photo_released();
    } else {
        view_.set_zoom(zoom() * factor, event->position());
        hold_at(view_.to_picture(event->position()), {});
        update_description();
        update();
    }
}

void LabelCanvas::leaveEvent(QEvent*) {
    if (!stroke_ && !view_drag_) hold_at({}, cell_);
}

// --- Keyboard ---

bool LabelCanvas::event(QEvent* event) {
    claim_own_keys(*event, [this](const QKeyEvent& key) { return is_own_key(key); });
    if (event->type() == QEvent::KeyPress) {
        const auto& key = static_cast<QKeyEvent&>(*event);
        if (key.key() == Qt::Key_Tab && key.modifiers() == Qt::NoModifier) {
            press_tab(key);
            return true;
        }
    }
    return QWidget::event(event);
}

/// Held it shows the bare picture; a tap moves the focus on, as everywhere, when it is let go.
void LabelCanvas::press_tab(const QKeyEvent& event) {
    if (event.isAutoRepeat()) return;
    tab_held_.emplace().start();
    set_bare(true);
}

void LabelCanvas::release_tab() {
    const bool tapped = tab_held_ && tab_held_->elapsed() < tap_time;
    tab_held_.reset();
    set_bare(false);
    if (tapped) focusNextPrevChild(true);
}

void LabelCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Tab && tab_held_) {
        if (!event->isAutoRepeat()) release_tab();
    } else if (event->key() == Qt::Key_Space && space_held_) {
        if (!event->isAutoRepeat()) release_space();
    } else
        QWidget::keyReleaseEvent(event);
}

/// Only now it is known that it was not for moving the view.
void LabelCanvas::release_space() {
    const bool moved = *std::exchange(space_held_, std::nullopt);
    show_cursor(pointer_ && contains(pixel_of(*pointer_)));
    if (!moved && !stroke_) press_shortcut(this, Qt::Key_Space);
}

void LabelCanvas::focusOutEvent(QFocusEvent* event) {
    tab_held_.reset();
    space_held_.reset();
    set_bare(false);
    QWidget::focusOutEvent(event);
}

bool LabelCanvas::is_own_key(const QKeyEvent& event) const {
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return false;
    const int key = event.key();
    const bool bracket = key == Qt::Key_BracketLeft || key == Qt::Key_BracketRight;
    if (keys_left_ && (bracket || is_plain_digit(event))) return false;
    if (key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter)
        return !(event.modifiers() & Qt::ShiftModifier);
    return class_of_key(event) >= 0 || !arrow_step(key).isNull() || bracket || key == Qt::Key_Plus ||
           key == Qt::Key_Minus || (key == Qt::Key_Escape && stroke_) ||
           (key == Qt::Key_Backspace && in_corners());
}

void LabelCanvas::keyPressEvent(QKeyEvent* event) {
    if (!is_own_key(*event)) return QWidget::keyPressEvent(event);
    const int key = event->key();
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (key == Qt::Key_Space) {
        if (!event->isAutoRepeat()) space_held_ = false;
        show_cursor(pointer_ && contains(pixel_of(*pointer_)));
    } else if (class_of_key(*event) >= 0)
        set_class(class_of_key(*event));
    else if (key == Qt::Key_BracketLeft || key == Qt::Key_BracketRight)
        resize_brush(key == Qt::Key_BracketLeft ? -1 : 1);
    else if (key == Qt::Key_Plus || key == Qt::Key_Minus)
        zoom_by(key == Qt::Key_Plus ? zoom_of_notch : 1 / zoom_of_notch);
    else if (key == Qt::Key_Escape)
        cancel_stroke();
    else if (key == Qt::Key_Backspace)
        show_change(stroke_->drop_corner(labels_));
    else if (key == Qt::Key_Return || key == Qt::Key_Enter)
        use_at_cell();
    else
        move_cell(arrow_step(key) * (shift ? long_step : 1));
}

void LabelCanvas::resize_brush(int steps) {
    const int step = std::max(1, brush_size_ / long_step);
    set_brush_size(brush_size_ + steps * step);
}

/// A stroke that the mouse holds is not led by keys.
void LabelCanvas::move_cell(QPoint step) {
    if (labels_.empty() || (stroke_ && !cell_)) return;
    const QPoint start = pointer_ && contains(pixel_of(*pointer_))
                             ? pixel_of(*pointer_)
                             : QPoint(labels_.width, labels_.height) / 2;
    const QPoint to = cell_.value_or(start) + step;
    const QPoint cell(std::clamp(to.x(), 0, labels_.width - 1), std::clamp(to.y(), 0, labels_.height - 1));
    if (stroke_) extend(QPointF(cell) + QPointF(0.5, 0.5), false);
    hold_at(pointer_, cell);
    update_description();
}

/// The brush paints a dot; a shape begins at the first Enter and ends at the second; a polygon gets a
/// corner, and closes at a second Enter at the same place.
void LabelCanvas::use_at_cell() {
    if (in_corners() && !cell_) return end_stroke();
    if (!cell_) return move_cell({});
    const ToolInfo& tool = info(tool_);
    const QPointF at = QPointF(*cell_) + QPointF(0.5, 0.5);
    if (tool.gesture == Gesture::View) return;
    if (tool.gesture == Gesture::Click) return click(tool, *cell_);
    if (!stroke_) {
        begin(at, at, tool_, false);
        if (tool.gesture == Gesture::Stroke) end_stroke();
    } else if (in_corners() && stroke_->points()[stroke_->points().size() - 2] != at) {
        stroke_->fix_corner();
    } else
        end_stroke();
    update_description();
}

}  // namespace modescope
