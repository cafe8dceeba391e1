#include "core/experiments/bench.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "core/training/trainer.h"

namespace modescope {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Steps for that long, and at least a few.
Timing time_steps(Trainer& trainer, double seconds) {
    constexpr std::size_t least = 5;
    std::vector<double> times;
    trainer.step(StepKind::both);  // the first one allocates
    const auto start = Clock::now();
    while (ms_since(start) < seconds * 1000 || times.size() < least)
        times.push_back(trainer.step(StepKind::both).ms);
    return summarise(times);
}

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

StepTiming time_training(const std::string& preset, double seconds) {
    auto spec = preset_spec(preset);
    StepTiming timing{.preset = preset};
    {
        spec.training.predictor_steps = 1'000'000;  // it must not end while it is timed
        auto trainer = Trainer(spec);
        if (trainer.predictor()) timing.predictor = time_steps(trainer, seconds / 2);
    }
    spec.training.predictor_steps = 1;
    auto trainer = Trainer(spec);
    if (trainer.predictor()) trainer.step(StepKind::both);
    timing.step = time_steps(trainer, seconds);
    return timing;
}

Timing time_brush_to_tiles(const Sampler& sampler, int tiles, int strokes) {
    Rng rng(1);
    auto labels = sampler.world().layout(sampler.size(), rng);
    std::vector<std::uint64_t> seeds(tiles);
    std::iota(seeds.begin(), seeds.end(), 1);
    sampler.sample(labels, seeds);
    std::vector<double> times;
    for (int i = 0; i < strokes; ++i) {
        dab(labels, static_cast<int>(sampler.world().classes().size()), rng);
        const auto start = Clock::now();
        sampler.sample(labels, seeds);
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
        const auto timing = time_steps(trainer, seconds / 4);
        ms += timing.median * timing.count;
        steps += timing.count;
    }
    return 1000 * steps / ms;
}

}  // namespace modescope
