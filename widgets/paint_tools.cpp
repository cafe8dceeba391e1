#include "widgets/paint_tools.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace modescope {
namespace {

QPoint pixel_of(QPointF at) {
    return {static_cast<int>(std::floor(at.x())), static_cast<int>(std::floor(at.y()))};
}

/// The end of a line from `from`, turned to the nearest multiple of 45 degrees.
QPointF straightened(QPointF from, QPointF to) {
    constexpr double step = 0.785398163397448;
    const QPointF way = to - from;
    const double angle = std::round(std::atan2(way.y(), way.x()) / step) * step;
    const QPointF direction(std::cos(angle), std::sin(angle));
    return from + direction * QPointF::dotProduct(way, direction);
}

QPoint squared(QPoint from, QPoint to) {
    const QPoint way = to - from;
    const int side = std::max(std::abs(way.x()), std::abs(way.y()));
    return from + QPoint(way.x() < 0 ? -side : side, way.y() < 0 ? -side : side);
}

Region between(const Marks& marks, QPointF from, QPointF to) {
    return line_region(brush_origin(from, marks.size), brush_origin(to, marks.size), marks.size);
}

Region brushed(const Marks& marks, const LabelMap&) {
    const auto last = marks.points.size() - 1;
    return between(marks, marks.points[std::max<qsizetype>(0, last - 1)], marks.points[last]);
}

Region line(const Marks& marks, const LabelMap&) {
    const QPointF from = marks.points.front(), to = marks.points.back();
    return between(marks, from, marks.regular ? straightened(from, to) : to);
}

Region box(const Marks& marks, Region (*shape)(QPoint, QPoint)) {
    const QPoint from = pixel_of(marks.points.front()), to = pixel_of(marks.points.back());
    return shape(from, marks.regular ? squared(from, to) : to);
}

Region rectangle(const Marks& marks, const LabelMap&) { return box(marks, rectangle_region); }
Region ellipse(const Marks& marks, const LabelMap&) { return box(marks, ellipse_region); }
Region polygon(const Marks& marks, const LabelMap&) { return polygon_region(marks.points); }
Region connected(const Marks& marks, const LabelMap& map) {
    return connected_region(map, pixel_of(marks.points.back()));
}

std::vector<ToolInfo> tool_table() {
    using enum PaintTool;
    const auto tr = [](const char* text) { return QCoreApplication::translate("PaintTools", text); };
    return {
        {Brush, "brush", tr("Brush"), "brush", Qt::Key_B, Gesture::Stroke, brushed,
         tr("Paint the chosen class. Shift+click draws a straight line, right click takes the class under "
            "the "
            "pointer.")},
        {Eraser, "eraser", tr("Eraser"), "eraser", Qt::Key_E, Gesture::Stroke, brushed,
         tr("Erase back to the first class.")},
        {Fill, "fill", tr("Fill"), "fill", Qt::Key_F, Gesture::Click, connected,
         tr("Fill a connected region with the chosen class.")},
        {Line, "line", tr("Line"), "line", Qt::Key_N, Gesture::Shape, line,
         tr("Drag a straight line as thick as the brush. Shift keeps to steps of 45°.")},
        {Rectangle, "rectangle", tr("Rectangle"), "rectangle", Qt::Key_R, Gesture::Shape, rectangle,
         tr("Drag a filled rectangle. Shift makes it a square.")},
        {Ellipse, "ellipse", tr("Ellipse"), "ellipse", Qt::Key_O, Gesture::Shape, ellipse,
         tr("Drag a filled ellipse. Shift makes it a circle.")},
        {Polygon, "polygon", tr("Polygon"), "polygon", Qt::Key_G, Gesture::Corners, polygon,
         tr("Click the corners of a filled polygon; a double click or Enter closes it, Backspace takes the "
            "last corner back.")},
        {Lasso, "lasso", tr("Lasso"), "lasso", Qt::Key_S, Gesture::Outline, polygon,
         tr("Draw around an area by hand; it is filled.")},
        {Eyedropper, "eyedropper", tr("Eyedropper"), "eyedropper", Qt::Key_I, Gesture::Click, nullptr,
         tr("Take the class or the colour under the pointer. A right click does so with every tool.")},
        {Pan, "pan", tr("Move the view"), "pan", Qt::Key_H, Gesture::View, nullptr,
         tr("Drag to see another part of an enlarged drawing; the middle button does so with every tool.")},
        {Photo, "photo", tr("Place the photo"), "photo", Qt::Key_T, Gesture::View, nullptr,
         tr("Drag to move the photo, turn the wheel to scale it, press , or . to rotate it: the model gets "
            "what "
            "lies in the frame.")},
    };
}

}  // namespace

std::span<const ToolInfo> paint_tools() {
    static const std::vector<ToolInfo> tools = tool_table();
    return tools;
}

const ToolInfo& info(PaintTool tool) { return *std::ranges::find(paint_tools(), tool, &ToolInfo::tool); }

LabelStroke::LabelStroke(const ToolInfo& tool, const LabelMap& map, QPointF start, std::uint8_t label,
                         const Locks& locked)
    : tool_(tool), before_(map), marks_{QPolygonF({start, start})}, label_(label), locked_(locked) {}

QRect LabelStroke::extend(LabelMap& map, QPointF to, int size, bool regular) {
    marks_.size = size;
    marks_.regular = regular;
    if (tool_.gesture == Gesture::Stroke || tool_.gesture == Gesture::Outline)
        marks_.points.push_back(to);
    else
        marks_.points.back() = to;
    if (tool_.gesture != Gesture::Stroke) return paint_anew(map);
    const QRect changed = paint(map, tool_.region(marks_, map), label_, locked_);
    touched_ |= changed;
    return changed;
}

QRect LabelStroke::drop_corner(LabelMap& map) {
    if (marks_.points.size() > 2) marks_.points.remove(marks_.points.size() - 2);
    return paint_anew(map);
}

QRect LabelStroke::put_back(LabelMap& map) {
    if (!touched_.isNull()) paste(map, touched_.topLeft(), crop(before_, touched_));
    return std::exchange(touched_, QRect());
}

QRect LabelStroke::paint_anew(LabelMap& map) {
    const QRect old = put_back(map);
    touched_ = paint(map, tool_.region(marks_, map), label_, locked_);
    return old | touched_;
}

}  // namespace modescope
