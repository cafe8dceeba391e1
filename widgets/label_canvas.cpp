#include "widgets/label_canvas.h"

#include <QKeyEvent>
#include <QPainter>
#include <QUndoCommand>
#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <utility>

#include "widgets/label_paint.h"

namespace modescope {
namespace {

constexpr int corner_radius = 6;
constexpr int cross_arm = 12;   // screen units
constexpr int outline_pen = 3;  // screen units
constexpr int long_step = 8;    // label pixels, with Shift
constexpr int undo_limit = 500;
constexpr int wheel_notch = 120;  // eighths of a degree
constexpr QRgb unknown_class = qRgb(128, 128, 128);

/// Two versions of one rectangle.
class PatchCommand : public QUndoCommand {
public:
    using Put = std::function<void(QPoint where, const LabelMap& patch)>;

    PatchCommand(const QString& text, Put put, QPoint where, LabelMap before, LabelMap after)
        : QUndoCommand(text),
          put_(std::move(put)),
          where_(where),
          before_(std::move(before)),
          after_(std::move(after)) {}

    void undo() override { put_(where_, before_); }
    void redo() override { put_(where_, after_); }

private:
    Put put_;
    QPoint where_;
    LabelMap before_, after_;
};

QPoint pixel_of(QPointF at) {
    return {static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y()))};
}

QPointF centre_of(QPoint pixel) { return QPointF(pixel) + QPointF(0.5, 0.5); }

