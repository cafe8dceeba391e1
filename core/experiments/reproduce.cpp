#include "core/experiments/reproduce.h"

#include "core/metrics/toy_score.h"
#include "core/training/trainer.h"

namespace modescope {
namespace {

constexpr int scored_samples = 2000;

Spec toy_spec(const Objective& objective, std::int64_t seed, std::int64_t steps) {
    auto spec = preset_spec("toy");
    spec.objective = objective;
    spec.training.seed = seed;
    spec.training.steps = steps;
    return spec;
}

/// Trains to the end; returns the mean ms of a generator step.
double train(Trainer& trainer) {
    double ms = 0;
    std::int64_t steps = 0;
    while (trainer.progress().step < trainer.spec().training.steps) {
        const auto row = trainer.step(StepKind::both);
        if (row.predictor) continue;
        ms += row.ms;
        ++steps;
    }
    return ms / static_cast<double>(std::max<std::int64_t>(1, steps));
}

ToyScore mean_of(const std::vector<ToyScore>& scores) {
    ToyScore mean;
    const double share = 1.0 / static_cast<double>(scores.size());
    for (const auto& s : scores) {
        mean.w1 += share * s.w1;
        mean.minor_mode += share * s.minor_mode;
        mean.valid += share * s.valid;
        mean.decomposition.noise += share * s.decomposition.noise;
        mean.decomposition.bias2 += share * s.decomposition.bias2;
        mean.decomposition.variance += share * s.decomposition.variance;
    }
    return mean;
}

}  // namespace

std::vector<Objective> toy_configurations() {
    std::vector<Objective> list;
    for (const char* text :
         {"gan", "l2", "l1", "gan+100*l2", "gan+30*l1", "gan+mr1", "gan+0.1*mr2", "gan+pmr1", "gan+10*pmr2"})
        list.push_back(parse_objective(text));
    return list;
}

std::vector<ToyResult> reproduce_toy(int seeds, std::int64_t steps,
                                     const std::function<void(double, const std::string&)>& progress) {
    std::vector<ToyResult> results;
    const auto objectives = toy_configurations();
    const auto noise_channels = preset_spec("toy").network.noise_channels;
    const ToyScorer scorer(ToyDistribution::y_shape(), scored_samples, noise_channels);
    for (const auto& objective : objectives) {
        ToyResult result{.objective = objective};
        for (int seed = 1; seed <= seeds; ++seed) {
            const auto done = static_cast<double>(results.size() * seeds + seed - 1);
            progress(done / static_cast<double>(objectives.size() * seeds), objective.label());
            Trainer trainer(toy_spec(objective, seed, steps));
            result.ms_per_step += train(trainer) / seeds;
            result.seeds.push_back(scorer.score(trainer.averaged_generator()));
        }
        result.mean = mean_of(result.seeds);
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace modescope
