#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/folders/folder.h"
#include "core/metrics/lpips.h"
#include "core/metrics/sample_score.h"
#include "core/metrics/world_score.h"
#include "core/sampling/model_library.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string model, world, json, lpips, data, task;
    int layouts = 64, samples = 32, size = 0;
};

/// LPIPS where weights are given or named by the environment; null where not.
std::shared_ptr<const Lpips> load_lpips(const Options& options) {
    if (options.lpips.empty() && !std::getenv("MODESCOPE_LPIPS")) return nullptr;
    return Lpips::load(find_lpips_weights(options.lpips));
}

/// Whose samples are measured against a world's truth.
struct Subject {
    const World& world;
    TaskSettings settings;
    Draw draw;
    std::string configuration;
};

/// Fresh renderings: what a perfect model would get.
Subject truth(const Options& options) {
    const DataSpec data{.source = options.world.empty() ? "street" : options.world,
                        .task = options.task.empty() ? "labels" : options.task,
                        .size = options.size == 0 ? 64 : options.size};
    check(data);
    const auto& world = find_world(data.source);
    const auto settings = task_settings(data);
    return {world, settings, drawn_by(world, settings), "truth"};
}

Subject subject(const Options& options, std::shared_ptr<const Sampler> sampler) {
    const auto* world = sampler->world();
    if (!options.world.empty() && world->id() != options.world)
        throw Error(fmt::format("{} was trained on the world {}, not on {}.", options.model, world->id(),
                                options.world));
    return {*world, task_settings(sampler->spec().data), drawn_by(sampler), sampler->spec().objective.id()};
}

/// The same drawing, which also notes how diverse each condition's samples are.
Draw noting(Draw draw, const Lpips* lpips, std::vector<double>& diversities) {
    if (!lpips) return draw;
    return [draw, lpips, &diversities](const Example& example, int samples, std::uint64_t seed) {
        auto pictures = draw(example, samples, seed);
        diversities.push_back(diversity(*lpips, pictures, PairProtocol::consecutive));
        return pictures;
    };
}

nlohmann::json to_json(const DiversityScore& score, const Lpips& lpips) {
    nlohmann::json json{{"mean", score.mean},
                        {"conditions", score.conditions},
                        {"net", lpips.net()},
                        {"version", lpips.version()},
                        {"pairs", name_of(PairProtocol::consecutive)}};
    if (score.interval) json["interval"] = *score.interval;
    return json;
}

void print(const DiversityScore& score, const Lpips& lpips) {
    fmt::print("LPIPS diversity    {:.4f}", score.mean);
    if (score.interval) fmt::print(" ± {:.4f}", *score.interval);
    fmt::print("  (v{}, {}, {} pairs, {} conditions)\n", lpips.version(), lpips.net(),
               name_of(PairProtocol::consecutive), score.conditions);
}

void print(const WorldScore& score) {
    fmt::print("{} layouts that no training saw × {} samples\n\n", score.layouts, score.samples);
    fmt::print("{:<18}{:>14}{:>10}{:>11}{:>9}\n", "factor", "entropy ratio", "coverage", "all found",
               "layouts");
    for (const auto& f : score.factors)
        if (f.layouts > 0)
            fmt::print("{:<18}{:>14.3f}{:>10.3f}{:>11.3f}{:>9}\n", f.id, f.entropy_ratio, f.coverage,
                       f.all_found, f.layouts);
    fmt::print("\nvalidity           {:.3f}\n", score.validity);
    fmt::print("true pixels        {:.3f}  (mean share that agrees with the nearest rendering)\n",
               score.match);
    fmt::print("per-pixel σ        {:.4f}  (truth {:.4f})\n", score.deviation, score.true_deviation);
    fmt::print("noise sensitivity  {:.3f}  (Σσ̃² / Σσ²)\n", score.noise_sensitivity);
    fmt::print("|μ̃ − μ|            {:.4f}\n", score.mean_error);
    fmt::print("|σ̃ − σ|            {:.4f}\n", score.deviation_error);
    fmt::print("best of K          {:.4f}  (mean |y − ỹ|)\n", score.best_of_k);
}

/// What both kinds of measurement report of LPIPS.
void add_diversity(nlohmann::json& json, const Options& options, const Lpips* lpips,
                   const std::vector<double>& diversities) {
    if (!lpips || diversities.empty()) return;
    const auto score = summarise(diversities);
    if (options.json != "-") print(score, *lpips);
    json["lpips"] = to_json(score, *lpips);
}

