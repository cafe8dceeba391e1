#include "widgets/label_canvas.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <memory>
#include <utility>

#include "widgets/label_canvas_accessible.h"

namespace modescope {
namespace {

constexpr int corner_radius = 6;
constexpr int cross_arm = 12;   // screen units
constexpr int outline_pen = 3;  // screen units
constexpr QRgb unknown_class = qRgb(128, 128, 128);

QPoint pixel_of(QPointF at) {
    return {static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y()))};
}

QPointF centre_of(QPoint pixel) { return QPointF(pixel) + QPointF(0.5, 0.5); }

QRect bounds(const LabelMap& map) { return {0, 0, map.width, map.height}; }

bool has_brush(PaintTool tool) { return info(tool).gesture == Gesture::Stroke || tool == PaintTool::Line; }

/// Dark around light: visible on any colour.
void draw_two_tone(QPainter& painter, const QPainterPath& path) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(0, 0, 0, 170), outline_pen, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPath(path);
    painter.setPen(QPen(QColor(255, 255, 255), 1.25, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPath(path);
}

/// The edges between pixels of different classes.
QPainterPath lines_between(const LabelMap& map) {
    QPainterPath path;
    const auto line = [&](int x, int y, int to_x, int to_y) {
        path.moveTo(x, y);
        path.lineTo(to_x, to_y);
    };
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x) {
            if (x + 1 < map.width && map.at(x, y) != map.at(x + 1, y)) line(x + 1, y, x + 1, y + 1);
            if (y + 1 < map.height && map.at(x, y) != map.at(x, y + 1)) line(x, y + 1, x + 1, y + 1);
        }
    return path;
}

}  // namespace

LabelCanvas::LabelCanvas(QWidget* parent) : QWidget(parent) {
    make_canvases_accessible();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setTabletTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Label map"));
    update_outline();
    update_description();
}

// --- What is shown and chosen ---

void LabelCanvas::set_classes(std::vector<LabelClass> classes) {
    classes_ = std::move(classes);
    class_ = std::clamp(class_, 0, std::max(0, static_cast<int>(classes_.size()) - 1));
    colour_image(bounds(labels_));
    update_description();
    update();
}

void LabelCanvas::set_labels(LabelMap labels) {
    stroke_.reset();
    last_point_.reset();
    hold_at(pointer_, {});
    labels_ = std::move(labels);
    image_ = QImage(labels_.width, labels_.height, QImage::Format_ARGB32_Premultiplied);
    history_.clear();
    view_.set_picture(QSize(labels_.width, labels_.height));
    show_change(bounds(labels_));
    update_description();
    update();
}

void LabelCanvas::replace_labels(const LabelMap& labels, const QString& text) {
    Q_ASSERT(labels.width == labels_.width && labels.height == labels_.height);
    cancel_stroke();
    const QRect changed = difference(labels_, labels);
    if (changed.isNull()) return;
    TilePatch patch(labels_, labels, changed);
    labels_ = labels;
    show_change(changed);
    keep(std::move(patch), text);
}

void LabelCanvas::show_labels(const LabelMap& labels) {
    Q_ASSERT(labels.width == labels_.width && labels.height == labels_.height);
    cancel_stroke();
    const QRect changed = difference(labels_, labels);
    labels_ = labels;
    show_change(changed);
}

void LabelCanvas::set_backdrop(const QImage& picture) {
    const bool other = picture.isNull() != backdrop_.isNull();
    backdrop_ = picture;
    if (other) colour_image(bounds(labels_));
    update();
}

void LabelCanvas::set_clear_class(int index) {
    clear_class_ = index;
    colour_image(bounds(labels_));
    update();
}

void LabelCanvas::set_opacity(double opacity) {
    opacity_ = opacity;
    colour_image(bounds(labels_));
    update();
}

void LabelCanvas::set_borders(bool shown) {
    borders_ = shown;
    update();
}

void LabelCanvas::set_bare(bool bare) {
    if (std::exchange(bare_, bare) != bare) update();
}

void LabelCanvas::set_tool(PaintTool tool) {
    if (tool_ == tool) return;
    cancel_stroke();
    tool_ = tool;
    update_outline();
    update_description();
    hold_at(pointer_, cell_);
    emit tool_changed(tool);
}

