#include "core/experiments/reproduce.h"

#include <algorithm>

#include "core/base/side_by_side.h"
#include "core/metrics/toy_score.h"
#include "core/training/trainer.h"

namespace modescope {
namespace {

constexpr int scored_samples = 2000, early_samples = 400;
constexpr int early_marks = 10;
constexpr double early_share = 0.1;

Spec toy_spec(const Objective& objective, std::int64_t seed, std::int64_t steps) {
    auto spec = preset_spec("toy");
    spec.objective = objective;
    spec.training.seed = seed;
    spec.training.steps = steps;
    return spec;
}

/// The loss that moves G beside the GAN's.
std::string watched_loss(const Objective& objective) {
    for (const auto term : objective.active())
        if (!info(term).adversarial) return info(term).id;
    return "g";
}

/// Notes the beginning of a training, where configurations differ in how steady they are.
class EarlyWatch {
public:
    EarlyWatch(const ToyScorer& scorer, const Spec& spec)
        : scorer_(scorer),
          loss_(watched_loss(spec.objective)),
          end_(std::max<std::int64_t>(
              1, static_cast<std::int64_t>(early_share * static_cast<double>(spec.training.steps)))),
          period_(std::max<std::int64_t>(1, end_ / early_marks)) {}

    void note(Trainer& trainer, const LogRow& row, ToyTrial& trial) {
        if (row.step > end_) return;
        for (const auto& [name, value] : row.values)
            if (name == loss_) sum_ += value;
        if (row.step % period_ != 0) return;
        trial.early_w1.push_back(scorer_.score(trainer.averaged_generator()).w1);
        trial.early_loss.push_back(sum_ / static_cast<double>(period_));
        sum_ = 0;
    }

private:
    const ToyScorer& scorer_;
    std::string loss_;
    std::int64_t end_, period_;
    double sum_ = 0;
};

void train(Trainer& trainer, EarlyWatch watch, ToyTrial& trial) {
    while (trainer.progress().step < trainer.spec().training.steps) {
        const auto row = trainer.step(StepKind::both);
        if (!row.predictor) watch.note(trainer, row, trial);
    }
}

ToyScore mean_of(const std::vector<ToyTrial>& trials) {
    ToyScore mean;
    const double share = 1.0 / static_cast<double>(trials.size());
    for (const auto& trial : trials) {
        const auto& s = trial.score;
        mean.w1 += share * s.w1;
        mean.minor_mode += share * s.minor_mode;
        mean.valid += share * s.valid;
        mean.decomposition.noise += share * s.decomposition.noise;
        mean.decomposition.bias2 += share * s.decomposition.bias2;
        mean.decomposition.variance += share * s.decomposition.variance;
    }
    return mean;
}

/// Everything the toy trainings are measured with; the same for all, so that figures compare.
struct Instruments {
    ToyDistribution truth = ToyDistribution::y_shape();
    std::int64_t noise_channels = preset_spec("toy").network.noise_channels;
    ToyScorer scorer{truth, scored_samples, noise_channels};
    ToyScorer early{truth, early_samples, noise_channels};
};

ToyTrial run_trial(const Instruments& instruments, const Spec& spec) {
    ToyTrial trial;
    Trainer trainer(spec);
    train(trainer, EarlyWatch(instruments.early, spec), trial);
    auto& generator = trainer.averaged_generator();
    trial.score = instruments.scorer.score(generator);
    trial.median_gap = instruments.scorer.median_gap(generator);
    auto check =
        check_decomposition(generator, instruments.truth, static_cast<std::uint64_t>(spec.training.seed));
    trial.squared_error = check.squared_error;
    trial.decomposition_gaps = std::move(check.gaps);
    if (auto* predictor = trainer.predictor())
        trial.predictor = instruments.scorer.predictor_error(*predictor, spec.objective);
    return trial;
}

}  // namespace

std::vector<Objective> toy_configurations() {
    std::vector<Objective> list;
    for (const char* text :
         {"gan", "l2", "l1", "gan+100*l2", "gan+30*l1", "gan+mr1", "gan+0.1*mr2", "gan+pmr1", "gan+10*pmr2"})
        list.push_back(parse_objective(text));
    return list;
}

std::vector<ToyResult> reproduce_toy(int seeds, std::int64_t steps, const ShowProgress& progress) {
    std::vector<ToyResult> results;
    for (const auto& objective : toy_configurations())
        results.push_back({.objective = objective, .trials = std::vector<ToyTrial>(seeds)});
    const Instruments instruments;
    const auto count = results.size() * static_cast<std::size_t>(seeds);
    const auto train = [&](std::size_t i) {
        auto& [objective, trials, mean] = results[i / seeds];
        const auto seed = static_cast<std::int64_t>(i % seeds) + 1;
        trials[i % seeds] = run_trial(instruments, toy_spec(objective, seed, steps));
    };
    run_side_by_side(count, train, [&](std::size_t i) {
        progress(static_cast<double>(i) / static_cast<double>(count), results[i / seeds].objective.label());
    });
    for (auto& result : results) result.mean = mean_of(result.trials);
    return results;
}

}  // namespace modescope
