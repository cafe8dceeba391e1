#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/training/run.h"

namespace modescope::cli {
namespace {

std::atomic<bool> interrupted{false};

struct Options {
    std::string preset, objective, out, resume;
    std::vector<std::string> assignments;
    int threads = physical_cores();
    double checkpoint_minutes = 5;
};

Spec spec_of(const Options& options) {
    auto spec = preset_spec(options.preset);
    if (!options.objective.empty()) spec.objective.weights = parse_objective(options.objective).weights;
    for (const auto& assignment : options.assignments) set_field(spec, assignment);
    check(spec);
    return spec;
}

std::string describe(const LogRow& row, double ms) {
    auto text = fmt::format("{} {}  {:.0f} ms", row.predictor ? "predictor" : "step", row.step, ms);
    for (const auto& [name, value] : row.values) text += fmt::format("  {} {:.4g}", name, value);
    return text;
}

/// The predictor's steps are counted like the generator's.
double share_done(const Spec& spec, const Progress& progress) {
    const double predictor =
        spec.objective.needs_predictor() ? static_cast<double>(spec.training.predictor_steps) : 0;
    const double done = static_cast<double>(progress.step) +
                        std::min(static_cast<double>(progress.predictor_step), predictor);
    return done / std::max(1.0, static_cast<double>(spec.training.steps) + predictor);
}

/// Shows the newest step that has losses until the run is over; an interrupt saves and ends it.
void follow(Run& run) {
    ProgressLine line;
    std::size_t cursor = 0;
    while (!run.wait(std::chrono::milliseconds(200))) {
        if (interrupted.exchange(false)) run.finish();
        const auto rows = run.log_since(cursor);
        const auto status = run.status();
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
            if (row->values.empty()) continue;
            line.show(share_done(run.spec(), status.progress), describe(*row, status.ms_per_step));
            break;
        }
    }
}

void report(const Run& run, const std::string& directory) {
    const auto status = run.status();
    if (status.state == RunState::failed || status.state == RunState::diverged)
        throw Error(fmt::format("{} The last good state is in {}.", status.message, directory));
    if (status.progress.step < run.spec().training.steps)
        fmt::print("Stopped at step {} and saved. Go on with: modescope train --resume {}\n",
                   status.progress.step, directory);
    else
        fmt::print("{} trained for {} steps: {}/model.safetensors\n", run.spec().objective.label(),
                   status.progress.step, directory);
}

void train(const Options& options) {
    const bool resume = !options.resume.empty();
    if (!resume && options.preset.empty()) throw Error("Name a preset to train, or --resume a run's folder.");
    if (!resume && options.out.empty()) throw Error("Say with --out in which new folder the run is kept.");
    const auto directory = resume ? options.resume : options.out;
    Run run(resume ? Spec() : spec_of(options), {.directory = directory,
                                                 .resume = resume,
                                                 .threads = options.threads,
                                                 .checkpoint_minutes = options.checkpoint_minutes,
                                                 .observe = false});
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGTERM, [](int) { interrupted = true; });
    run.run_to(run.spec().training.steps);
    follow(run);
    report(run, directory);
}

}  // namespace

void add_train(CLI::App& app) {
    auto* command =
        app.add_subcommand("train", "Train a preset into a folder, or go on with one; Ctrl-C saves.");
    auto options = std::make_shared<Options>();
    command->add_option("preset", options->preset, "What `modescope presets` lists");
    command->add_option("--out", options->out, "New folder for spec, log, sample grids and checkpoints");
    command->add_option("--objective", options->objective, "Loss configuration, such as \"gan+10*pmr2\"");
    command->add_option("--set", options->assignments, "Any of the keys below")->type_name("KEY=VALUE");
    command->add_option("--resume", options->resume, "Go on exactly where the run in this folder stopped");
    command->add_option("--threads", options->threads, "Threads for arithmetic")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->add_option("--checkpoint-minutes", options->checkpoint_minutes, "Time between checkpoints")
        ->check(CLI::Range(0.01, 1e6))
        ->capture_default_str();
    command->footer([] {
        return "\nPresets:\n" + describe_presets() + "\nLoss terms of --objective and objective.*:\n" +
               describe_terms() + "\nKeys of --set with the values of street-64:\n" +
               describe_keys(preset_spec("street-64"));
    });
    command->callback([options] { train(*options); });
}

}  // namespace modescope::cli
