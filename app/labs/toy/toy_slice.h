#pragma once

#include "core/training/toy_view.h"
#include "core/worlds/toy.h"
#include "widgets/slice_chart.h"

namespace modescope {

/// Half the width of the strip around x whose samples a slice shows: some fifty of a view's 600.
inline constexpr double slice_reach = 0.08;

/// The density of a view's samples around x, smoothed by a small kernel.
SliceChart::Density slice_of(const ToyView& view, double x);

/// The truth around x, averaged over the same strip and smoothed by the same kernel, so that a perfect
/// generator's slice comes close to it.
SliceChart::Density slice_of(const ToyDistribution& truth, double x);

/// How many branches of p(y | x) the samples around x hit: each by at least a quarter of its probability.
struct ModesHit {
    int hit = 0, all = 0;
};
ModesHit modes_hit(const ToyView& view, const ToyDistribution& truth, double x);

}  // namespace modescope
