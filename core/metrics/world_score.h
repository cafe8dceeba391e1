#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/sampling/sampler.h"

namespace modescope {

/// How much of one hidden factor the samples show, mean over the layouts in which it can be seen.
struct FactorScore {
    std::string id;
    double entropy_ratio = 0;  ///< H(found) / H(true): 1 = as varied as the truth, 0 = always the same
    double coverage = 0;       ///< share of the values found
    double all_found = 0;      ///< share of layouts for which every value was found
    int layouts = 0;           ///< in which the factor can be seen
};

/// A generator against the exact truth of its world.
struct WorldScore {
    std::vector<FactorScore> factors;
    double validity =
        0;  ///< share of samples that are true renderings in some style where the condition leaves them open
    double match = 0;              ///< mean share of open pixels that agree with the nearest true rendering
    double deviation = 0;          ///< mean per-pixel standard deviation of the samples, of 0 … 1
    double true_deviation = 0;     ///< the same of the truth
    double mean_error = 0;         ///< mean |μ̃ − μ|, of 0 … 1
    double deviation_error = 0;    ///< mean |σ̃ − σ|
    double noise_sensitivity = 0;  ///< Σσ̃² / Σσ²: 0 = the noise is ignored, 1 = as the truth
    double best_of_k = 0;          ///< mean |y − ỹ| of the nearest of all samples to a true picture
    int layouts = 0;
    int samples = 0;  ///< per layout
};

/// A condition that no training with a seed below 1e9 has seen.
struct HeldOut {
    Example example;
    Hidden hidden;
    std::uint64_t seed = 0;  ///< of the noise of its first sample
    Rng rng{0};              ///< goes on where the condition ended
};
/// The condition `index`; nothing where it hides nothing, so that there is nothing to measure.
std::optional<HeldOut> held_out(const World& world, const TaskSettings& settings, std::uint64_t index);
/// The first condition from `index` on that hides something; `index` is then the one after it. Throws Error
/// naming the keys where 2,000 in a row hide nothing.
HeldOut next_held_out(const World& world, const TaskSettings& settings, std::uint64_t& index);

/// What is true of a held-out condition; takes about a tenth of a second to find out.
struct WorldTruth {
    StyleReader reader;
    Moments moments;
};
WorldTruth truth_of(const World& world, const HeldOut& condition);

/// The samples of one condition against the truth; WorldScore has the means of these.
struct ConditionScore {
    struct Factor {
        bool seen = false;  ///< else the rest says nothing
        double entropy_ratio = 0, coverage = 0;
    };
    std::vector<Factor> factors;  ///< in the order of World::factors()
    double validity = 0, match = 0;
    double deviation = 0, true_deviation = 0;
    double mean_error = 0, deviation_error = 0;
    double variance = 0, true_variance = 0;  ///< their sums' ratio is the noise sensitivity
    double best_of_k = 0;
};
/// `readings` are of the pictures, at least two.
ConditionScore score_condition(const World& world, const HeldOut& condition, const WorldTruth& truth,
                               const std::vector<Image>& pictures, const std::vector<Reading>& readings);

/// How many of a factor's values the readings show, as a share; nothing where it cannot be seen.
std::optional<double> coverage(const World& world, std::size_t factor, std::span<const Reading> readings);

/// A held-out condition with what is true of it; costs nothing to share between the models of a task.
struct KnownCondition {
    HeldOut condition;
    WorldTruth truth;
};
/// The first `count` held-out conditions that hide something, found out side by side. They refer to `world`.
/// Throws Error as next_held_out() does.
std::vector<KnownCondition> known_conditions(const World& world, const TaskSettings& settings, int count);

/// Draws pictures for the condition of an example: `samples` of them. A sampler, or the world itself for
/// comparison.
using Draw = std::function<std::vector<Image>(const Example&, int samples, std::uint64_t seed)>;

/// Scores on conditions that no training with a seed below 1e9 has seen; those that hide nothing are passed
/// over. `progress` gets the share done and may return false to stop; the score is then of the layouts done.
/// Throws Error as next_held_out() does.
WorldScore score_world(const World& world, const TaskSettings& settings, const Draw& draw, int layouts,
                       int samples, const std::function<bool(double)>& progress = {});

WorldScore score_world(const World& world, std::span<const KnownCondition> conditions, const Draw& draw,
                       int samples);

Draw drawn_by(std::shared_ptr<const Sampler> sampler);
/// Fresh pictures of draw_true(), in which only what the condition hides is free: the score of a perfect
/// model.
Draw drawn_by(const World& world, const TaskSettings& settings);

/// Every figure by the name of its member; factors that no layout had room for are left out.
nlohmann::json to_json(const WorldScore& score);

}  // namespace modescope
