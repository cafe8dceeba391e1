#pragma once

#include "core/base/image.h"
#include "core/worlds/faces_shapes.h"

/// For the files faces*.cpp only.
namespace modescope::faces {

using Colour = cv::Vec3f;  ///< red, green, blue, 0 … 1

/// Indices of the classes in the world's table. Glasses, Mouth and Iris are the pixels that those factors
/// decide, whatever they show.
enum Class { Background, Hair, Skin, EyeWhite, Iris, Brow, Mouth, Beard, Glasses, Shirt, Collar, ClassCount };

/// A colour that changes a little from the top of what it fills to the bottom: factors of its brightness.
struct Ink {
    Ink(const Colour& colour, float top = 1, float bottom = 1) : colour(colour), top(top), bottom(bottom) {}

    Colour colour;
    float top, bottom;
};

/// Shapes are laid over each other; a pixel keeps the class of what covers most of it.
class Canvas {
public:
    explicit Canvas(int size);
    Canvas copy() const;

    void paint(const Mask& mask, const Ink& ink, Class label);
    void paint(const Contour& outline, const Ink& ink, Class label) {
        paint(cover(outline, size()), ink, label);
    }
    /// A shadow or a touch of colour: what is there stays what it is.
    void tint(const Mask& mask, const Colour& colour, float strength);

    int size() const { return colours_.rows; }
    Image picture() const;
    Class label(int x, int y) const { return static_cast<Class>(labels_(y, x)); }
    /// Whether the pixel shows nothing but its class, no neighbour.
    bool alone(int x, int y) const { return alone_(y, x); }

private:
    Canvas(cv::Mat3f colours, cv::Mat1b labels, cv::Mat1b alone);
    void lay(const Mask& mask, const Ink& ink, float strength);
    void note(cv::Point pixel, float share, Class label);

    cv::Mat3f colours_;
    cv::Mat1b labels_;
    cv::Mat1b alone_;
};

}  // namespace modescope::faces
