#include "core/experiments/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/machine.h"
#include "core/experiments/plain_unet.h"
#include "core/experiments/stand_in.h"
#include "core/folders/folder.h"
#include "core/networks/networks.h"
#include "core/sampling/model_library.h"
#include "core/training/checkpoint.h"
#include "core/training/data.h"
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

double duration(const std::function<void()>& work) {
    const auto start = Clock::now();
    work();
    return ms_since(start);
}

/// The same K pictures of one drawing, drawn with fewer and fewer of the sampler's tricks.
class WaysToDraw {
public:
    WaysToDraw(const Sampler& sampler, int tiles) : WaysToDraw(read_checkpoint(sampler.path()), tiles) {
        classes_ = std::ssize(sampler.classes());
    }

    torch::Tensor plain(const Condition& x) const {
        return net_.forward(input(x).repeat({tiles_, 1, 1, 1}), noise_);
    }

    torch::Tensor encoder_once(const Condition& x) const {
        auto features = net_.encode(input(x));
        for (auto& level : features) level = level.expand({tiles_, -1, -1, -1});
        return net_.decode(features, noise_);
    }

    torch::Tensor phases(const Condition& x) const { return generator_->forward(input(x), noise_); }

    void compare(const Condition& x) const {
        constexpr double eight_bits = 1 / 255.;
        const auto expected = phases(x);
        for (const auto& found : {plain(x), encoder_once(x)})
            if ((found - expected).abs().max().item<double>() > eight_bits)
                throw std::logic_error("The plain forward draws other pictures than the network.");
    }

private:
    WaysToDraw(const Checkpoint& checkpoint, int tiles) : tiles_(tiles), net_(checkpoint) {
        auto random = at::detail::createCPUGenerator(1);
        generator_ = build_generator(checkpoint.spec, random);
        get(checkpoint, module_tensors("average.", *generator_));
        generator_->eval();
        noise_ = generator_->draw_noise(tiles, random);
    }

    torch::Tensor input(const Condition& x) const { return to_tensor(x, Task::labels, classes_); }

    std::int64_t tiles_, classes_ = 0;
    PlainUNet net_;
    std::shared_ptr<Generator> generator_;
    Noise noise_;
};

}  // namespace

Timing summarise(std::vector<double> times) {
    if (times.empty()) return {};
    std::ranges::sort(times);
    const auto at = [&](double share) {
        return times[static_cast<std::size_t>(share * (times.size() - 1) + 0.5)];
    };
    return {at(0.5), at(0.95), times.back(), static_cast<int>(times.size())};
}

StepTiming time_training(Spec spec, double seconds, const std::string& scratch) {
    const NoCache every_file_is_read;
    if (spec.data.source == "folder") adopt_folder(spec, write_stand_in(spec, scratch));
    StepTiming timing{.preset = spec.preset};
    return_free_memory();
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

TileTiming time_brush_to_tiles(const Sampler& sampler, int tiles, int strokes) {
    torch::NoGradGuard no_grad;
    if (!sampler.world() || sampler.task() != Task::labels)
        throw Error(fmt::format("{} takes no label maps of a world; time a model such as street-64-gan+pmr2.",
                                sampler.path()));
    Rng rng(1);
    Condition x{.labels = sampler.world()->layout(sampler.size(), rng).labels};
    std::vector<std::uint64_t> seeds(static_cast<std::size_t>(tiles));
    std::iota(seeds.begin(), seeds.end(), 1);
    const WaysToDraw ways(sampler, tiles);
    ways.compare(x);
    sampler.sample(x, seeds);
    std::array<std::vector<double>, 4> times;
    for (int i = 0; i < strokes; ++i) {
        dab(x.labels, static_cast<int>(sampler.classes().size()), rng);
        times[0].push_back(duration([&] { sampler.sample(x, seeds); }));
        times[1].push_back(duration([&] { ways.plain(x); }));
        times[2].push_back(duration([&] { ways.encoder_once(x); }));
        times[3].push_back(duration([&] { ways.phases(x); }));
    }
    return {summarise(times[0]), summarise(times[1]), summarise(times[2]), summarise(times[3])};
}

void write_variants(const std::string& model, int count, const std::string& folder) {
    auto checkpoint = read_checkpoint(find_model(model));
    for (int i = 0; i < count; ++i) {
        for (auto& [name, tensor] : checkpoint.tensors)
            if (tensor.is_floating_point()) tensor = tensor * 1.001;
        write_checkpoint(fmt::format("{}/{}-{}.safetensors", folder, checkpoint.spec.preset, i), checkpoint);
    }
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
