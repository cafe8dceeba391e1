#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// How samples of one condition lie among each other. Distances are mean absolute differences over pixels
/// and channels, of 0 … 1; indices are of the samples. Of equals the first.
struct SampleExtremes {
    std::pair<int, int> nearest, farthest;  ///< pairs
    int typical = 0, unusual = 0;           ///< least and most mean distance to all others
    double nearest_distance = 0, farthest_distance = 0;
    double typical_distance = 0, unusual_distance = 0;  ///< those means
};

/// Of pictures of one size; nothing for fewer than two.
std::optional<SampleExtremes> extremes_of(const std::vector<Image>& samples);

/// Of two pictures of one size.
double mean_absolute_distance(const Image& a, const Image& b);

/// Super-resolution: the distance of the sample, made as small as `input`, from it.
double consistency_error(const Image& sample, const Image& input);

}  // namespace modescope
