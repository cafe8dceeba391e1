#include "core/metrics/world_score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/error.h"
#include "core/base/side_by_side.h"
#include "core/metrics/sample_score.h"

namespace modescope {
namespace {

constexpr std::uint64_t held_out_stream = 0xC0FFEE;
/// Renderings of the truth that its moments are estimated from.
constexpr int truth_renderings = 300;
/// Conditions in a row that hide nothing, after which one may take it that none of them does.
constexpr int most_tries = 2000;

double entropy(const std::vector<double>& probabilities) {
    double sum = 0;
    for (const double p : probabilities)
        if (p > 0) sum -= p * std::log(p);
    return sum;
}

/// Share of each value of a factor among the readings.
std::vector<double> shares(std::span<const Reading> readings, std::size_t factor, std::size_t values) {
    std::vector<double> found(values, 0);
    for (const auto& reading : readings)
        found[reading.values[factor]] += 1.0 / static_cast<double>(readings.size());
    return found;
}

ConditionScore::Factor score_factor(const World& world, std::size_t index,
                                    const std::vector<Reading>& readings) {
    const auto seen = coverage(world, index, readings);
    if (!seen) return {};
    const auto& factor = world.factors()[index];
    const auto found = shares(readings, index, factor.values.size());
    return {true, entropy(found) / entropy(factor.probabilities), *seen};
}

void add_readings(ConditionScore& score, const World& world, const std::vector<Reading>& readings) {
    for (std::size_t f = 0; f < world.factors().size(); ++f)
        score.factors.push_back(score_factor(world, f, readings));
    const auto valid = std::ranges::count_if(readings, &Reading::valid);
    const auto count = static_cast<double>(readings.size());
    score.validity = static_cast<double>(valid) / count;
    for (const auto& reading : readings) score.match += reading.match / count;
}

double mean_square(const FloatImage& image) {
    return std::inner_product(image.data.begin(), image.data.end(), image.data.begin(), 0.0) /
           static_cast<double>(image.data.size());
}

void add_moments(ConditionScore& score, const Moments& found, const Moments& truth) {
    score.deviation = mean(found.deviation);
    score.true_deviation = mean(truth.deviation);
    score.mean_error = mean_difference(found.mean, truth.mean);
    score.deviation_error = mean_difference(found.deviation, truth.deviation);
    score.variance = mean_square(found.deviation);
    score.true_variance = mean_square(truth.deviation);
}

void add(FactorScore& score, const ConditionScore::Factor& factor) {
    if (!factor.seen) return;
    score.entropy_ratio += factor.entropy_ratio;
    score.coverage += factor.coverage;
    score.all_found += factor.coverage == 1;
    ++score.layouts;
}

/// Adds up conditions to the score of a world.
class WorldTally {
public:
    WorldTally(const World& world, int samples) : world_(world) {
        score_.samples = samples;
        for (const auto& factor : world.factors()) score_.factors.push_back({.id = factor.id});
    }

    int layouts() const { return score_.layouts; }

    void draw_and_add(const HeldOut& condition, const WorldTruth& truth, const Draw& draw) {
        const auto pictures = draw(condition.example, score_.samples, condition.seed);
        add(score_condition(world_, condition, truth, pictures, read_all(truth.reader, pictures)));
    }

    WorldScore mean() const;

private:
    void add(const ConditionScore& condition);

