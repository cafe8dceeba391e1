#pragma once

#include <functional>
#include <vector>

#include "core/metrics/lpips.h"
#include "core/tasks/condition.h"

namespace modescope {

/// What samples tell without knowing the true distribution; means over conditions.
struct SampleScore {
    double deviation = 0;             ///< mean per-pixel standard deviation, of 0 … 1
    double best_of_k = 0;             ///< mean |y − ỹ| of the sample nearest to the target, of 0 … 1
    std::vector<double> diversities;  ///< LPIPS diversity of each condition; empty without LPIPS
    int conditions = 0;
    int samples = 0;  ///< per condition
};

using DrawSamples = std::function<std::vector<Image>(const Condition&, int samples, std::uint64_t seed)>;

/// Scores on the first held-out pairs. `lpips` may be null. `progress` gets the share done and may return
/// false to stop; the score is then of the conditions done. Throws Error as the source does.
SampleScore score_samples(const PairSource& pairs, const DrawSamples& draw, int conditions, int samples,
                          const Lpips* lpips, const std::function<bool(double)>& progress = {});

/// Mean of all values.
double mean(const FloatImage& image);
/// Mean |a − b| of two pictures of one size, of 0 … 1.
double mean_difference(const Image& a, const Image& b);
double mean_difference(const FloatImage& a, const FloatImage& b);
/// Mean |y − ỹ| of the nearest of the pictures.
double nearest_difference(const Image& target, const std::vector<Image>& pictures);

}  // namespace modescope
