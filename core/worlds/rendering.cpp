#include "core/worlds/rendering.h"

#include <algorithm>
#include <vector>

namespace modescope {

Image to_image(const cv::Mat3f& picture) {
    Image image(picture.cols, picture.rows, 3);
    picture.convertTo(cv::Mat3b(picture.rows, picture.cols, reinterpret_cast<cv::Vec3b*>(image.data.data())),
                      CV_8U, 255);
    return image;
}

LabelMap middle_labels(const cv::Mat1b& canvas, int size) {
    const int oversampling = canvas.cols / size;
    const auto middle = [&](int at) { return at * oversampling + oversampling / 2; };
    LabelMap map(size, size);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) map.at(x, y) = canvas(middle(y), middle(x));
    return map;
}

void add_random_part(cv::Mat3f& picture, const cv::Mat1b& labels, int classes, Rng& rng) {
    std::vector<cv::Vec3f> jitter(classes);
    for (auto& colour : jitter)
        for (int c = 0; c < 3; ++c) colour[c] = static_cast<float>(rng.normal() * colour_jitter);
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) {
            const float grain = static_cast<float>(rng.normal() * pixel_noise);
            picture(y, x) += jitter[labels(y, x)] + cv::Vec3f::all(grain);
        }
}

float ramp(float value, float from, float to) {
    const float t = std::clamp((value - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

}  // namespace modescope