nlohmann::json evaluate_in_world(const Options& options, const Subject& subject) {
    const auto lpips = load_lpips(options);
    std::vector<double> diversities;
    WorldScore score;
    {
        ProgressLine line;
        score = score_world(subject.world, subject.settings, noting(subject.draw, lpips.get(), diversities),
                            options.layouts, options.samples, [&](double share) {
                                line.show(share, options.model);
                                return true;
                            });
    }
    if (options.json != "-") print(score);
    auto json = to_json(score);
    json.update({{"configuration", subject.configuration},
                 {"world", subject.world.id()},
                 {"task", info(subject.settings.task).id}});
    add_diversity(json, options, lpips.get(), diversities);
    return json;
}

/// Nobody knows the true distribution of a folder: only what the samples and held-out targets tell.
nlohmann::json evaluate_on_folder(const Options& options, std::shared_ptr<const Sampler> sampler) {
    auto data = sampler->spec().data;
    if (!options.data.empty()) data.folder = options.data;
    const auto pairs = open_folder(data, static_cast<std::uint64_t>(sampler->spec().training.seed));
    const auto conditions = std::min<std::int64_t>(options.layouts, pairs->held_out_count());
    const auto lpips = load_lpips(options);
    const auto draw = [&](const Condition& x, int samples, std::uint64_t seed) {
        std::vector<std::uint64_t> seeds(samples);
        std::iota(seeds.begin(), seeds.end(), seed);
        return sampler->sample(x, seeds);
    };
    ProgressLine line;
    const auto score = score_samples(*pairs, draw, static_cast<int>(conditions), options.samples, lpips.get(),
                                     [&](double share) {
                                         line.show(share, options.model);
                                         return true;
                                     });
    if (options.json != "-")
        fmt::print(
            "{} held-out conditions of {} × {} samples\nper-pixel σ        {:.4f}\nbest of K          {:.4f} "
            " (mean |y − ỹ|)\n",
            score.conditions, data.folder, score.samples, score.deviation, score.best_of_k);
    nlohmann::json json{{"configuration", sampler->spec().objective.id()},
                        {"folder", data.folder},
                        {"task", data.task},
                        {"layouts", score.conditions},
                        {"samples", score.samples},
                        {"deviation", score.deviation},
                        {"best_of_k", score.best_of_k}};
    add_diversity(json, options, lpips.get(), score.diversities);
    return json;
}

/// What would be passed over.
void refuse(bool given, const char* option, const char* reason) {
    if (given) throw Error(fmt::format("{} is only for {}; leave it out.", option, reason));
}

void check(const Options& options, const Sampler* sampler) {
    const bool in_world = !sampler || sampler->world();
    refuse(sampler && !options.task.empty(), "--task", "the truth, as a model has its own");
    refuse(sampler && options.size != 0, "--size", "the truth, as a model has its own");
    refuse(in_world && !options.data.empty(), "--data", "models that were trained on a folder");
    refuse(!in_world && !options.world.empty(), "--world", "models that were trained on one");
}

void evaluate(const Options& options) {
    use_threads(physical_cores());
    nlohmann::json json;
    if (options.model == "truth") {
        check(options, nullptr);
        json = evaluate_in_world(options, truth(options));
    } else {
        const auto sampler = Sampler::load(find_model(options.model));
        check(options, sampler.get());
        json = sampler->world() ? evaluate_in_world(options, subject(options, sampler))
                                : evaluate_on_folder(options, sampler);
    }
    json["model"] = options.model;
    write_json(options.json, json);
}

}  // namespace

void add_evaluate(CLI::App& app) {
    auto* command = app.add_subcommand("evaluate",
                                       "Measure a model: against the exact truth of its world (coverage, "
                                       "entropy, validity, moments), or on its "
                                       "folder (diversity, best of K).");
    auto options = std::make_shared<Options>();
    command->add_option("model", options->model, "A checkpoint, a shipped model's name, or truth")
        ->required();
    command->add_option("--world", options->world, "The world to measure in; else the model's own");
    command->add_option("--task", options->task, "The task, for truth; else labels");
    command->add_option("--size", options->size, "Side in pixels, for truth; else 64")
        ->check(CLI::Range(16, 1024));
    command->add_option("--layouts", options->layouts, "Held-out conditions, or as many as the folder has")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command
        ->add_option(
            "--lpips", options->lpips,
            "LPIPS weights (.safetensors) for the diversity; else what MODESCOPE_LPIPS names, if anything")
        ->type_name("FILE");
    command->add_option("--data", options->data, "Where the folder of a model trained on one lies now")
        ->type_name("DIR");
    command->add_option("--samples", options->samples, "Samples per condition")
        ->check(CLI::Range(2, 4096))
        ->capture_default_str();
    add_json_option(*command, options->json);
    command->callback([options] { evaluate(*options); });
}

}  // namespace modescope::cli
