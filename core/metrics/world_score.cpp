#include "core/metrics/world_score.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/metrics/sample_score.h"

namespace modescope {
namespace {

constexpr std::uint64_t held_out_stream = 0xC0FFEE;
/// Renderings of the truth that its moments are estimated from.
constexpr int truth_renderings = 300;

double entropy(const std::vector<double>& probabilities) {
    double sum = 0;
    for (const double p : probabilities)
        if (p > 0) sum -= p * std::log(p);
    return sum;
}

/// Share of each value of a factor among the readings.
std::vector<double> shares(const std::vector<Reading>& readings, std::size_t factor, std::size_t values) {
    std::vector<double> found(values, 0);
    for (const auto& reading : readings)
        found[reading.values[factor]] += 1.0 / static_cast<double>(readings.size());
    return found;
}

void add_factor(FactorScore& score, const std::vector<double>& found, const Factor& factor) {
    const auto values = std::ranges::count_if(found, [](double share) { return share > 0; });
    const double coverage = static_cast<double>(values) / static_cast<double>(found.size());
    score.entropy_ratio += entropy(found) / entropy(factor.probabilities);
    score.coverage += coverage;
    score.all_found += coverage == 1;
    ++score.layouts;
}

void add_readings(WorldScore& score, const World& world, const std::vector<Reading>& readings) {
    for (std::size_t f = 0; f < score.factors.size(); ++f) {
        const auto& factor = world.factors()[f];
        if (readings.front().values[f] >= 0)
            add_factor(score.factors[f], shares(readings, f, factor.values.size()), factor);
    }
    const auto valid = std::ranges::count_if(readings, &Reading::valid);
    const auto count = static_cast<double>(readings.size());
    score.validity += static_cast<double>(valid) / count;
    for (const auto& reading : readings) score.match += reading.match / count;
}

double mean(const FloatImage& image) {
    return std::accumulate(image.data.begin(), image.data.end(), 0.0) /
           static_cast<double>(image.data.size());
}

double mean_square(const FloatImage& image) {
    return std::inner_product(image.data.begin(), image.data.end(), image.data.begin(), 0.0) /
           static_cast<double>(image.data.size());
}

double mean_difference(const FloatImage& a, const FloatImage& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i) sum += std::abs(a.data[i] - b.data[i]);
    return sum / static_cast<double>(a.data.size());
}

/// Sums of variance over layouts, whose ratio is the noise sensitivity.
struct Variance {
    double found = 0, truth = 0;
};

void add_moments(WorldScore& score, Variance& variance, const Moments& found, const Moments& truth) {
    score.deviation += mean(found.deviation);
    score.true_deviation += mean(truth.deviation);
    score.mean_error += mean_difference(found.mean, truth.mean);
    score.deviation_error += mean_difference(found.deviation, truth.deviation);
    variance.found += mean_square(found.deviation);
    variance.truth += mean_square(truth.deviation);
}

void divide(WorldScore& score, const Variance& variance) {
    const double n = std::max(1, score.layouts);
    for (auto& factor : score.factors) {
        const double seen = std::max(1, factor.layouts);
        for (auto* value : {&factor.entropy_ratio, &factor.coverage, &factor.all_found}) *value /= seen;
    }
    for (auto* value : {&score.validity, &score.match, &score.deviation, &score.true_deviation,
                        &score.mean_error, &score.deviation_error, &score.best_of_k})
        *value /= n;
    score.noise_sensitivity = variance.truth > 0 ? variance.found / variance.truth : 0;
}

}  // namespace

WorldScore score_world(const World& world, const TaskSettings& settings, const Draw& draw, int layouts,
                       int samples, const std::function<bool(double)>& progress) {
    WorldScore score{.samples = samples};
    for (const auto& factor : world.factors()) score.factors.push_back({.id = factor.id});
    Variance variance;
    for (std::uint64_t i = 0; score.layouts < layouts; ++i) {
        if (progress && !progress(static_cast<double>(score.layouts) / layouts)) break;
        auto rng = Rng::at(held_out_stream, i);
        const auto example = draw_example(world, settings, rng);
        const auto hidden = hidden_from(world, example, settings);
        if (std::ranges::none_of(hidden.factors, std::identity())) continue;
        const auto pictures = draw(example, samples, rng.next());
        add_readings(score, world, read_all(StyleReader(world, example.layout, hidden), pictures));
        add_moments(score, variance, sample_moments(pictures),
                    true_moments(world, example.layout, hidden, truth_renderings, rng));
        score.best_of_k += nearest_difference(example.pair.y, pictures);
        ++score.layouts;
    }
    divide(score, variance);
    return score;
}

Draw drawn_by(std::shared_ptr<const Sampler> sampler) {
    return [sampler](const Example& example, int samples, std::uint64_t seed) {
        std::vector<std::uint64_t> seeds(samples);
        std::iota(seeds.begin(), seeds.end(), seed);
        return sampler->sample(example.pair.x, seeds);
    };
}

Draw drawn_by(const World& world, const TaskSettings& settings) {
    return [&world, settings](const Example& example, int samples, std::uint64_t seed) {
        Rng rng(seed);
        const auto hidden = hidden_from(world, example, settings);
        std::vector<Image> pictures;
        for (int i = 0; i < samples; ++i)
            pictures.push_back(world.render(example.layout, draw_hidden(world, hidden, rng), rng));
        return pictures;
    };
}

}  // namespace modescope
