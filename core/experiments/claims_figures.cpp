#include "core/experiments/claims_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace modescope::figures {

using Values = std::vector<double>;

namespace {

Figure missing(std::string why) { return {.estimate = {}, .missing = std::move(why)}; }
Figure figure_of(const Values& values) { return {.estimate = estimate(values), .missing = {}}; }

// ---- the toy ----

const ToyResult* find_toy(const Evidence& evidence, const std::string& id) {
    const auto found =
        std::ranges::find(evidence.toy, id, [](const ToyResult& r) { return r.objective.id(); });
    return found == evidence.toy.end() ? nullptr : &*found;
}

Values values_of(const ToyResult& result, const TrialValue& value) {
    Values values;
    for (const auto& trial : result.trials) values.push_back(value(trial));
    return values;
}

}  // namespace

FigureOf on_toy(const std::string& id, TrialValue value) {
    return [=](const Evidence& evidence) {
        const auto* result = find_toy(evidence, id);
        return result ? figure_of(values_of(*result, value)) : missing("The toy was not trained.");
    };
}

FigureOf on_toy(const std::string& id, Figure (*f)(const ToyResult&)) {
    return [=](const Evidence& evidence) {
        const auto* result = find_toy(evidence, id);
        return result ? f(*result) : missing("The toy was not trained.");
    };
}

FigureOf on_toys(const std::string& one, const std::string& other,
                 std::function<Figure(const ToyResult&, const ToyResult&)> f) {
    return [=](const Evidence& evidence) {
        const auto *a = find_toy(evidence, one), *b = find_toy(evidence, other);
        return a && b ? f(*a, *b) : missing("The toy was not trained.");
    };
}

double variance_ratio(const ToyTrial& trial) {
    const auto& parts = trial.score.decomposition;
    return parts.variance / parts.noise;
}
double distance_to_mean(const ToyTrial& trial) {
    const auto& parts = trial.score.decomposition;
    return std::sqrt((parts.bias2 + parts.variance) / parts.noise);
}
double minor_mode(const ToyTrial& trial) { return trial.score.minor_mode; }
double valid(const ToyTrial& trial) { return trial.score.valid; }
double w1(const ToyTrial& trial) { return trial.score.w1; }
double median_gap(const ToyTrial& trial) { return trial.median_gap; }

Figure w1_gain(const ToyResult& gan, const ToyResult& other) {
    Values gains;
    for (std::size_t i = 0; i < std::min(gan.trials.size(), other.trials.size()); ++i)
        gains.push_back(w1(gan.trials[i]) - w1(other.trials[i]));
    return figure_of(gains);
}

Figure decomposition_gap(const ToyResult& result) {
    Values gaps;
    for (const auto& trial : result.trials)
        gaps.insert(gaps.end(), trial.decomposition_gaps.begin(), trial.decomposition_gaps.end());
    const double confidence = 1 - 0.05 / static_cast<double>(toy_configurations().size());
    return {.estimate = estimate(gaps, confidence), .missing = {}};
}

// ---- early stability ----

namespace {

double variance(const Values& values) {
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
}

/// Root of the variance over seeds, mean over the marks; without trial `skip`.
double spread_over_seeds(const ToyResult& result, Trace trace, std::size_t skip) {
    double sum = 0;
    const auto marks = (result.trials.front().*trace).size();
    for (std::size_t mark = 0; mark < marks; ++mark) {
        Values values;
        for (std::size_t i = 0; i < result.trials.size(); ++i)
            if (i != skip) values.push_back((result.trials[i].*trace)[mark]);
        sum += variance(values) / static_cast<double>(marks);
    }
    return std::sqrt(sum);
}

/// Standard deviation of the whole trace: what the spread is measured in, for losses of different scales;
/// without trial `skip`.
double range_of(const ToyResult& result, Trace trace, std::size_t skip) {
    Values all;
    for (std::size_t i = 0; i < result.trials.size(); ++i)
        if (const auto& values = result.trials[i].*trace; i != skip)
            all.insert(all.end(), values.begin(), values.end());
    return all.size() > 1 ? std::sqrt(variance(all)) : 0;
}

/// Log of spread of `proxy` over spread of `direct`.
double log_ratio(const ToyResult& proxy, const ToyResult& direct, Trace trace, bool relative,
                 std::size_t skip) {
    const double units = relative ? range_of(direct, trace, skip) / range_of(proxy, trace, skip) : 1;
    return std::log(units * spread_over_seeds(proxy, trace, skip) / spread_over_seeds(direct, trace, skip));
}

}  // namespace

