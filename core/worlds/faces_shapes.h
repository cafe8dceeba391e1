#pragma once

#include <opencv2/core.hpp>
#include <vector>

/// Outlines and how much of each pixel they cover; for the files faces*.cpp only.
/// Lengths are in units of a 64th of the picture, from its top left corner.
namespace modescope::faces {

using Point = cv::Point2f;
using Contour = std::vector<Point>;  ///< closed

/// |x / rx|ⁿ + |y / ry|ⁿ = 1: an ellipse for n = 2, a rounded box for n > 3.
Contour superellipse(Point centre, float rx, float ry, float n = 2);
/// A curve through the knots (Catmull–Rom); a knot given twice is a corner.
Contour smooth(const Contour& knots);
/// A stroke along a quadratic Bézier curve with round ends.
Contour stroke(Point from, Point control, Point to, float width);
/// The knots of a right half, which begins on the middle line or ends there, and their mirror image, as one
/// curve.
Contour symmetric(const Contour& half);
Contour moved(Contour outline, Point by);

/// The share of each pixel that is covered, exactly 0 outside and exactly 1 inside; 0 outside of the box.
struct Mask {
    cv::Rect box;
    cv::Mat1f cover;
};
/// In a picture of size × size pixels.
Mask cover(const Contour& outline, int size);
Mask inside(const Mask& mask, const Mask& of);
Mask outside(const Mask& mask, const Mask& of);

}  // namespace modescope::faces
