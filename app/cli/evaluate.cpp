#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/metrics/world_score.h"
#include "core/sampling/model_library.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string model, world = "street", json;
    int layouts = 64, samples = 32, size = 64;
};

struct Subject {
    const World& world;
    int size;
    Draw draw;
    std::string configuration;
};

/// "truth" scores fresh renderings: what a perfect model would get.
Subject subject(const Options& options) {
    const auto& world = find_world(options.world);
    if (options.model == "truth") return {world, options.size, drawn_by(world), "truth"};
    const auto sampler = Sampler::load(find_model(options.model));
    if (sampler->world().id() != world.id())
        throw Error(fmt::format("{} was trained on the world {}, not on {}.", options.model,
                                sampler->world().id(), world.id()));
    return {world, sampler->size(), drawn_by(sampler), sampler->spec().objective.id()};
}

nlohmann::json to_json(const WorldScore& score) {
    nlohmann::json json{{"layouts", score.layouts},
                        {"samples", score.samples},
                        {"validity", score.validity},
                        {"match", score.match},
                        {"deviation", score.deviation},
                        {"true_deviation", score.true_deviation},
                        {"mean_error", score.mean_error},
                        {"deviation_error", score.deviation_error},
                        {"noise_sensitivity", score.noise_sensitivity},
                        {"best_of_k", score.best_of_k}};
    for (const auto& factor : score.factors)
        json["factors"][factor.id] = {{"entropy_ratio", factor.entropy_ratio},
                                      {"coverage", factor.coverage},
                                      {"all_found", factor.all_found},
                                      {"layouts", factor.layouts}};
    return json;
}

void print(const WorldScore& score) {
    fmt::print("{} layouts that no training saw × {} samples\n\n", score.layouts, score.samples);
    fmt::print("{:<18}{:>14}{:>10}{:>11}{:>9}\n", "factor", "entropy ratio", "coverage", "all found",
               "layouts");
    for (const auto& f : score.factors)
        fmt::print("{:<18}{:>14.3f}{:>10.3f}{:>11.3f}{:>9}\n", f.id, f.entropy_ratio, f.coverage, f.all_found,
                   f.layouts);
    fmt::print("\nvalidity           {:.3f}\n", score.validity);
    fmt::print("true pixels        {:.3f}  (mean share that agrees with the nearest rendering)\n",
               score.match);
    fmt::print("per-pixel σ        {:.4f}  (truth {:.4f})\n", score.deviation, score.true_deviation);
    fmt::print("noise sensitivity  {:.3f}  (Σσ̃² / Σσ²)\n", score.noise_sensitivity);
    fmt::print("|μ̃ − μ|            {:.4f}\n", score.mean_error);
    fmt::print("|σ̃ − σ|            {:.4f}\n", score.deviation_error);
    fmt::print("best of K          {:.4f}  (mean |y − ỹ|)\n", score.best_of_k);
}

void evaluate(const Options& options) {
    use_threads(physical_cores());
    const auto [world, size, draw, configuration] = subject(options);
    WorldScore score;
    {
        ProgressLine line;
        score = score_world(world, size, draw, options.layouts, options.samples, [&](double share) {
            line.show(share, options.model);
            return true;
        });
    }
    if (options.json != "-") print(score);
    auto json = to_json(score);
    json.update({{"model", options.model}, {"configuration", configuration}, {"world", world.id()}});
    write_json(options.json, json);
}

}  // namespace

void add_evaluate(CLI::App& app) {
    auto* command = app.add_subcommand(
        "evaluate",
        "Measure a model against the exact truth of its world: coverage, entropy, validity, moments.");
    auto options = std::make_shared<Options>();
    command->add_option("model", options->model, "A checkpoint, a shipped model's name, or truth")
        ->required();
    command->add_option("--world", options->world, "The world to measure in")->capture_default_str();
    command->add_option("--layouts", options->layouts, "Held-out conditions")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command->add_option("--samples", options->samples, "Samples per condition")
        ->check(CLI::Range(2, 4096))
        ->capture_default_str();
    command->add_option("--json", options->json, "Also write the figures to this file; - is standard output");
    command->callback([options] { evaluate(*options); });
}

}  // namespace modescope::cli