/// Dark around light: visible on any colour.
void draw_two_tone(QPainter& painter, const QPainterPath& path) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 170), outline_pen, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPath(path);
    painter.setPen(QPen(QColor(255, 255, 255), 1.25, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPath(path);
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

}  // namespace

LabelCanvas::LabelCanvas(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setTabletTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Label map"));
    undo_.setUndoLimit(undo_limit);
    update_outline();
    update_description();
}

// --- What is shown and chosen ---

void LabelCanvas::set_classes(std::vector<LabelClass> classes) {
    classes_ = std::move(classes);
    class_ = std::clamp(class_, 0, std::max(0, static_cast<int>(classes_.size()) - 1));
    refresh_image(QRect(0, 0, labels_.width, labels_.height));
    update_description();
    update();
}

void LabelCanvas::set_labels(LabelMap labels) {
    stroke_.reset();
    last_point_.reset();
    hold_at(pointer_, {});
    labels_ = std::move(labels);
    image_ = QImage(labels_.width, labels_.height, QImage::Format_RGB32);
    undo_.clear();
    lay_out();
    show_change(QRect(0, 0, labels_.width, labels_.height));
    update();
}

void LabelCanvas::replace_labels(const LabelMap& labels, const QString& text) {
    Q_ASSERT(labels.width == labels_.width && labels.height == labels_.height);
    cancel_stroke();
    push(difference(labels_, labels), labels_, labels, text);
}

void LabelCanvas::set_tool(Tool tool) {
    if (std::exchange(tool_, tool) == tool) return;
    update_outline();
    update_description();
    emit tool_changed(tool);
}

void LabelCanvas::set_class(int index) {
    if (index < 0 || index >= static_cast<int>(classes_.size())) return;
    if (tool_ == Tool::Eraser) set_tool(Tool::Brush);
    if (std::exchange(class_, index) == index) return;
    update_description();
    emit class_changed(index);
}

void LabelCanvas::set_brush_size(int pixels) {
    pixels = std::clamp(pixels, 1, max_brush_size);
    if (pixels == brush_size_) return;
    brush_size_ = pixels;
    update_outline();
    emit brush_size_changed(pixels);
}

double LabelCanvas::zoom() const { return labels_.empty() ? 1 : canvas_.width() / labels_.width; }

// --- Geometry ---

QPointF LabelCanvas::to_label(QPointF position) const { return (position - canvas_.topLeft()) / zoom(); }

QRectF LabelCanvas::to_screen(QRectF pixels) const {
    return {canvas_.topLeft() + pixels.topLeft() * zoom(), pixels.size() * zoom()};
}

bool LabelCanvas::contains(QPoint pixel) const {
    return QRect(0, 0, labels_.width, labels_.height).contains(pixel);
}

void LabelCanvas::lay_out() {
    const QSize size = QSize(labels_.width, labels_.height).scaled(this->size(), Qt::KeepAspectRatio);
    canvas_ = QRectF(QPoint((width() - size.width()) / 2, (height() - size.height()) / 2), size);
}

void LabelCanvas::resizeEvent(QResizeEvent*) { lay_out(); }

// --- Strokes ---

void LabelCanvas::press(QPointF position, Qt::KeyboardModifiers modifiers, Tool tool) {
    end_stroke();  // of another pointing device
    const QPointF at = to_label(position);
    hold_at(at, {});
    if (tool == Tool::Fill) return fill(pixel_of(at));
    const bool line = (modifiers & Qt::ShiftModifier) && last_point_;
    paint_from(line ? *last_point_ : at, at, tool);
}

void LabelCanvas::move(QPointF position) {
    const QPointF at = to_label(position);
    if (stroke_) extend_stroke(at);
    hold_at(at, {});
}

void LabelCanvas::paint_from(QPointF from, QPointF to, Tool tool) {
    if (labels_.empty()) return;
    stroke_ = Stroke{labels_, {}, from, tool};
    update_outline();
    extend_stroke(to);
}

void LabelCanvas::extend_stroke(QPointF to) {
    const int size = held_size();
    const auto label = static_cast<std::uint8_t>(stroke_->tool == Tool::Eraser ? 0 : class_);
    const QPoint from = brush_origin(std::exchange(stroke_->last, to), size);
    const QRect changed = stamp_line(labels_, from, brush_origin(to, size), size, label);
    stroke_->touched |= changed;
    last_point_ = to;
    show_change(changed);
}

void LabelCanvas::end_stroke() {
    if (!stroke_) return;
    const Stroke stroke = std::move(*stroke_);
    stroke_.reset();
    update_outline();
    if (stroke.touched.isNull()) return;
    push(stroke.touched, stroke.before, labels_, stroke.tool == Tool::Eraser ? tr("Erase") : tr("Paint"));
    emit stroke_finished();
}

void LabelCanvas::cancel_stroke() {
    if (!stroke_) return;
    const Stroke stroke = std::move(*stroke_);
    stroke_.reset();
    update_outline();
    if (!stroke.touched.isNull()) put(stroke.touched.topLeft(), crop(stroke.before, stroke.touched));
}

void LabelCanvas::fill(QPoint pixel) {
    const LabelMap before = labels_;
    const QRect changed = flood_fill(labels_, pixel, static_cast<std::uint8_t>(class_));
    if (changed.isNull()) return;
    show_change(changed);
    push(changed, before, labels_, tr("Fill"));
    emit stroke_finished();
}

void LabelCanvas::pick(QPointF position) {
    const QPoint pixel = pixel_of(to_label(position));
    if (contains(pixel)) set_class(labels_.at(pixel.x(), pixel.y()));
}

void LabelCanvas::push(QRect changed, const LabelMap& before, const LabelMap& after, const QString& text) {
    if (changed.isNull()) return;
    const auto undo_put = [this](QPoint where, const LabelMap& patch) {
        cancel_stroke();  // undo in the middle of a stroke
        put(where, patch);
    };
    undo_.push(
        new PatchCommand(text, undo_put, changed.topLeft(), crop(before, changed), crop(after, changed)));
}

void LabelCanvas::put(QPoint where, const LabelMap& patch) {
    const QRect area(where, QSize(patch.width, patch.height));
    if (crop(labels_, area) == patch) return;  // a stroke just pushed is there already
    paste(labels_, where, patch);
    show_change(area);
}

void LabelCanvas::show_change(QRect pixels) {
    if (pixels.isEmpty()) return;
    refresh_image(pixels);
    update(to_screen(pixels).toAlignedRect());
    emit labels_changed();
}

// --- Pointer ---

int LabelCanvas::held_size() const {
    if (stroke_) return std::max(1, static_cast<int>(std::lround(brush_size_ * pressure_)));
    return tool_ == Tool::Fill ? 1 : brush_size_;
}

std::optional<QPointF> LabelCanvas::held_position() const {
    if (cell_) return centre_of(*cell_);
    return pointer_;
}

QRect LabelCanvas::held_area() const {
    const auto at = held_position();
    if (!at) return {};
    const int size = static_cast<int>(outline_.boundingRect().width());
    const int margin = cell_ ? cross_arm + outline_pen : outline_pen;
    const QRectF brush(brush_origin(*at, size), QSizeF(size, size));
    return to_screen(brush).toAlignedRect().adjusted(-margin, -margin, margin, margin);
}

void LabelCanvas::hold_at(std::optional<QPointF> pointer, std::optional<QPoint> cell) {
    update(held_area());
    pointer_ = pointer;
    cell_ = cell;
    update(held_area());
    const QPoint pixel = held_position() ? pixel_of(*held_position()) : QPoint(-1, -1);
    if (pointer_ && contains(pixel))
        setCursor(Qt::BlankCursor);
    else
        unsetCursor();
    if (contains(pixel))
        emit hovered(pixel, labels_.at(pixel.x(), pixel.y()));
    else
        emit hovered({-1, -1}, -1);
}

/// The area that shows the brush goes by the outline's size, so that a change of size or tool wipes
/// out the old one.
void LabelCanvas::update_outline() {
    update(held_area());
    outline_ = brush_outline(held_size());
    update(held_area());
}

void LabelCanvas::mousePressEvent(QMouseEvent* event) {
    const bool left = event->button() == Qt::LeftButton;
    if (event->button() == Qt::RightButton || (left && event->modifiers() & Qt::AltModifier))
        pick(event->position());
    else if (left)
        press(event->position(), event->modifiers(), tool_);
    else
        event->ignore();
}

void LabelCanvas::mouseMoveEvent(QMouseEvent* event) { move(event->position()); }

void LabelCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) end_stroke();
}

