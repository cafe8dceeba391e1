#include "core/experiments/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/experiments/claims_figures.h"

namespace modescope {
namespace {

using namespace figures;
using Kind = Criterion::Kind;

std::string baseline_of(const std::string& preset) { return image_configurations(preset)[1].id(); }

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
                     on_toy(objective.id(), decomposition_gap)});
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
    const auto label = [](const std::string& id) { return parse_objective(id).label(); };
    for (const char* order : {"1", "2"}) {
        const auto direct = std::string("gan+mr") + order, proxy = std::string("gan+pmr") + order;
        c.push_back({"stability-w1-" + proxy,
                     6,
                     fmt::format("{} is steadier early than {}", label(proxy), label(direct)),
                     "Toy: spread of W1 over seeds in the first tenth, proxy MR over MR.",
                     {Kind::at_most, 1},
                     on_toys(proxy, direct, [](const ToyResult& a, const ToyResult& b) {
                         return spread_ratio(a, b, &ToyTrial::early_w1, false);
                     })});
        c.push_back(
            {"stability-loss-" + proxy,
             6,
             fmt::format("The loss of {} is steadier early than that of {}", label(proxy), label(direct)),
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
