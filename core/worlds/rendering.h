#pragma once

#include <opencv2/core.hpp>

#include "core/base/image.h"
#include "core/base/random.h"

namespace modescope {

/// What the worlds' renderers share; for the files of core/worlds only. Pictures are float, 0 … 1, RGB.

/// 8 bit; values outside are clipped.
Image to_image(const cv::Mat3f& picture);

/// The label map of size × size that was drawn on a canvas several times as large: the label in the middle
/// of each pixel.
LabelMap middle_labels(const cv::Mat1b& canvas, int size);

/// Standard deviations of the random part, of 0 … 1: the grain of a pixel is the same in its channels, the
/// jitter of a class's colour is independent in each.
inline constexpr double pixel_noise = 0.012, colour_jitter = 0.015;

/// The random part of a rendering: each class's colour is a little off, and every pixel has grain. Visible,
/// yet far below the differences between styles.
void add_random_part(cv::Mat3f& picture, const cv::Mat1b& labels, int classes, Rng& rng);

inline cv::Vec3f mix(const cv::Vec3f& a, const cv::Vec3f& b, float share) {
    return a * (1 - share) + b * share;
}

/// 0 below `from`, 1 above `to`, smooth between.
float ramp(float value, float from, float to);

}  // namespace modescope
