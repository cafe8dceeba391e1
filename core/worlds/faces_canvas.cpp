#include "core/worlds/faces_canvas.h"

namespace modescope::faces {

Canvas::Canvas(int size)
    : Canvas(cv::Mat3f(size, size, Colour()), cv::Mat1b(size, size, uchar(Background)),
             cv::Mat1b(size, size, uchar(1))) {}

Canvas::Canvas(cv::Mat3f colours, cv::Mat1b labels, cv::Mat1b alone)
    : colours_(std::move(colours)), labels_(std::move(labels)), alone_(std::move(alone)) {}

Canvas Canvas::copy() const { return {colours_.clone(), labels_.clone(), alone_.clone()}; }

void Canvas::paint(const Mask& mask, const Ink& ink, Class label) {
    lay(mask, ink, 1);
    for (int y = 0; y < mask.box.height; ++y)
        for (int x = 0; x < mask.box.width; ++x)
            note(mask.box.tl() + cv::Point(x, y), mask.cover(y, x), label);
}

void Canvas::tint(const Mask& mask, const Colour& colour, float strength) { lay(mask, colour, strength); }

Image Canvas::picture() const {
    Image picture(size(), size(), 3);
    colours_.convertTo(cv::Mat3b(size(), size(), reinterpret_cast<cv::Vec3b*>(picture.data.data())), CV_8U,
                       255);
    return picture;
}

void Canvas::lay(const Mask& mask, const Ink& ink, float strength) {
    for (int y = 0; y < mask.box.height; ++y) {
        const float way = (y + 0.5f) / mask.box.height;
        const Colour colour = ink.colour * (ink.top + way * (ink.bottom - ink.top));
        for (int x = 0; x < mask.box.width; ++x)
            if (const float share = strength * mask.cover(y, x); share > 0) {
                auto& pixel = colours_(mask.box.tl() + cv::Point(x, y));
                pixel = (1 - share) * pixel + share * colour;
            }
    }
}

void Canvas::note(cv::Point pixel, float share, Class label) {
    if (share == 0 || (share < 1 && labels_(pixel) == label)) return;
    alone_(pixel) = share == 1;
    if (share >= 0.5f) labels_(pixel) = static_cast<uchar>(label);
}

}  // namespace modescope::faces
