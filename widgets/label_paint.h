#pragma once

#include <QPainterPath>
#include <QPoint>
#include <QPolygonF>
#include <QRect>
#include <bitset>
#include <cstdint>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// Pixels to paint, as horizontal runs; they may overlap and lie outside of the map.
struct PixelRun {
    int y, left, right;  ///< both ends belong to it
};
using Region = std::vector<PixelRun>;

/// Classes that are not painted over.
using Locks = std::bitset<256>;

/// Relabels the region but for its locked pixels and what lies outside of the map. The smallest rectangle
/// around the pixels whose label really changed, null when none did.
QRect paint(LabelMap& map, const Region& region, std::uint8_t label, const Locks& locked = {});

// A brush of `size` pixels lies in a square of size × size pixels whose top-left pixel is its origin; it
// covers the pixels whose centre is inside the square's circle.

/// Where the square of a brush held at `position` begins. Label pixels; pixel (0, 0) is [0, 1)².
QPoint brush_origin(QPointF position, int size);
/// Whether pixel (x, y) of the brush's square belongs to the brush.
bool brush_covers(int size, int x, int y);
/// The brush's outline along pixel edges, in label pixels relative to its origin.
QPainterPath brush_outline(int size);

/// The brush moved straight from one origin to another: no gaps at any size.
Region line_region(QPoint from, QPoint to, int size);
/// The rectangle of which two opposite pixels are given, and the ellipse inside it.
Region rectangle_region(QPoint corner, QPoint opposite);
Region ellipse_region(QPoint corner, QPoint opposite);
/// Pixels whose centre lies inside, by the even-odd rule; label pixels.
Region polygon_region(const QPolygonF& corners);
/// The 4-connected pixels of one label around `start`; none when it is outside.
Region connected_region(const LabelMap& map, QPoint start);

/// The rectangle's labels as a map of its own; `area` lies inside `map`.
LabelMap crop(const LabelMap& map, QRect area);
/// Puts `patch` with its top-left pixel at `where`; it fits.
void paste(LabelMap& map, QPoint where, const LabelMap& patch);
/// The smallest rectangle around the pixels in which two maps of one size differ.
QRect difference(const LabelMap& a, const LabelMap& b);

}  // namespace modescope
