#include "core/experiments/reproduce.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/machine.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string only = "toy", json;
    int seeds = 3;
    std::int64_t steps = 3000;
};

double spread(const std::vector<ToyScore>& seeds, double ToyScore::*value, double mean) {
    double sum = 0;
    for (const auto& score : seeds) sum += std::pow(score.*value - mean, 2);
    return seeds.size() > 1 ? std::sqrt(sum / static_cast<double>(seeds.size() - 1)) : 0;
}

nlohmann::json to_json(const ToyScore& s) {
    return {{"w1", s.w1},
            {"minor_mode", s.minor_mode},
            {"valid", s.valid},
            {"noise", s.decomposition.noise},
            {"bias2", s.decomposition.bias2},
            {"variance", s.decomposition.variance}};
}

nlohmann::json to_json(const std::vector<ToyResult>& results) {
    auto rows = nlohmann::json::array();
    for (const auto& result : results) {
        auto row = to_json(result.mean);
        row["configuration"] = result.objective.id();
        row["label"] = result.objective.label();
        row["ms_per_step"] = result.ms_per_step;
        for (const auto& seed : result.seeds) row["seeds"].push_back(to_json(seed));
        rows.push_back(row);
    }
    return rows;
}

/// Labels hold characters of several bytes, which a width in bytes would misplace.
std::string padded(const std::string& text, std::size_t width) {
    std::size_t characters = 0;
    for (const unsigned char c : text) characters += (c & 0xC0) != 0x80;
    return text + std::string(width > characters ? width - characters : 0, ' ');
}

void print(const std::vector<ToyResult>& results, const Options& options) {
    fmt::print("The Y-shaped toy after {} steps, mean ± standard deviation of {} seeds\n\n", options.steps,
               options.seeds);
    fmt::print("{}{:>16}{:>13}{:>8}{:>9}{:>9}{:>10}{:>9}\n", padded("configuration", 16), "W1", "minor mode",
               "valid", "noise", "bias²", "variance", "ms/step");
    for (const auto& [objective, seeds, mean, ms] : results)
        fmt::print("{}{:>8.4f} ± {:.4f}{:>13.3f}{:>8.3f}{:>9.4f}{:>8.4f}{:>10.4f}{:>9.2f}\n",
                   padded(objective.label(), 16), mean.w1, spread(seeds, &ToyScore::w1, mean.w1),
                   mean.minor_mode, mean.valid, mean.decomposition.noise, mean.decomposition.bias2,
                   mean.decomposition.variance, ms);
}

void reproduce(const Options& options) {
    use_threads(1);
    std::vector<ToyResult> results;
    {
        ProgressLine line;
        results = reproduce_toy(options.seeds, options.steps,
                                [&](double share, const std::string& what) { line.show(share, what); });
    }
    if (options.json != "-") print(results, options);
    write_json(options.json, {{"toy", to_json(results)}, {"steps", options.steps}});
}

}  // namespace

void add_reproduce(CLI::App& app) {
    auto* command = app.add_subcommand(
        "reproduce", "Train the paper's configurations and print how near each comes to the truth.");
    auto options = std::make_shared<Options>();
    command->add_option("--only", options->only, "Which part: toy")
        ->check(CLI::IsMember({"toy"}))
        ->capture_default_str();
    command->add_option("--seeds", options->seeds, "Seeds per configuration")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--steps", options->steps, "Generator steps")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command->add_option("--json", options->json, "Also write the figures to this file; - is standard output");
    command->callback([options] { reproduce(*options); });
}

}  // namespace modescope::cli
