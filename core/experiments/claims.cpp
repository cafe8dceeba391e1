#include "core/experiments/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace modescope {
namespace {

using Kind = Criterion::Kind;
using Values = std::vector<double>;
using TrialValue = std::function<double(const ToyTrial&)>;
using ScoreValue = std::function<double(const WorldScore&)>;

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

std::function<Figure(const Evidence&)> on_toy(const std::string& id, TrialValue value) {
    return [=](const Evidence& evidence) {
        const auto* result = find_toy(evidence, id);
        return result ? figure_of(values_of(*result, value)) : missing("The toy was not trained.");
    };
}

/// f(values of one, values of the other).
std::function<Figure(const Evidence&)> on_toys(const std::string& one, const std::string& other,
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
/// Root mean square of ỹ − E[y|x], in standard deviations of the data.
double distance_to_mean(const ToyTrial& trial) {
    const auto& parts = trial.score.decomposition;
    return std::sqrt((parts.bias2 + parts.variance) / parts.noise);
}
double minor_mode(const ToyTrial& trial) { return trial.score.minor_mode; }
double valid(const ToyTrial& trial) { return trial.score.valid; }
double w1(const ToyTrial& trial) { return trial.score.w1; }
double median_gap(const ToyTrial& trial) { return trial.median_gap; }

/// Of trainings of one seed, which see the same data: how much nearer the second comes.
Figure w1_gain(const ToyResult& gan, const ToyResult& other) {
    Values gains;
    for (std::size_t i = 0; i < std::min(gan.trials.size(), other.trials.size()); ++i)
        gains.push_back(w1(gan.trials[i]) - w1(other.trials[i]));
    return figure_of(gains);
}

/// All nine have to include 0 at once with 95 %, so each gets a share of the 5 %.
Figure decomposition_gap(const ToyResult& result) {
    Values gaps;
    for (const auto& trial : result.trials)
        gaps.insert(gaps.end(), trial.decomposition_gaps.begin(), trial.decomposition_gaps.end());
    const double confidence = 1 - 0.05 / static_cast<double>(toy_configurations().size());
    return {.estimate = estimate(gaps, confidence), .missing = {}};
}

// ---- early stability ----

using Trace = Values ToyTrial::*;

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

/// Standard deviation of the whole trace: what the spread is measured in, for losses of different scales.
double range_of(const ToyResult& result, Trace trace) {
    Values all;
    for (const auto& trial : result.trials)
        all.insert(all.end(), (trial.*trace).begin(), (trial.*trace).end());
    return all.size() > 1 ? std::sqrt(variance(all)) : 0;
}

/// Log of spread of `proxy` over spread of `direct`.
double log_ratio(const ToyResult& proxy, const ToyResult& direct, Trace trace, bool relative,
                 std::size_t skip) {
    const double units = relative ? range_of(direct, trace) / range_of(proxy, trace) : 1;
    return std::log(units * spread_over_seeds(proxy, trace, skip) / spread_over_seeds(direct, trace, skip));
}

/// The interval is a jackknife over the seeds, on the logarithm.
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

std::function<Figure(const Evidence&)> on_image(const std::string& preset, const std::string& id,
                                                ScoreValue value) {
    return [=](const Evidence& evidence) {
        const auto* result = find_image(evidence, preset, id);
        return result ? figure_of(values_of(*result, value)) : no_model(preset, id);
    };
}

/// combine(value of one, value of the other), model by model.
std::function<Figure(const Evidence&)> on_images(const std::string& preset, const std::string& one,
                                                 const std::string& other, ScoreValue value,
                                                 std::function<double(double, double)> combine) {
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

std::function<Figure(const Evidence&)> predictor_on_image(const std::string& preset,
                                                          double PredictorError::*error) {
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

std::string baseline_of(const std::string& preset) { return image_configurations(preset)[1].id(); }

// ---- the table ----

constexpr const char* variance_measure =
    "Toy: variance of the samples over variance of the data, means over x.";
constexpr const char* distance_measure =
    "Toy: root mean square of ỹ − E[y|x] in standard deviations of the data.";
constexpr const char* minor_measure = "Toy: share of samples on the rarer branch, x > 0.2; 0.5 is perfect.";

void add_single_losses(std::vector<Claim>& c) {
    c.push_back({"l2-mean",
                 1,
                 "ℓ₂ alone draws the conditional mean",
                 distance_measure,
                 {Kind::at_most, 0.1},
                 on_toy("l2", distance_to_mean)});
    c.push_back({"l2-variance",
                 1,
                 "ℓ₂ alone has no variance",
                 variance_measure,
                 {Kind::at_most, 0.01},
                 on_toy("l2", variance_ratio)});
    c.push_back({"l1-median",
                 1,
                 "ℓ₁ alone draws a conditional median",
                 "Toy: mean |F(ỹ|x) − ½|, F the true distribution; true samples have 0.25.",
                 {Kind::at_most, 0.1},
                 on_toy("l1", median_gap)});
    c.push_back({"l1-variance",
                 1,
                 "ℓ₁ alone has no variance",
                 variance_measure,
                 {Kind::at_most, 0.01},
                 on_toy("l1", variance_ratio)});
}

void add_gan(std::vector<Claim>& c) {
    c.push_back({"gan-toy-modes",
                 2,
                 "GAN alone finds both branches of the toy",
                 minor_measure,
                 {Kind::at_least, 0.4},
                 on_toy("gan", minor_mode)});
    c.push_back({"gan-toy-distance",
                 2,
                 "GAN alone comes close to the toy's distribution",
                 "Toy: mean Wasserstein-1 distance to p(y|x).",
                 {Kind::at_most, 0.06},
                 on_toy("gan", w1)});
    for (const auto& preset : image_presets()) {
        c.push_back({"gan-images-match-" + preset,
                     2,
                     "GAN alone draws less valid pictures than GAN + pMR₂",
                     preset + ": share of pixels that agree with a true rendering, GAN + pMR₂ minus GAN.",
                     {Kind::at_least, 0},
                     on_images(preset, "gan+pmr2", "gan", match, difference)});
        c.push_back({"gan-images-moments-" + preset,
                     2,
                     "GAN alone is farther from the true mean than GAN + pMR₂",
                     preset + ": mean |μ̃ − μ| of GAN over that of GAN + pMR₂.",
                     {Kind::at_least, 1},
                     on_images(preset, "gan", "gan+pmr2", mean_error, ratio)});
    }
}

void add_collapse(std::vector<Claim>& c) {
    for (const auto& [id, name] : {std::pair{"gan+l2", "GAN + 100·ℓ₂"}, {"gan+l1", "GAN + 30·ℓ₁"}}) {
        const std::string row = fmt::format("collapse-{{}}-{}", id);
        c.push_back({fmt::format(fmt::runtime(row), "variance"),
                     3,
                     fmt::format("{} has nearly no variance", name),
                     variance_measure,
                     {Kind::at_most, 0.2},
                     on_toy(id, variance_ratio)});
        c.push_back({fmt::format(fmt::runtime(row), "mode"),
                     3,
                     fmt::format("{} keeps one mode at most", name),
                     minor_measure,
                     {Kind::at_most, 0.15},
                     on_toy(id, minor_mode)});
        c.push_back({fmt::format(fmt::runtime(row), "valid"),
                     3,
                     fmt::format("{}'s samples are valid, one by one", name),
                     "Toy: share of samples within 3 s of a branch, x > 0.2.",
                     {Kind::at_least, 0.9},
                     on_toy(id, valid)});
    }
    for (const auto& preset : image_presets()) {
        const auto id = baseline_of(preset);
        c.push_back({"collapse-variance-" + preset,
                     3,
                     fmt::format("{} ignores the noise", configuration_label(preset, id)),
                     preset + ": variance of the samples over variance of the truth, Σσ̃² / Σσ².",
                     {Kind::at_most, 0.05},
                     on_image(preset, id, sensitivity)});
        c.push_back(
            {"collapse-mode-" + preset,
             3,
             fmt::format("{} shows one mode", configuration_label(preset, id)),
             preset + ": entropy of what samples show over the true entropy, mean over hidden factors.",
             {Kind::at_most, 0.1},
             on_image(preset, id, entropy_ratio)});
        c.push_back({"collapse-valid-" + preset,
                     3,
                     fmt::format("{}'s pictures are valid, one by one", configuration_label(preset, id)),
                     preset + ": mean share of open pixels that agree with the nearest true rendering.",
                     {Kind::at_least, 0.7},
                     on_image(preset, id, match)});
    }
}

void add_decomposition(std::vector<Claim>& c) {
    for (const auto& objective : toy_configurations())
        c.push_back({"decomposition-" + objective.id(),
                     4,
                     fmt::format("E(ỹ − y)² = noise + bias² + variance for {}", objective.label()),
                     "Toy: left side minus right side, from independent draws; the nine intervals hold "
                     "together with 95 %.",
                     {Kind::includes, 0},
                     [id = objective.id()](const Evidence& evidence) {
                         const auto* result = find_toy(evidence, id);
                         return result ? decomposition_gap(*result) : missing("The toy was not trained.");
                     }});
}

void add_moment_losses(std::vector<Claim>& c) {
    for (const auto& objective : toy_configurations()) {
        const auto id = objective.id(), label = objective.label();
        if (id.find("mr") == std::string::npos) continue;
        c.push_back({"diversity-variance-" + id,
                     5,
                     label + " has the variance of the data",
                     variance_measure,
                     {Kind::between, 0.8, 1.2},
                     on_toy(id, variance_ratio)});
        c.push_back({"diversity-modes-" + id,
                     5,
                     label + " keeps both branches",
                     minor_measure,
                     {Kind::at_least, 0.4},
                     on_toy(id, minor_mode)});
        c.push_back({"agreement-" + id,
                     5,
                     label + " is nearer to the truth than GAN alone",
                     "Toy: Wasserstein-1 distance of GAN minus its own, seed by seed.",
                     {Kind::at_least, 0},
                     on_toys("gan", id, w1_gain)});
    }
    for (const auto& preset : image_presets()) {
        c.push_back({"diversity-variance-" + preset,
                     5,
                     "GAN + pMR₂ has the variance of the truth",
                     preset + ": Σσ̃² / Σσ².",
                     {Kind::between, 0.8, 1.2},
                     on_image(preset, "gan+pmr2", sensitivity)});
        c.push_back(
            {"diversity-modes-" + preset,
             5,
             "GAN + pMR₂ shows all modes",
             preset + ": entropy of what samples show over the true entropy, mean over hidden factors.",
             {Kind::at_least, 0.8},
             on_image(preset, "gan+pmr2", entropy_ratio)});
    }
}

void add_stability(std::vector<Claim>& c) {
    for (const char* order : {"1", "2"}) {
        const auto direct = std::string("gan+mr") + order, proxy = std::string("gan+pmr") + order;
        c.push_back({"stability-w1-" + proxy,
                     6,
                     fmt::format("{} is steadier early than {}", proxy, direct),
                     "Toy: spread of W1 over seeds in the first tenth, proxy MR over MR.",
                     {Kind::at_most, 1},
                     on_toys(proxy, direct, [](const ToyResult& a, const ToyResult& b) {
                         return spread_ratio(a, b, &ToyTrial::early_w1, false);
                     })});
        c.push_back({"stability-loss-" + proxy,
                     6,
                     fmt::format("{}'s loss is steadier early than {}'s", proxy, direct),
                     "Toy: spread of the loss over seeds in the first tenth, in units of how much the loss "
                     "varies there; proxy MR over MR.",
                     {Kind::at_most, 1},
                     on_toys(proxy, direct, [](const ToyResult& a, const ToyResult& b) {
                         return spread_ratio(a, b, &ToyTrial::early_loss, true);
                     })});
    }
}

void add_predictor(std::vector<Claim>& c) {
    constexpr double toy_most = 0.1, image_most = 0.25;
    c.push_back({"predictor-mean-toy",
                 7,
                 "The predictor's μ̂ agrees with the truth",
                 "Toy: mean |μ̂ − μ| over mean σ.",
                 {Kind::at_most, toy_most},
                 on_toy("gan+pmr2",
                        [](const ToyTrial& t) { return t.predictor.value_or(PredictorError()).centre; })});
    c.push_back({"predictor-deviation-toy",
                 7,
                 "The predictor's σ̂ agrees with the truth",
                 "Toy: mean |σ̂ − σ| over mean σ.",
                 {Kind::at_most, toy_most},
                 on_toy("gan+pmr2",
                        [](const ToyTrial& t) { return t.predictor.value_or(PredictorError()).deviation; })});
    for (const auto& preset : image_presets()) {
        c.push_back({"predictor-mean-" + preset,
                     7,
                     "The predictor's μ̂ agrees with the world's",
                     preset + ": mean |μ̂ − μ| over mean σ, 300 true renderings a layout.",
                     {Kind::at_most, image_most},
                     predictor_on_image(preset, &PredictorError::centre)});
        c.push_back({"predictor-deviation-" + preset,
                     7,
                     "The predictor's σ̂ agrees with the world's",
                     preset + ": mean |σ̂ − σ| over mean σ.",
                     {Kind::at_most, image_most},
                     predictor_on_image(preset, &PredictorError::deviation)});
    }
}

void add_tasks(std::vector<Claim>& c) {
    for (const auto& preset : image_presets()) {
        const auto id = baseline_of(preset);
        c.push_back({"tasks-diversity-" + preset,
                     8,
                     fmt::format("GAN + pMR₂ is far more diverse than {}", configuration_label(preset, id)),
                     preset + ": mean per-pixel σ of the samples, over that of the baseline.",
                     {Kind::at_least, 3},
                     on_images(preset, "gan+pmr2", id, deviation, ratio)});
        c.push_back({"tasks-validity-" + preset,
                     8,
                     "… at competitive validity",
                     preset + ": share of pixels that agree with a true rendering, minus the baseline's.",
                     {Kind::at_least, -0.1},
                     on_images(preset, "gan+pmr2", id, match, difference)});
    }
}

std::vector<Claim> make_table() {
    std::vector<Claim> table;
    for (const auto add : {add_single_losses, add_gan, add_collapse, add_decomposition, add_moment_losses,
                           add_stability, add_predictor, add_tasks})
        add(table);
    return table;
}

}  // namespace

std::string configuration_label(const std::string& preset, const std::string& id) {
    const auto list = image_configurations(preset);
    const auto found = std::ranges::find(list, id, [](const Objective& o) { return o.id(); });
    return found == list.end() ? id : found->label();
}

std::string Criterion::text() const {
    switch (kind) {
        case Kind::at_most:
            return fmt::format("at most {:g}", low);
        case Kind::at_least:
            return fmt::format("at least {:g}", low);
        case Kind::between:
            return fmt::format("{:g} to {:g}", low, high);
        case Kind::includes:
            return fmt::format("interval includes {:g}", low);
    }
    return {};
}

Verdict judge(const Criterion& criterion, const SeedEstimate& estimate) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!std::isfinite(estimate.mean)) return Verdict::fails;
    const auto [low, high] = estimate.interval.value_or(Interval{estimate.mean, estimate.mean});
    if (criterion.kind == Kind::includes)
        return low <= criterion.low && criterion.low <= high ? Verdict::holds : Verdict::fails;
    const double least = criterion.kind == Kind::at_most ? -infinity : criterion.low;
    const double most = criterion.kind == Kind::at_least  ? infinity
                        : criterion.kind == Kind::at_most ? criterion.low
                                                          : criterion.high;
    if (least <= low && high <= most) return Verdict::holds;
    return high < least || most < low ? Verdict::fails : Verdict::open;
}

const char* name_of(Verdict verdict) {
    constexpr std::array names{"holds", "does not hold", "open", "not tested"};
    return names[static_cast<std::size_t>(verdict)];
}

std::span<const Claim> claims() {
    static const auto table = make_table();
    return table;
}

std::string topic(int number) {
    static const std::array<std::string, 8> topics{
        "ℓ₂ alone gives the conditional mean, ℓ₁ the median",
        "GAN alone captures the toy, and is unstable on images",
        "GAN + ℓ collapses to one mode of valid samples",
        "E(ỹ − y)² is noise + bias² + variance",
        "Moment losses keep the diversity and agree better with the truth",
        "Proxy moment losses are steadier early",
        "The predictor's moments are the true ones",
        "On every image task: diverse, at competitive validity"};
    return topics.at(static_cast<std::size_t>(number - 1));
}

std::vector<TestedClaim> test_claims(const Evidence& evidence) {
    std::vector<TestedClaim> tested;
    for (const auto& claim : claims()) {
        auto figure = claim.figure(evidence);
        const auto verdict = figure.estimate ? judge(claim.criterion, *figure.estimate) : Verdict::not_tested;
        tested.push_back({&claim, std::move(figure), verdict});
    }
    return tested;
}

}  // namespace modescope