    const World& world_;
    WorldScore score_;
    double variance_ = 0, true_variance_ = 0;  ///< whose ratio is the noise sensitivity
};

void WorldTally::add(const ConditionScore& condition) {
    for (std::size_t f = 0; f < score_.factors.size(); ++f)
        modescope::add(score_.factors[f], condition.factors[f]);
    score_.validity += condition.validity;
    score_.match += condition.match;
    score_.deviation += condition.deviation;
    score_.true_deviation += condition.true_deviation;
    score_.mean_error += condition.mean_error;
    score_.deviation_error += condition.deviation_error;
    score_.best_of_k += condition.best_of_k;
    variance_ += condition.variance;
    true_variance_ += condition.true_variance;
    ++score_.layouts;
}

WorldScore WorldTally::mean() const {
    auto score = score_;
    const double n = std::max(1, score.layouts);
    for (auto& factor : score.factors) {
        const double seen = std::max(1, factor.layouts);
        for (auto* value : {&factor.entropy_ratio, &factor.coverage, &factor.all_found}) *value /= seen;
    }
    for (auto* value : {&score.validity, &score.match, &score.deviation, &score.true_deviation,
                        &score.mean_error, &score.deviation_error, &score.best_of_k})
        *value /= n;
    score.noise_sensitivity = true_variance_ > 0 ? variance_ / true_variance_ : 0;
    return score;
}

Error hides_nothing(const World& world, const TaskSettings& settings) {
    if (settings.task == Task::super_resolution)
        return Error(
            fmt::format("Super-resolution with data.scale {} hides nothing of the world {}, so there is "
                        "nothing to measure; choose another data.scale or world.",
                        settings.scale, world.id()));
    return Error(fmt::format(
        "Holes of data.hole_least {} to data.hole_most {} pixels hide nothing of the world {}, so "
        "there is nothing to measure; choose larger ones or another data.hole_margin.",
        settings.holes.least, settings.holes.most, world.id()));
}

}  // namespace

std::optional<HeldOut> held_out(const World& world, const TaskSettings& settings, std::uint64_t index) {
    HeldOut condition{.rng = Rng::at(held_out_stream, index)};
    condition.example = draw_example(world, settings, condition.rng);
    condition.hidden = hidden_from(world, condition.example, settings);
    if (!hides_something(world, condition.example.layout, condition.hidden)) return {};
    condition.seed = condition.rng.next();
    return condition;
}

HeldOut next_held_out(const World& world, const TaskSettings& settings, std::uint64_t& index) {
    for (int tries = 0; tries < most_tries; ++tries)
        if (auto condition = held_out(world, settings, index++)) return std::move(*condition);
    throw hides_nothing(world, settings);
}

WorldTruth truth_of(const World& world, const HeldOut& condition) {
    const auto& layout = condition.example.layout;
    auto rng = condition.rng;
    return {StyleReader(world, layout, condition.hidden),
            true_moments(world, layout, condition.hidden, truth_renderings, rng)};
}

std::optional<double> coverage(const World& world, std::size_t factor, std::span<const Reading> readings) {
    if (readings.empty() || readings.front().values[factor] < 0) return {};
    const auto values = world.factors()[factor].values.size();
    const auto found = shares(readings, factor, values);
    return static_cast<double>(std::ranges::count_if(found, [](double share) { return share > 0; })) /
           static_cast<double>(values);
}

ConditionScore score_condition(const World& world, const HeldOut& condition, const WorldTruth& truth,
                               const std::vector<Image>& pictures, const std::vector<Reading>& readings) {
    ConditionScore score;
    add_readings(score, world, readings);
    add_moments(score, sample_moments(pictures), truth.moments);
    score.best_of_k = nearest_difference(condition.example.pair.y, pictures);
    return score;
}

std::vector<KnownCondition> known_conditions(const World& world, const TaskSettings& settings, int count) {
    std::vector<HeldOut> conditions;
    for (std::uint64_t next = 0; std::ssize(conditions) < count;)
        conditions.push_back(next_held_out(world, settings, next));
    std::vector<std::optional<WorldTruth>> truths(conditions.size());
    run_side_by_side(truths.size(),
                     [&](std::size_t i) { truths[i].emplace(truth_of(world, conditions[i])); });
    std::vector<KnownCondition> known;
    for (std::size_t i = 0; i < truths.size(); ++i)
        known.push_back({std::move(conditions[i]), std::move(*truths[i])});
    return known;
}

WorldScore score_world(const World& world, const TaskSettings& settings, const Draw& draw, int layouts,
                       int samples, const std::function<bool(double)>& progress) {
    WorldTally tally(world, samples);
    for (std::uint64_t next = 0; tally.layouts() < layouts;) {
        if (progress && !progress(static_cast<double>(tally.layouts()) / layouts)) break;
        const auto condition = next_held_out(world, settings, next);
        tally.draw_and_add(condition, truth_of(world, condition), draw);
    }
    return tally.mean();
}

WorldScore score_world(const World& world, std::span<const KnownCondition> conditions, const Draw& draw,
                       int samples) {
    WorldTally tally(world, samples);
    for (const auto& [condition, truth] : conditions) tally.draw_and_add(condition, truth, draw);
    return tally.mean();
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
        for (int i = 0; i < samples; ++i) pictures.push_back(draw_true(world, example.layout, hidden, rng));
        return pictures;
    };
}

nlohmann::json to_json(const WorldScore& score) {
    nlohmann::json json{{"layouts", score.layouts},
                        {"samples", score.samples},
                        {"validity", score.validity},
                        {"match", score.match},
                        {"deviation", score.deviation},
                        {"true_deviation", score.true_deviation},
                        {"mean_error", score.mean_error},
                        {"deviation_error", score.deviation_error},
                        {"noise_sensitivity", score.noise_sensitivity},
                        {"best_of_k", score.best_of_k}};
    for (const auto& factor : score.factors)
        if (factor.layouts > 0)
            json["factors"][factor.id] = {{"entropy_ratio", factor.entropy_ratio},
                                          {"coverage", factor.coverage},
                                          {"all_found", factor.all_found},
                                          {"layouts", factor.layouts}};
    return json;
}

}  // namespace modescope