void LabelCanvas::tabletEvent(QTabletEvent* event) {
    const bool eraser = event->pointerType() == QPointingDevice::PointerType::Eraser;
    pressure_ = event->pressure();
    if (stroke_) update_outline();
    if (event->type() == QEvent::TabletPress && event->button() == Qt::RightButton)
        pick(event->position());
    else if (event->type() == QEvent::TabletPress)
        press(event->position(), event->modifiers(), eraser ? Tool::Eraser : tool_);
    else if (event->type() == QEvent::TabletMove)
        move(event->position());
    else
        end_stroke();
    if (!stroke_) pressure_ = 1;
    event->accept();
}

void LabelCanvas::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier)) return event->ignore();
    wheel_rest_ += event->angleDelta().y();
    resize_brush(wheel_rest_ / wheel_notch);
    wheel_rest_ %= wheel_notch;
}

void LabelCanvas::leaveEvent(QEvent*) {
    if (!stroke_) hold_at({}, cell_);
}

// --- Keyboard ---

bool LabelCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && is_own_key(static_cast<QKeyEvent&>(*event)))
        event->accept();
    return QWidget::event(event);
}

bool LabelCanvas::is_own_key(const QKeyEvent& event) const {
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return false;
    const int key = event.key();
    return (key >= Qt::Key_1 && key <= Qt::Key_9) || !arrow_step(key).isNull() || key == Qt::Key_Return ||
           key == Qt::Key_Enter || key == Qt::Key_BracketLeft || key == Qt::Key_BracketRight ||
           (key == Qt::Key_Escape && stroke_);
}

void LabelCanvas::keyPressEvent(QKeyEvent* event) {
    if (!is_own_key(*event)) return QWidget::keyPressEvent(event);
    const int key = event->key();
    const int reach = event->modifiers() & Qt::ShiftModifier ? long_step : 1;
    if (key >= Qt::Key_1 && key <= Qt::Key_9)
        set_class(key - Qt::Key_1);
    else if (key == Qt::Key_BracketLeft)
        resize_brush(-1);
    else if (key == Qt::Key_BracketRight)
        resize_brush(1);
    else if (key == Qt::Key_Escape)
        cancel_stroke();
    else if (key == Qt::Key_Return || key == Qt::Key_Enter)
        paint_cell();
    else
        move_cell(arrow_step(key) * reach);
}

void LabelCanvas::resize_brush(int steps) {
    const int step = std::max(1, brush_size_ / long_step);
    set_brush_size(brush_size_ + steps * step);
}

void LabelCanvas::move_cell(QPoint step) {
    if (labels_.empty() || stroke_) return;
    const QPoint start = pointer_ && contains(pixel_of(*pointer_))
                             ? pixel_of(*pointer_)
                             : QPoint(labels_.width, labels_.height) / 2;
    const QPoint to = cell_.value_or(start) + step;
    hold_at(pointer_,
            QPoint(std::clamp(to.x(), 0, labels_.width - 1), std::clamp(to.y(), 0, labels_.height - 1)));
    update_description();
}

