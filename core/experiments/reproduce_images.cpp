#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "core/base/machine.h"
#include "core/base/side_by_side.h"
#include "core/experiments/reproduce.h"
#include "core/metrics/lpips.h"
#include "core/metrics/sample_score.h"
#include "core/sampling/model_library.h"
#include "core/training/run.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

/// Renderings that the true moments at one layout are taken from, and layouts the predictor is compared at.
constexpr int truth_renderings = 300, predicted_layouts = 8;
constexpr std::uint64_t predicted_stream = 0xFACADE;
/// Of the time that measuring the shipped models takes.
constexpr double share_for_truth = 0.25;

/// What is true of a task, found out once for all its models.
struct TaskTruth {
    struct Place {
        Example example;
        Moments moments;
    };
    const World& world;
    TaskSettings settings;
    std::vector<KnownCondition> conditions;  ///< that samples are measured at
    std::vector<Place> predicted;            ///< that predictors are compared at
};

TaskTruth::Place predicted_place(const World& world, const TaskSettings& settings, std::size_t index) {
    auto rng = Rng::at(predicted_stream, index);
    auto example = draw_example(world, settings, rng);
    auto moments =
        true_moments(world, example.layout, hidden_from(world, example, settings), truth_renderings, rng);
    return {std::move(example), std::move(moments)};
}

TaskTruth find_truth(const World& world, const TaskSettings& settings, int layouts) {
    TaskTruth truth{.world = world,
                    .settings = settings,
                    .conditions = known_conditions(world, settings, layouts),
                    .predicted = std::vector<TaskTruth::Place>(predicted_layouts)};
    run_side_by_side(truth.predicted.size(),
                     [&](std::size_t i) { truth.predicted[i] = predicted_place(world, settings, i); });
    return truth;
}

class Truths {
public:
    explicit Truths(int layouts) : layouts_(layouts) {}

    const TaskTruth& of(const Sampler& sampler) {
        const auto& world = *sampler.world();
        const auto settings = task_settings(sampler.spec().data);
        for (const auto& known : known_)
            if (known->world.id() == world.id() && known->settings == settings) return *known;
        known_.push_back(std::make_unique<TaskTruth>(find_truth(world, settings, layouts_)));
        return *known_.back();
    }

private:
    int layouts_;
    std::vector<std::unique_ptr<const TaskTruth>> known_;
};

/// Empty without a predictor.
std::optional<PredictorError> predictor_error(const Sampler& sampler, const TaskTruth& truth) {
    double centre = 0, deviation = 0, unit = 0;
    for (const auto& [example, moments] : truth.predicted) {
        const auto predicted = sampler.predict(example.pair.x);
        if (!predicted) return {};
        centre += mean_difference(predicted->mean, moments.mean);
        deviation += mean_difference(predicted->deviation, moments.deviation);
        unit += mean(moments.deviation);
    }
    return unit > 0 ? std::optional(PredictorError{centre / unit, deviation / unit}) : std::nullopt;
}

/// Adds what one model shows to the results of its configuration.
void measure(ImageResult& result, const std::shared_ptr<const Sampler>& sampler, const TaskTruth& truth,
             int samples, const Lpips* lpips) {
    std::vector<double> diversities;
    const auto draw = [&, plain = drawn_by(sampler)](const Example& example, int count, std::uint64_t seed) {
        auto pictures = plain(example, count, seed);
        if (lpips) diversities.push_back(diversity(*lpips, pictures, PairProtocol::consecutive));
        return pictures;
    };
    result.scores.push_back(score_world(truth.world, truth.conditions, draw, samples));
    result.steps.push_back(sampler->steps());
    if (const auto error = predictor_error(*sampler, truth)) result.predictor.push_back(*error);
    if (!diversities.empty()) result.lpips.push_back(summarise(diversities).mean);
}

std::shared_ptr<const Lpips> load_weights(const ImageEffort& effort) {
    return effort.lpips.empty() ? nullptr : Lpips::load(effort.lpips);
}

