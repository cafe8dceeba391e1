#pragma once

#include <QColor>
#include <QImage>
#include <QPalette>
#include <QPointF>
#include <QRectF>
#include <functional>
#include <memory>
#include <optional>

#include "core/training/toy_view.h"

class QPainter;

namespace modescope {

/// The true density p(y|x) of the toy, x and y in the units of ToyView's plane.
using ToyTruth = std::function<double(double x, double y)>;

/// What a toy plot draws, from the bottom up: D's surface, density, bands, samples.
struct ToyLayers {
    bool density = true;
    bool samples = true;
    bool discriminator = false;
    bool predictor = false;  ///< μ̂ ± σ̂, dashed
    bool moments = false;    ///< μ̃ ± σ̃, solid
    bool operator==(const ToyLayers&) const = default;
};

/// All that one toy plot shows; cheap to copy.
struct ToyPlot {
    std::shared_ptr<const ToyView> view;  ///< null before the first step
    QImage truth;                         ///< from truth_image(); null draws none
    QColor colour;                        ///< of the configuration
    ToyLayers layers;
    std::optional<double> slice;  ///< x of the vertical marker, −1 to 1
};

/// The part of `area` that shows ToyView's plane; the rest holds the axes' numbers.
QRectF toy_plane(const QRectF& area);

/// Where (x, y) of the toy lies inside `plane`, a rectangle from toy_plane().
QPointF toy_to_plane(const QRectF& plane, double x, double y);

/// The toy's x at a horizontal position, clamped to the plane.
double toy_x_at(const QRectF& plane, double position);

/// A soft glow of the density, `pixels` large and transparent where there is none. It reaches a little
/// beyond the plane at either side, as paint_toy_plot() expects. Costs one call of `truth` per pixel of a
/// raster of at most 256 × 192, which is fine enough for s = 0.05; whiter is denser on dark palettes, darker
/// on light ones.
QImage truth_image(const ToyTruth& truth, QSize pixels, bool dark);

/// Paints one toy plot into `area` of any painter: a widget, a QImage or an SVG.
void paint_toy_plot(QPainter& painter, const QRectF& area, const ToyPlot& plot, const QPalette& palette);

}  // namespace modescope