void LabelCanvas::set_class(int index) {
    if (index < 0 || index >= static_cast<int>(classes_.size())) return;
    if (tool_ == Tool::Eraser || tool_ == Tool::Eyedropper) set_tool(Tool::Brush);
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

void LabelCanvas::zoom_to_fit() {
    view_.fit();
    update_description();
    update();
}

void LabelCanvas::zoom_to_pixels() {
    view_.set_zoom(1 / devicePixelRatioF(), rect().center());
    update_description();
    update();
}

void LabelCanvas::zoom_by(double factor) {
    view_.set_zoom(view_.zoom() * factor, rect().center());
    update_description();
    update();
}

void LabelCanvas::resizeEvent(QResizeEvent*) { view_.set_room(size()); }

bool LabelCanvas::contains(QPoint pixel) const { return bounds(labels_).contains(pixel); }

// --- Strokes ---

bool LabelCanvas::in_corners() const { return stroke_ && stroke_->tool().gesture == Gesture::Corners; }

void LabelCanvas::begin(QPointF from, QPointF to, Tool tool, bool regular) {
    if (labels_.empty()) return;
    const auto label = static_cast<std::uint8_t>(tool == Tool::Eraser ? 0 : class_);
    stroke_.emplace(info(tool), labels_, from, label, locked_);
    update_outline();
    extend(to, regular);
}

void LabelCanvas::extend(QPointF to, bool regular) {
    const QRect changed = stroke_->extend(labels_, to, held_size(), regular);
    last_point_ = to;
    show_change(changed);
    if (!has_brush(stroke_->tool().tool)) update();  // the way that draw_way() shows
}

void LabelCanvas::end_stroke() {
    if (!stroke_) return;
    const LabelStroke stroke = *stroke_;
    stroke_.reset();
    update_outline();
    update();
    auto patch = stroke.patch(labels_);
    if (patch.empty()) return;
    const Tool tool = stroke.tool().tool;
    QString text = stroke.tool().name;
    if (tool == Tool::Brush) text = tr("Paint");
    if (tool == Tool::Eraser) text = tr("Erase");
    keep(std::move(patch), text);
    emit stroke_finished();
}

void LabelCanvas::cancel_stroke() {
    if (!stroke_) return;
    LabelStroke stroke = *stroke_;
    stroke_.reset();
    update_outline();
    update();
    show_change(stroke.cancel(labels_));
}

void LabelCanvas::click(const ToolInfo& tool, QPoint pixel) {
    if (!tool.region) return pick(pixel);
    const LabelMap before = labels_;
    const QRect changed = paint(labels_, tool.region({QPolygonF({centre_of(pixel)})}, labels_),
                                static_cast<std::uint8_t>(class_), locked_);
    if (changed.isNull()) return;
    show_change(changed);
    keep({before, labels_, changed}, tool.name);
    emit stroke_finished();
}

void LabelCanvas::pick(QPoint pixel) {
    if (!contains(pixel)) return;
    const int label = labels_.at(pixel.x(), pixel.y());
    if (label == clear_class_ && !backdrop_.isNull())
        emit backdrop_picked(pixel);
    else
        set_class(label);
}

void LabelCanvas::keep(TilePatch patch, const QString& text) {
    const auto kept = std::make_shared<const TilePatch>(std::move(patch));
    const auto put = [this, kept](QRect (TilePatch::*version)(LabelMap&) const) {
        cancel_stroke();  // undo in the middle of a stroke
        show_change((*kept.*version)(labels_));
    };
    history_.push(
        {text, [put] { put(&TilePatch::put_before); }, [put] { put(&TilePatch::put_after); }, kept->bytes()});
}

void LabelCanvas::show_change(QRect pixels) {
    if (pixels.isEmpty()) return;
    colour_image(pixels);
    border_lines_.reset();
    update(view_.to_screen(QRectF(pixels)).toAlignedRect());
    emit labels_changed();
}

// --- Where the brush is ---

int LabelCanvas::held_size() const {
    if (!has_brush(stroke_ ? stroke_->tool().tool : tool_)) return 1;
    if (!stroke_) return brush_size_;
    return std::max(1, static_cast<int>(std::lround(brush_size_ * pressure_)));
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
    return view_.to_screen(brush).toAlignedRect().adjusted(-margin, -margin, margin, margin);
}

void LabelCanvas::hold_at(std::optional<QPointF> pointer, std::optional<QPoint> cell) {
    update(held_area());
    pointer_ = pointer;
    cell_ = cell;
    update(held_area());
    const QPoint pixel = held_position() ? pixel_of(*held_position()) : QPoint(-1, -1);
    show_cursor(pointer_ && contains(pixel));
    if (contains(pixel))
        emit hovered(pixel, labels_.at(pixel.x(), pixel.y()));
    else
        emit hovered({-1, -1}, -1);
}

void LabelCanvas::show_cursor(bool inside) {
    if (view_drag_)
        setCursor(Qt::ClosedHandCursor);
    else if (space_held_ || info(tool_).gesture == Gesture::View)
        setCursor(Qt::OpenHandCursor);
    else if (inside)
        setCursor(Qt::BlankCursor);
    else
        unsetCursor();
}

/// The area that shows the brush goes by the outline's size, so that a change of size or tool wipes
/// out the old one.
void LabelCanvas::update_outline() {
    update(held_area());
    outline_ = brush_outline(held_size());
    update(held_area());
}

/// What the tooltip and a screen reader say.
void LabelCanvas::update_description() {
    QString text = info(tool_).help;
    if (tool_ == Tool::Brush)
        text = tr("Drag to paint %1; right click takes the class under the pointer.").arg(class_name(class_));
    if (tool_ == Tool::Eraser) text = tr("Drag to erase: it paints %1, the first class.").arg(class_name(0));
    if (tool_ == Tool::Fill) text = tr("Click to fill a connected region with %1.").arg(class_name(class_));
    setToolTip(text);
    if (cell_)
        text = tr("%1 at column %2, row %3. %4")
                   .arg(class_name(labels_.at(cell_->x(), cell_->y())))
                   .arg(cell_->x())
                   .arg(cell_->y())
                   .arg(text);
    setAccessibleDescription(tr("%1 Picture of %2 × %3 pixels, enlarged %4 times.")
                                 .arg(text)
                                 .arg(labels_.width)
                                 .arg(labels_.height)
                                 .arg(view_.zoom(), 0, 'g', 3));
}

QString LabelCanvas::class_name(int label) const {
    const bool known = label < static_cast<int>(classes_.size());
    return known ? QString::fromStdString(classes_[label].name) : tr("class %1").arg(label);
}

// --- Drawing ---

void LabelCanvas::colour_image(QRect pixels) {
    std::vector<QRgb> colours(256, unknown_class);
    const int alpha = backdrop_.isNull() ? 255 : static_cast<int>(std::lround(255 * opacity_));
    for (std::size_t i = 0; i < std::min<std::size_t>(classes_.size(), colours.size()); ++i) {
        const auto [red, green, blue] = classes_[i].colour;
        colours[i] = qPremultiply(qRgba(red, green, blue, alpha));
    }
    if (clear_class_ >= 0 && !backdrop_.isNull()) colours[clear_class_] = qRgba(0, 0, 0, 0);
    for (int y = pixels.top(); y <= pixels.bottom(); ++y) {
        auto* row = reinterpret_cast<QRgb*>(image_.scanLine(y));
        for (int x = pixels.left(); x <= pixels.right(); ++x) row[x] = colours[labels_.at(x, y)];
    }
}

void LabelCanvas::paintEvent(QPaintEvent*) {
    if (labels_.empty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    draw_picture(painter);
    const QRectF canvas = view_.canvas();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(hasFocus() ? palette().color(QPalette::Highlight) : QColor(128, 128, 128, 90));
    painter.drawRoundedRect(canvas.adjusted(0.5, 0.5, -0.5, -0.5), corner_radius, corner_radius);
    if (bare_) return;
    draw_way(painter);
    if (info(tool_).gesture != Gesture::View) draw_brush(painter);
    if (cell_ && hasFocus()) draw_cross(painter);
}

void LabelCanvas::draw_picture(QPainter& painter) {
    const QRectF canvas = view_.canvas();
    const auto draw = [&](const QImage& picture) {
        QBrush brush(picture);
        brush.setTransform(QTransform::fromTranslate(canvas.left(), canvas.top())
                               .scale(canvas.width() / picture.width(), canvas.height() / picture.height()));
        painter.setBrush(brush);
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(canvas, corner_radius, corner_radius);
    };
    painter.setRenderHint(QPainter::SmoothPixmapTransform, backdrop_.width() > labels_.width);
    if (!backdrop_.isNull()) draw(backdrop_);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (!bare_ || backdrop_.isNull()) draw(image_);
    if (!borders_ || bare_) return;
    if (!border_lines_) border_lines_ = lines_between(labels_);
    const auto to_screen = QTransform::fromTranslate(canvas.left(), canvas.top()).scale(zoom(), zoom());
    draw_two_tone(painter, to_screen.map(*border_lines_));
}

void LabelCanvas::draw_brush(QPainter& painter) const {
    const auto at = held_position();
    if (!at || !isEnabled() || (cell_ && !hasFocus())) return;
    const QPointF origin = view_.to_screen(QPointF(brush_origin(*at, held_size())));
    draw_two_tone(painter,
                  QTransform::fromTranslate(origin.x(), origin.y()).scale(zoom(), zoom()).map(outline_));
}

/// The corners or the way of an outline in progress.
void LabelCanvas::draw_way(QPainter& painter) const {
    if (!stroke_ || has_brush(stroke_->tool().tool) || stroke_->tool().gesture == Gesture::Shape) return;
    QPainterPath path;
    path.addPolygon(stroke_->points());
    const QPointF origin = view_.canvas().topLeft();
    draw_two_tone(painter, QTransform::fromTranslate(origin.x(), origin.y()).scale(zoom(), zoom()).map(path));
}

/// Four arms around the keyboard's cell, so that the eye finds it.
void LabelCanvas::draw_cross(QPainter& painter) const {
    const int size = held_size();
    const QPointF centre = view_.to_screen(centre_of(*cell_));
    const QRectF brush = view_.to_screen(QRectF(brush_origin(centre_of(*cell_), size), QSizeF(size, size)));
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
