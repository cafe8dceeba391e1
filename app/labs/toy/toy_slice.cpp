#include "app/labs/toy/toy_slice.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace modescope {
namespace {

constexpr int points = 161;
constexpr double kernel = 0.04;  ///< standard deviation in y

constexpr double spacing = static_cast<double>(ToyView::y_max - ToyView::y_min) / (points - 1);

double y_at(int point) { return ToyView::y_min + spacing * point; }

/// Beyond five deviations there is nothing to see, and exp() of very negative numbers is slow.
void add_normal(SliceChart::Density& density, double weight, double mean, double deviation) {
    const double scale = weight / (deviation * std::sqrt(2 * std::numbers::pi));
    const int first = std::max(0, static_cast<int>((mean - 5 * deviation - y_at(0)) / spacing));
    const int last = std::min(points - 1, static_cast<int>((mean + 5 * deviation - y_at(0)) / spacing));
    for (int i = first; i <= last; ++i) {
        const double z = (y_at(i) - mean) / deviation;
        density[static_cast<std::size_t>(i)] += scale * std::exp(-z * z / 2);
    }
}

/// The strip around x, moved inside the toy's range.
double strip_centre(double x) {
    return std::clamp(x, ToyView::x_min + slice_reach, ToyView::x_max - slice_reach);
}

}  // namespace

SliceChart::Density slice_of(const ToyView& view, double x) {
    const double centre = strip_centre(x);
    std::vector<double> inside;
    for (const auto& [sample_x, y] : view.samples)
        if (std::abs(sample_x - centre) <= slice_reach) inside.push_back(y);
    SliceChart::Density density(points);
    for (const double y : inside) add_normal(density, 1.0 / static_cast<double>(inside.size()), y, kernel);
    return density;
}

SliceChart::Density slice_of(const ToyDistribution& truth, double x) {
    constexpr int strips = 9;
    SliceChart::Density density(points);
    for (int i = 0; i < strips; ++i) {
        const double at = strip_centre(x) + slice_reach * (2.0 * i / (strips - 1) - 1);
        for (const auto& part : truth.components(at))
            add_normal(density, part.weight / strips, part.mean, std::hypot(part.deviation, kernel));
    }
    return density;
}

ModesHit modes_hit(const ToyView& view, const ToyDistribution& truth, double x) {
    constexpr double deviations = 3, least_share = 0.25;
    const double centre = strip_centre(x);
    const auto branches = truth.branches(centre);
    std::vector<double> found(branches.size());
    double samples = 0;
    for (const auto& [sample_x, y] : view.samples) {
        if (std::abs(sample_x - centre) > slice_reach) continue;
        const auto here = truth.branches(sample_x);
        if (here.size() != branches.size()) continue;  // the strip may reach over a fork
        ++samples;
        for (std::size_t i = 0; i < here.size(); ++i)
            found[i] += std::abs(y - here[i].mean) < deviations * here[i].deviation;
    }
    ModesHit modes{.hit = 0, .all = static_cast<int>(branches.size())};
    for (std::size_t i = 0; i < branches.size(); ++i)
        modes.hit += samples > 0 && found[i] / samples >= least_share * branches[i].weight;
    return modes;
}

}  // namespace modescope
