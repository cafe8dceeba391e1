#pragma once

#include <QPainterPath>
#include <QPoint>
#include <QRect>
#include <cstdint>

#include "core/base/image.h"

namespace modescope {

/// Painting on a label map, without a widget. Every painting function returns the smallest
/// rectangle around the pixels whose label really changed, null when none did, and clips at the
/// map's borders. A brush of `size` pixels lies in a square of size × size pixels whose top-left
/// pixel is its origin; it covers the pixels whose centre is inside the square's circle.

/// Where the square of a brush held at `position` begins. Label pixels; pixel (0, 0) is [0, 1)².
QPoint brush_origin(QPointF position, int size);

/// Whether pixel (x, y) of the brush's square belongs to the brush.
bool brush_covers(int size, int x, int y);

/// The brush's outline along pixel edges, in label pixels relative to its origin.
QPainterPath brush_outline(int size);

QRect stamp(LabelMap& map, QPoint origin, int size, std::uint8_t label);

/// Stamps at every step of the straight line between two origins: no gaps at any size.
QRect stamp_line(LabelMap& map, QPoint from, QPoint to, int size, std::uint8_t label);

/// Relabels the 4-connected region of equal label around `start`; nothing when it is outside.
QRect flood_fill(LabelMap& map, QPoint start, std::uint8_t label);

/// The rectangle's labels as a map of its own; `area` lies inside `map`.
LabelMap crop(const LabelMap& map, QRect area);

/// Puts `patch` with its top-left pixel at `where`; it fits.
void paste(LabelMap& map, QPoint where, const LabelMap& patch);

/// The smallest rectangle around the pixels in which two maps of one size differ.
QRect difference(const LabelMap& a, const LabelMap& b);

}  // namespace modescope
