#include "core/metrics/sample_score.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "core/sampling/sampler.h"

namespace modescope {

SampleScore score_samples(const PairSource& pairs, const DrawSamples& draw, int conditions, int samples,
                          const Lpips* lpips, const std::function<bool(double)>& progress) {
    SampleScore score{.samples = samples};
    for (int i = 0; i < conditions; ++i) {
        if (progress && !progress(static_cast<double>(i) / conditions)) break;
        const auto pair = pairs.pair(Split::held_out, i);
        const auto pictures = draw(pair.x, samples, Rng::at(1, i).next());
        score.deviation += mean(sample_moments(pictures).deviation);
        score.best_of_k += nearest_difference(pair.y, pictures);
        if (lpips) score.diversities.push_back(diversity(*lpips, pictures, PairProtocol::consecutive));
        ++score.conditions;
    }
    const double n = std::max(1, score.conditions);
    score.deviation /= n;
    score.best_of_k /= n;
    return score;
}

double mean(const FloatImage& image) {
    return std::accumulate(image.data.begin(), image.data.end(), 0.0) /
           static_cast<double>(image.data.size());
}

double mean_difference(const FloatImage& a, const FloatImage& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i) sum += std::abs(a.data[i] - b.data[i]);
    return sum / static_cast<double>(a.data.size());
}

double mean_difference(const Image& a, const Image& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i) sum += std::abs(a.data[i] - b.data[i]);
    return sum / (255.0 * static_cast<double>(a.data.size()));
}

double nearest_difference(const Image& target, const std::vector<Image>& pictures) {
    double least = 1;
    for (const auto& picture : pictures) least = std::min(least, mean_difference(target, picture));
    return least;
}

}  // namespace modescope
