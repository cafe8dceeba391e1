#include "core/experiments/reproduce.h"

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/experiments/claims_report.h"
#include "core/metrics/lpips.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string only, json, html, lpips, runs = "reproduce-runs";
    int seeds = 3;
    std::int64_t steps = 3000;
    bool quick = false, full = false;
};

/// Labels hold characters of several bytes, which a width in bytes would misplace.
std::string padded(const std::string& text, std::size_t width) {
    std::size_t characters = 0;
    for (const unsigned char c : text)
        characters += (c & 0xC0) != 0x80 && c != 0xCC;  // 0xCC: combining marks
    return text + std::string(width > characters ? width - characters : 0, ' ');
}

void print_toy(const std::vector<ToyResult>& results, const Options& options) {
    if (results.empty()) return;
    fmt::print("The Y-shaped toy after {} steps, mean ± half the 95 % interval of {} seeds\n\n",
               options.steps, options.seeds);
    fmt::print("{}{:>16}{:>13}{:>8}{:>9}{:>9}{:>10}\n", padded("configuration", 16), "W1", "minor mode",
               "valid", "noise", "bias²", "variance");
    for (const auto& [objective, trials, mean] : results) {
        std::vector<double> w1;
        for (const auto& trial : trials) w1.push_back(trial.score.w1);
        const auto interval = estimate(w1).interval;
        const auto half = interval ? fmt::format("{:.4f}", interval->high - mean.w1) : std::string("–");
        fmt::print("{}{:>8.4f} ± {}{:>13.3f}{:>8.3f}{:>9.4f}{:>8.4f}{:>10.4f}\n",
                   padded(objective.label(), 16), mean.w1, padded(half, 6), mean.minor_mode, mean.valid,
                   mean.decomposition.noise, mean.decomposition.bias2, mean.decomposition.variance);
    }
    fmt::print("\n");
}

void print(const std::vector<TestedClaim>& tested) {
    int number = 0;
    for (const auto& [claim, figure, verdict] : tested) {
        if (claim->number != number) fmt::print("\n{}. {}\n", claim->number, topic(claim->number));
        number = claim->number;
        fmt::print("   {} {} {} {}\n", padded(name_of(verdict), 14), padded(claim->claim, 52),
                   padded(figure.missing.empty() ? figure_text(figure) : figure.missing, 34),
                   figure.missing.empty() ? claim->criterion.text() : "");
    }
    fmt::print("\n{}.\n", summary_of(tested));
}

Evidence gather(const Options& options) {
    Evidence evidence;
    ProgressLine line;
    const auto show = [&](double share, const std::string& what) { line.show(share, what); };
    if (options.only != "images") evidence.toy = reproduce_toy(options.seeds, options.steps, show);
    const ImageEffort effort{.lpips = options.lpips, .stopped = take_interrupt};
    if (options.full) catch_interrupts();
    if (options.only != "toy")
        evidence.images = options.full ? reproduce_images(options.runs, options.seeds, effort, show)
                                       : measure_shipped_models(effort, show);
    return evidence;
}

void reproduce(Options options) {
    use_threads(1);
    if (options.lpips.empty() && std::getenv("MODESCOPE_LPIPS")) options.lpips = find_lpips_weights();
    EvidenceSource source{
        .full = options.full, .seeds = options.seeds, .toy_steps = options.steps, .lpips = {}};
    if (!options.lpips.empty()) {
        const auto lpips = Lpips::load(options.lpips);
        source.lpips = lpips->net() + " " + lpips->version();
    }
    const auto evidence = gather(options);
    const auto tested = test_claims(evidence);
    if (options.json != "-") print_toy(evidence.toy, options);
    if (options.json != "-") print(tested);
    write_json(options.json, claims_to_json(tested, evidence, source));
    if (!options.html.empty()) write_file(options.html, claims_to_html(tested, evidence, source));
}

}  // namespace

void add_reproduce(CLI::App& app) {
    auto* command = app.add_subcommand(
        "reproduce",
        "Test the paper's claims: train the toy's configurations, measure the image models, and say for each "
        "claim how it was measured, its figure with a 95 % interval over seeds, and whether it holds.");
    auto options = std::make_shared<Options>();
    auto* quick = command->add_flag("--quick", options->quick,
                                    "Train the toy and measure the shipped models (the default)");
    auto* full =
        command->add_flag("--full", options->full, "Train the image models, too; takes days on a CPU")
            ->excludes(quick);
    command->add_option("--only", options->only, "One part: toy or images")
        ->check(CLI::IsMember({"toy", "images"}));
    command->add_option("--seeds", options->seeds, "Seeds per configuration")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--steps", options->steps, "Generator steps of the toy")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command->add_option("--runs", options->runs, "Folder of --full's runs; what is in it goes on")
        ->capture_default_str()
        ->needs(full);
    command
        ->add_option("--lpips", options->lpips, "LPIPS weights; else what MODESCOPE_LPIPS names, if anything")
        ->type_name("FILE");
    command->add_option("--html", options->html, "Write a report that needs no other file")
        ->type_name("FILE");
    add_json_option(*command, options->json);
    command->callback([options] { reproduce(*options); });
}

}  // namespace modescope::cli
