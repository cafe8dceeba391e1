#include "core/experiments/bench.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "core/base/machine.h"
#include "core/experiments/stand_in.h"
#include "core/folders/folder.h"
#include "core/training/trainer.h"

namespace modescope {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Steps of one kind for that long, and at least two.
Timing time_steps(Trainer& trainer, StepKind kind, double seconds) {
    constexpr std::size_t least = 2;
    std::vector<double> times;
    trainer.step(kind);  // the first one allocates
    const auto start = Clock::now();
    while (ms_since(start) < seconds * 1000 || times.size() < least) times.push_back(trainer.step(kind).ms);
    return summarise(times);
}

double total(const Timing& timing) { return timing.median * timing.count; }

/// A new dab of another class in the drawing, so that nothing can be reused.
void dab(LabelMap& labels, int classes, Rng& rng) {
    const int x = rng.index(labels.width - 4), y = rng.index(labels.height - 4);
    const auto label = static_cast<std::uint8_t>(rng.index(classes));
    for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i) labels.at(x + i, y + j) = label;
}

}  // namespace

Timing summarise(std::vector<double> times) {
    if (times.empty()) return {};
    std::ranges::sort(times);
    const auto at = [&](double share) {
        return times[static_cast<std::size_t>(share * (times.size() - 1) + 0.5)];
    };
    return {at(0.5), at(0.95), times.back(), static_cast<int>(times.size())};
}

StepTiming time_training(const std::string& preset, double seconds, const std::string& scratch) {
    auto spec = preset_spec(preset);
    if (spec.data.source == "folder") adopt_folder(spec, write_stand_in(spec, scratch));
    StepTiming timing{.preset = preset};
    reset_peak_memory();
    spec.training.predictor_steps = 1'000'000;  // it must not end while it is timed
    if (spec.objective.needs_predictor()) {
        Trainer trainer(spec);
        timing.predictor = time_steps(trainer, StepKind::both, seconds / 3);
    }
    spec.training.predictor_steps = 1;
    Trainer trainer(spec);
    if (trainer.predictor()) trainer.step(StepKind::both);
    const double waited = trainer.data().waited_ms();
    const auto start = Clock::now();
    timing.discriminator = time_steps(trainer, StepKind::discriminator, seconds / 3);
    timing.generator = time_steps(trainer, StepKind::generator, seconds / 3);
    timing.waiting = (trainer.data().waited_ms() - waited) / ms_since(start);
    timing.peak_megabytes = peak_megabytes();
    return timing;
}

Timing time_brush_to_tiles(const Sampler& sampler, int tiles, int strokes) {
    Rng rng(1);
    Condition x{.labels = sampler.world()->layout(sampler.size(), rng).labels};
    std::vector<std::uint64_t> seeds(tiles);
    std::iota(seeds.begin(), seeds.end(), 1);
    sampler.sample(x, seeds);
    std::vector<double> times;
    for (int i = 0; i < strokes; ++i) {
        dab(x.labels, static_cast<int>(sampler.classes().size()), rng);
        const auto start = Clock::now();
        sampler.sample(x, seeds);
        times.push_back(ms_since(start));
    }
    return summarise(times);
}

double toy_steps_per_second(double seconds) {
    double ms = 0;
    int steps = 0;
    for (const char* text : {"gan", "l2", "gan+100*l2", "gan+10*pmr2"}) {
        auto spec = preset_spec("toy");
        spec.objective = parse_objective(text);
        spec.training.predictor_steps = 1;
        Trainer trainer(spec);
        if (trainer.predictor()) trainer.step(StepKind::both);
        const auto timing = time_steps(trainer, StepKind::both, seconds / 4);
        ms += total(timing);
        steps += timing.count;
    }
    return 1000 * steps / ms;
}

}  // namespace modescope