Figure spread_ratio(const ToyResult& proxy, const ToyResult& direct, Trace trace, bool relative) {
    const auto seeds = proxy.trials.size();
    if (seeds < 3 || direct.trials.size() != seeds)
        return missing("A spread over seeds needs three of them.");
    const double all = log_ratio(proxy, direct, trace, relative, seeds);
    if (!std::isfinite(all)) return missing("The trainings were too short to spread.");
    const auto n = static_cast<double>(seeds);
    Values pseudo;
    for (std::size_t i = 0; i < seeds; ++i)
        pseudo.push_back(n * all - (n - 1) * log_ratio(proxy, direct, trace, relative, i));
    const auto jackknife = estimate(pseudo);
    const double reach = (jackknife.interval->high - jackknife.interval->low) / 2;
    return {.estimate = SeedEstimate{std::exp(all), Interval{std::exp(all - reach), std::exp(all + reach)}},
            .missing = {}};
}

// ---- images ----

namespace {

const ImageResult* find_image(const Evidence& evidence, const std::string& preset, const std::string& id) {
    const auto found = std::ranges::find_if(
        evidence.images, [&](const ImageResult& r) { return r.preset == preset && r.configuration == id; });
    return found == evidence.images.end() ? nullptr : &*found;
}

Figure no_model(const std::string& preset, const std::string& id) {
    return missing(fmt::format("There is no model of {} for {}.", configuration_label(preset, id), preset));
}

Values values_of(const ImageResult& result, const ScoreValue& value) {
    Values values;
    for (const auto& score : result.scores) values.push_back(value(score));
    return values;
}

}  // namespace

FigureOf on_image(const std::string& preset, const std::string& id, ScoreValue value) {
    return [=](const Evidence& evidence) {
        const auto* result = find_image(evidence, preset, id);
        return result ? figure_of(values_of(*result, value)) : no_model(preset, id);
    };
}

FigureOf on_images(const std::string& preset, const std::string& one, const std::string& other,
                   ScoreValue value, std::function<double(double, double)> combine) {
    return [=](const Evidence& evidence) {
        const auto *a = find_image(evidence, preset, one), *b = find_image(evidence, preset, other);
        if (!a) return no_model(preset, one);
        if (!b) return no_model(preset, other);
        const auto x = values_of(*a, value), y = values_of(*b, value);
        Values combined;
        for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
            combined.push_back(combine(x[i], y[i]));
        return figure_of(combined);
    };
}

FigureOf predictor_on_image(const std::string& preset, double PredictorError::*error) {
    return [=](const Evidence& evidence) {
        const auto* result = find_image(evidence, preset, "gan+pmr2");
        if (!result || result->predictor.empty()) return no_model(preset, "gan+pmr2");
        Values values;
        for (const auto& e : result->predictor) values.push_back(e.*error);
        return figure_of(values);
    };
}

double sensitivity(const WorldScore& score) { return score.noise_sensitivity; }
double match(const WorldScore& score) { return score.match; }
double mean_error(const WorldScore& score) { return score.mean_error; }
double deviation(const WorldScore& score) { return score.deviation; }
double entropy_ratio(const WorldScore& score) {
    double sum = 0;
    int seen = 0;
    for (const auto& factor : score.factors)
        if (factor.layouts > 0) sum += factor.entropy_ratio, ++seen;
    return seen > 0 ? sum / seen : 0;
}
double difference(double a, double b) { return a - b; }
double ratio(double a, double b) { return a / b; }

}  // namespace modescope::figures
