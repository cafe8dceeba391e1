#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "core/experiments/reproduce.h"
#include "core/metrics/lpips.h"
#include "core/sampling/model_library.h"
#include "core/training/run.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

/// Renderings that the true moments at one layout are taken from, and layouts the predictor is compared at.
constexpr int truth_renderings = 300, predicted_layouts = 8;
constexpr std::uint64_t predicted_stream = 0xFACADE;

double mean(const FloatImage& image) {
    return std::accumulate(image.data.begin(), image.data.end(), 0.0) /
           static_cast<double>(image.data.size());
}

double mean_difference(const FloatImage& a, const FloatImage& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i) sum += std::abs(a.data[i] - b.data[i]);
    return sum / static_cast<double>(a.data.size());
}

/// Empty without a predictor.
std::optional<PredictorError> predictor_error(const Sampler& sampler) {
    const auto& world = *sampler.world();
    const auto settings = task_settings(sampler.spec().data);
    double centre = 0, deviation = 0, unit = 0;
    for (int i = 0; i < predicted_layouts; ++i) {
        auto rng = Rng::at(predicted_stream, static_cast<std::uint64_t>(i));
        const auto example = draw_example(world, settings, rng);
        const auto predicted = sampler.predict(example.pair.x);
        if (!predicted) return {};
        const auto truth =
            true_moments(world, example.layout, hidden_from(world, example, settings), truth_renderings, rng);
        centre += mean_difference(predicted->mean, truth.mean);
        deviation += mean_difference(predicted->deviation, truth.deviation);
        unit += mean(truth.deviation);
    }
    return unit > 0 ? std::optional(PredictorError{centre / unit, deviation / unit}) : std::nullopt;
}

/// Adds what one model shows to the results of its configuration.
void measure(ImageResult& result, const std::string& path, const ImageEffort& effort, const Lpips* lpips,
             const std::function<void(double)>& progress) {
    const auto sampler = Sampler::load(path);
    const auto settings = task_settings(sampler->spec().data);
    std::vector<double> diversities;
    const auto draw = [&, plain = drawn_by(sampler)](const Example& example, int samples,
                                                     std::uint64_t seed) {
        auto pictures = plain(example, samples, seed);
        if (lpips) diversities.push_back(diversity(*lpips, pictures, PairProtocol::consecutive));
        return pictures;
    };
    result.scores.push_back(score_world(*sampler->world(), settings, draw, effort.layouts, effort.samples,
                                        [&](double share) { return progress(share), true; }));
    result.steps.push_back(sampler->steps());
    if (const auto error = predictor_error(*sampler)) result.predictor.push_back(*error);
    if (!diversities.empty()) result.lpips.push_back(summarise(diversities).mean);
}

std::shared_ptr<const Lpips> load_weights(const ImageEffort& effort) {
    return effort.lpips.empty() ? nullptr : Lpips::load(effort.lpips);
}

/// The run's folder, trained to its end. An interrupted one goes on.
void train_run(const Spec& spec, const std::string& directory, const std::function<void(double)>& progress) {
    Run run(spec,
            {.directory = directory, .resume = fs::exists(directory), .device = "auto", .observe = false});
    const auto steps = static_cast<double>(std::max<std::int64_t>(1, spec.training.steps));
    run.run_to(spec.training.steps);
    if (run.status().progress.step >= spec.training.steps) run.finish();
    while (!run.wait(std::chrono::seconds(1)))
        progress(static_cast<double>(run.status().progress.step) / steps);
    const auto status = run.status();
    if (status.state != RunState::finished) throw Error(fmt::format("{}: {}", directory, status.message));
}

}  // namespace

const std::vector<std::string>& image_presets() {
    static const std::vector<std::string> list{"street-64", "maps-64", "faces-sr-64", "faces-inpaint-64"};
    return list;
}

std::vector<Objective> image_configurations(const std::string& preset) {
    const bool has_labels = preset_spec(preset).data.task == "labels";
    std::vector<Objective> list;
    for (const char* text : {"gan", has_labels ? "gan+l1" : "gan+l2", "gan+pmr2"}) {
        auto spec = preset_spec(preset);
        set_objective(spec, text);
        list.push_back(spec.objective);
    }
    return list;
}

std::vector<ImageResult> measure_shipped_models(const ImageEffort& effort, const ShowProgress& progress) {
    const auto lpips = load_weights(effort);
    const auto models = shipped_models();
    std::vector<ImageResult> results;
    for (const auto& preset : image_presets())
        for (const auto& objective : image_configurations(preset)) {
            const auto name = preset + "-" + objective.id();
            const auto model = std::ranges::find(models, name, &ModelFile::name);
            if (model == models.end()) continue;
            ImageResult result{.preset = preset, .configuration = objective.id()};
            measure(result, model->path, effort, lpips.get(),
                    [&](double share) { progress(share, "measuring " + name); });
            results.push_back(std::move(result));
        }
    return results;
}

std::vector<ImageResult> reproduce_images(const std::string& directory, int seeds, const ImageEffort& effort,
                                          const ShowProgress& progress) {
    const auto lpips = load_weights(effort);
    std::error_code ignored;  // a folder that cannot be made is named by the run
    fs::create_directories(directory, ignored);
    std::vector<ImageResult> results;
    for (const auto& preset : image_presets())
        for (const auto& objective : image_configurations(preset)) {
            ImageResult result{.preset = preset, .configuration = objective.id()};
            for (int seed = 1; seed <= seeds; ++seed) {
                auto spec = preset_spec(preset);
                spec.objective = objective;
                spec.training.seed = seed;
                const auto name = fmt::format("{}-{}-seed{}", preset, objective.id(), seed);
                const auto run = (fs::path(directory) / name).string();
                train_run(spec, run, [&](double share) { progress(share, "training " + name); });
                measure(result, run + "/model.safetensors", effort, lpips.get(),
                        [&](double share) { progress(share, "measuring " + name); });
            }
            results.push_back(std::move(result));
        }
    return results;
}

}  // namespace modescope
