#include "core/sampling/sample_distances.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/tasks/condition.h"

namespace modescope {

double mean_absolute_distance(const Image& a, const Image& b) {
    std::uint64_t sum = 0;
    for (std::size_t k = 0; k < a.data.size(); ++k)
        sum += static_cast<unsigned>(std::abs(a.data[k] - b.data[k]));
    return static_cast<double>(sum) / (255. * static_cast<double>(std::max<std::size_t>(1, a.data.size())));
}

std::optional<SampleExtremes> extremes_of(const std::vector<Image>& samples) {
    const int n = static_cast<int>(samples.size());
    if (n < 2) return {};
    SampleExtremes found;
    found.nearest_distance = 2;  // beyond any
    found.farthest_distance = -1;
    std::vector<double> means(samples.size(), 0);
    for (int i = 0; i < n; ++i)
        for (int j = i + 1; j < n; ++j) {
            const double distance = mean_absolute_distance(samples[i], samples[j]);
            means[i] += distance / (n - 1);
            means[j] += distance / (n - 1);
            if (distance < found.nearest_distance) found.nearest = {i, j}, found.nearest_distance = distance;
            if (distance > found.farthest_distance)
                found.farthest = {i, j}, found.farthest_distance = distance;
        }
    found.typical = static_cast<int>(std::ranges::min_element(means) - means.begin());
    found.unusual = static_cast<int>(std::ranges::max_element(means) - means.begin());
    found.typical_distance = means[found.typical];
    found.unusual_distance = means[found.unusual];
    return found;
}

double consistency_error(const Image& sample, const Image& input) {
    return mean_absolute_distance(shrink(sample, sample.width / input.width), input);
}

}  // namespace modescope