void LabelCanvas::paint_cell() {
    if (!cell_) return move_cell({});
    if (tool_ == Tool::Fill) return fill(*cell_);
    paint_from(centre_of(*cell_), centre_of(*cell_), tool_);
    end_stroke();
    update_description();
}

/// What the tooltip and a screen reader say.
void LabelCanvas::update_description() {
    const QString name = class_name(tool_ == Tool::Eraser ? 0 : class_);
    QString text;
    if (tool_ == Tool::Brush)
        text = tr("Drag to paint %1; right click takes the class under the pointer.").arg(name);
    if (tool_ == Tool::Eraser) text = tr("Drag to erase: it paints %1, the first class.").arg(name);
    if (tool_ == Tool::Fill) text = tr("Click to fill a connected region with %1.").arg(name);
    setToolTip(text);
    if (cell_)
        text = tr("%1 at column %2, row %3. %4")
                   .arg(class_name(labels_.at(cell_->x(), cell_->y())))
                   .arg(cell_->x())
                   .arg(cell_->y())
                   .arg(text);
    setAccessibleDescription(text);
}

QString LabelCanvas::class_name(int label) const {
    const bool known = label < static_cast<int>(classes_.size());
    return known ? QString::fromStdString(classes_[label].name) : tr("class %1").arg(label);
}

// --- Drawing ---

void LabelCanvas::refresh_image(QRect pixels) {
    std::vector<QRgb> colours(256, unknown_class);
    for (std::size_t i = 0; i < std::min<std::size_t>(classes_.size(), colours.size()); ++i) {
        const auto [red, green, blue] = classes_[i].colour;
        colours[i] = qRgb(red, green, blue);
    }
    for (int y = pixels.top(); y <= pixels.bottom(); ++y) {
        auto* row = reinterpret_cast<QRgb*>(image_.scanLine(y));
        for (int x = pixels.left(); x <= pixels.right(); ++x) row[x] = colours[labels_.at(x, y)];
    }
}

void LabelCanvas::paintEvent(QPaintEvent*) {
    if (labels_.empty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QBrush picture(image_);
    picture.setTransform(QTransform::fromTranslate(canvas_.left(), canvas_.top()).scale(zoom(), zoom()));
    painter.setBrush(picture);
    painter.setPen(Qt::NoPen);
    painter.drawRoundedRect(canvas_, corner_radius, corner_radius);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(hasFocus() ? palette().color(QPalette::Highlight) : QColor(128, 128, 128, 90));
    painter.drawRoundedRect(canvas_.adjusted(0.5, 0.5, -0.5, -0.5), corner_radius, corner_radius);
    draw_brush(painter);
    if (cell_ && hasFocus()) draw_cross(painter);
}

void LabelCanvas::draw_brush(QPainter& painter) const {
    const auto at = held_position();
    if (!at || !isEnabled() || (cell_ && !hasFocus())) return;
    const QPointF origin = to_screen(QRectF(brush_origin(*at, held_size()), QSizeF())).topLeft();
    draw_two_tone(painter,
                  QTransform::fromTranslate(origin.x(), origin.y()).scale(zoom(), zoom()).map(outline_));
}

/// Four arms around the keyboard's cell, so that the eye finds it.
void LabelCanvas::draw_cross(QPainter& painter) const {
    const QRectF cell = to_screen(QRectF(*cell_, QSizeF(1, 1)));
    const QRectF brush =
        to_screen(QRectF(brush_origin(centre_of(*cell_), held_size()), QSizeF(held_size(), held_size())));
    const QPointF centre = cell.center();
    QPainterPath path;
    for (const auto& [from, arm] :
         std::initializer_list<std::pair<QPointF, QPointF>>{{{brush.left(), centre.y()}, {-cross_arm, 0}},
                                                            {{brush.right(), centre.y()}, {cross_arm, 0}},
                                                            {{centre.x(), brush.top()}, {0, -cross_arm}},
                                                            {{centre.x(), brush.bottom()}, {0, cross_arm}}}) {
        path.moveTo(from);
        path.lineTo(from + arm);
    }
    draw_two_tone(painter, path);
}

}  // namespace modescope
