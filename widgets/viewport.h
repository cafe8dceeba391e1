#pragma once

#include <QPointF>
#include <QRectF>
#include <algorithm>

namespace modescope {

/// The part of a picture that is seen; views that share one show the same part. Positions are shares of the
/// picture, (0, 0) at the top left.
struct Viewport {
    static constexpr double most_zoom = 16;

    double zoom = 1;  ///< 1 shows all of the picture
    QPointF centre{0.5, 0.5};

    QRectF part() const {
        const double side = 1 / zoom;
        return {centre.x() - side / 2, centre.y() - side / 2, side, side};
    }

    /// What lies under `anchor`, a share of the view, stays there.
    Viewport zoomed(double factor, QPointF anchor) const {
        const QPointF fixed = part().topLeft() + anchor / zoom;
        const double changed = std::clamp(zoom * factor, 1.0, most_zoom);
        return Viewport{changed, fixed - anchor / changed + QPointF(0.5, 0.5) / changed}.within();
    }

    /// The picture follows the hand by so many shares of the view.
    Viewport panned(QPointF by) const { return Viewport{zoom, centre - by / zoom}.within(); }

    bool operator==(const Viewport&) const = default;

private:
    Viewport within() const {
        const double half = 0.5 / zoom;
        return {zoom, {std::clamp(centre.x(), half, 1 - half), std::clamp(centre.y(), half, 1 - half)}};
    }
};

}  // namespace modescope
