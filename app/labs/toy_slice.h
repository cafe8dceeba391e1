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

}  // namespace modescope