/// The run's folder, trained to its end. An interrupted one goes on.
void train_run(const Spec& spec, const std::string& directory, const ImageEffort& effort,
               const std::function<void(double)>& progress) {
    // An empty folder is one in which a run could not begin.
    const bool begun = fs::exists(directory) && !fs::is_empty(directory);
    Run run(spec, {.directory = directory,
                   .resume = begun,
                   .threads = physical_cores(),
                   .device = "auto",
                   .observe = false});
    run.run_to(spec.training.steps);
    if (run.status().progress.step >= spec.training.steps) run.finish();
    bool stopped = false;
    while (!run.wait(std::chrono::milliseconds(500))) {
        progress(share_done(run.spec(), run.status().progress));
        if (!effort.stopped || !effort.stopped()) continue;
        stopped = true;
        run.finish();
    }
    const auto status = run.status();
    if (status.state != RunState::finished) throw Error(fmt::format("{}: {}", directory, status.message));
    if (stopped) throw Error(fmt::format("Stopped and saved in {}; the same command goes on.", directory));
}

std::string name_of(const ImageResult& result) { return result.preset + "-" + result.configuration; }

/// What the paper's figure compares, on every task.
std::vector<ImageResult> all_configurations() {
    std::vector<ImageResult> list;
    for (const auto& preset : image_presets())
        for (const auto& objective : image_configurations(preset))
            list.push_back({.preset = preset, .configuration = objective.id()});
    return list;
}

Spec spec_of(const ImageResult& result, std::uint64_t seed) {
    auto spec = preset_spec(result.preset);
    set_objective(spec, result.configuration);
    spec.training.seed = seed;
    return spec;
}

struct ShippedModel {
    ImageResult result;
    std::shared_ptr<const Sampler> sampler;
    const TaskTruth* truth = nullptr;
};

/// Those of the configurations that are compared.
std::vector<ShippedModel> load_shipped_models() {
    std::vector<ShippedModel> list;
    const auto files = shipped_models();
    for (const auto& result : all_configurations()) {
        const auto file = std::ranges::find(files, name_of(result), &ModelFile::name);
        if (file == files.end()) continue;
        const auto sampler = Sampler::load(file->path);
        if (sampler->world()) list.push_back({result, sampler});  // of a folder nothing is known to be true
    }
    return list;
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
    auto models = load_shipped_models();
    const auto share = [&](std::size_t index) {
        return static_cast<double>(index) / static_cast<double>(models.size());
    };
    Truths truths(effort.layouts);
    for (std::size_t i = 0; i < models.size(); ++i) {
        progress(share_for_truth * share(i), "rendering the truth of " + models[i].result.preset);
        models[i].truth = &truths.of(*models[i].sampler);
    }
    const auto measure_one = [&](std::size_t i) {
        auto& [result, sampler, truth] = models[i];
        measure(result, sampler, *truth, effort.samples, lpips.get());
    };
    run_side_by_side(models.size(), measure_one, [&](std::size_t i) {
        progress(share_for_truth + (1 - share_for_truth) * share(i),
                 "measuring " + name_of(models[i].result));
    });
    std::vector<ImageResult> results;
    for (auto& model : models) results.push_back(std::move(model.result));
    return results;
}

std::vector<ImageResult> reproduce_images(const std::string& directory, int seeds, const ImageEffort& effort,
                                          const ShowProgress& progress) {
    const auto lpips = load_weights(effort);
    std::error_code ignored;  // a folder that cannot be made is named by the run
    fs::create_directories(directory, ignored);
    Truths truths(effort.layouts);
    std::vector<ImageResult> results = all_configurations();
    const auto runs = static_cast<double>(results.size()) * seeds;
    int done = 0;
    for (auto& result : results)
        for (int seed = 1; seed <= seeds; ++seed, ++done) {
            const auto name = fmt::format("{}-seed{}", name_of(result), seed);
            const auto run = (fs::path(directory) / name).string();
            train_run(spec_of(result, seed), run, effort,
                      [&](double share) { progress((done + share) / runs, "training " + name); });
            progress((done + 1) / runs, "measuring " + name);
            const auto sampler = Sampler::load(run + "/model.safetensors");
            measure(result, sampler, truths.of(*sampler), effort.samples, lpips.get());
        }
    return results;
}

}  // namespace modescope
