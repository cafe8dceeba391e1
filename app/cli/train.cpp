#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "app/cli/commands.h"
#include "core/base/error.h"
#include "core/base/machine.h"
#include "core/base/shell.h"
#include "core/base/text.h"
#include "core/folders/folder.h"
#include "core/sampling/model_library.h"
#include "core/training/run.h"
#include "core/worlds/toy.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string preset, objective, data, out, start, resume, device = "auto";
    std::vector<std::string> assignments;
    int threads = physical_cores();
    double checkpoint_minutes = 5;
};

/// A shape, points, or a file of them.
std::string toy_named(const std::string& data) {
    const bool is_shape = std::ranges::find(toy_shapes(), data, &ToyShape::id) != toy_shapes().end();
    if (is_shape || is_points_text(data)) return data;
    std::error_code unknown;
    if (std::filesystem::exists(data, unknown)) return to_text(read_points(data));
    throw Error(fmt::format("There is no file {}, and no distribution of that name: {}.", shown(data),
                            toy_shape_names()));
}

void adopt_data(Spec& spec, const std::string& data) {
    if (spec.data.source == "toy")
        find_field("data.toy").set(spec, toy_named(data));
    else
        adopt_folder(spec, data);
}

Spec spec_of(const Options& options, const std::string& start) {
    auto spec = preset_to_start(options.preset, start);
    configure(spec, options.assignments, options.objective);
    if (!options.data.empty()) adopt_data(spec, options.data);
    check(spec);
    return spec;
}

std::string describe(const LogRow& row, double ms) {
    auto text = fmt::format("{} {}  {:.0f} ms", row.predictor ? "predictor" : "step", row.step, ms);
    for (const auto& [name, value] : row.values) text += fmt::format("  {} {:.4g}", name, value);
    return text;
}

/// Shows the newest step that has losses until the run is over; an interrupt saves and ends it.
void follow(Run& run) {
    ProgressLine line;
    std::string problem;
    std::size_t cursor = 0;
    bool predictor_ready = true;
    while (!run.wait(std::chrono::milliseconds(200))) {
        if (take_interrupt()) run.finish();
        if (!run.first()) continue;
        const auto rows = run.log_since(cursor);
        const auto status = run.status();
        if (status.message != problem && !status.message.empty()) line.note(status.message);
        problem = status.message;
        if (status.progress.predictor_ready != predictor_ready) line.restart_clock();
        predictor_ready = status.progress.predictor_ready;
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
            if (row->values.empty()) continue;
            line.show(share_done(run.spec(), status.progress), describe(*row, status.ms_per_step));
            break;
        }
    }
}

/// What a run that did not end well can go on from.
std::string describe_saved(const RunStatus& status, const std::string& directory) {
    if (!status.saved) return fmt::format("Nothing is saved in {}.", directory);
    const auto& saved = *status.saved;
    if (saved.predictor_ready) return fmt::format("Step {} is saved in {}.", saved.step, directory);
    return fmt::format("The predictor's step {} is saved in {}.", saved.predictor_step, directory);
}

/// Of several processes, only the first knows what is saved.
[[noreturn]] void fail(const Run& run, const RunStatus& status, const std::string& directory) {
    const auto said = run.first() ? status.message + " " + describe_saved(status, directory) : status.message;
    if (status.internal) throw std::runtime_error(said);
    throw Error(said);
}

void tell_left_out(const std::vector<BadFile>& files) {
    if (files.empty()) return;
    const auto& [path, problem] = files.front();
    fmt::print(stderr, "Passed over in the folder: {} {}{}\n", path, problem,
               files.size() == 1 ? "" : fmt::format(" modescope check lists all {}.", files.size()));
}

/// Where reading holds the training up, which nothing else shows.
void tell_waiting(const RunStatus& status) {
    constexpr double worth_telling = 0.05;
    const double share = status.trained_ms > 0 ? status.waited_ms / status.trained_ms : 0;
    if (share > worth_telling)
        fmt::print("{:.0f} % of the time it waited for data to be read.\n", 100 * share);
}

void report(const Run& run, const std::string& directory) {
    const auto status = run.status();
    if (run.first()) tell_left_out(status.left_out);
    if (status.state == RunState::failed || status.state == RunState::diverged) fail(run, status, directory);
    if (!run.first()) return;
    tell_waiting(status);
    if (status.progress.step < run.spec().training.steps)
        fmt::print("Stopped at step {} and saved. Go on with: modescope train --resume {}\n",
                   status.progress.step, shell_word(directory));
    else
        fmt::print("{} trained for {} steps: {}/model.safetensors\n", run.spec().objective.label(),
                   status.progress.step, directory);
}

void train(const Options& options) {
    const bool resume = !options.resume.empty();
    if (!resume && options.preset.empty()) throw Error("Name a preset to train, or --resume a run's folder.");
    if (!resume && options.out.empty()) throw Error("Say with --out in which new folder the run is kept.");
    const auto directory = resume ? options.resume : options.out;
    const auto start = options.start.empty() ? "" : find_model(options.start);
    Run run(resume ? Spec() : spec_of(options, start), {.directory = directory,
                                                        .resume = resume,
                                                        .moved_data = resume ? options.data : "",
                                                        .start = start,
                                                        .threads = options.threads,
                                                        .device = options.device,
                                                        .checkpoint_minutes = options.checkpoint_minutes,
                                                        .observe = false,
                                                        .join_processes = true});
    catch_interrupts();
    const auto steps = run.spec().training.steps;
    run.run_to(steps);
    if (run.status().progress.step >= steps) run.finish();
    follow(run);
    report(run, directory);
}

std::string describe_toys() {
    std::string text;
    for (const auto& shape : toy_shapes()) text += fmt::format("  {:<12}{}\n", shape.id, shape.help);
    return text + "  FILE.csv    points of x,y, scaled to the toy's plane\n";
}

constexpr const char* several_processes = R"(
Several processes, on one machine or more: start the same command WORLD_SIZE times with RANK = 0, 1, … Each
takes training.batch pairs of a step, so that two train as one with twice the batch. LOCAL_RANK picks the
CUDA device, RANK 0 writes the folder and reports, Ctrl-C in any of them saves and ends all. On a CPU, give
each its part of the cores with --threads. By hand; with torchrun; in a batch script of Slurm (mpirun sets
OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_LOCAL_RANK and OMPI_COMM_WORLD_SIZE likewise):
  export MASTER_ADDR=127.0.0.1 MASTER_PORT=29500 WORLD_SIZE=2
  for r in 0 1; do RANK=$r LOCAL_RANK=$r modescope train PRESET --out run & done; wait

  torchrun --no_python --nproc_per_node=2 modescope train PRESET --out run

  export MASTER_ADDR=$(hostname) MASTER_PORT=29500
  srun sh -c 'RANK=$SLURM_PROCID LOCAL_RANK=$SLURM_LOCALID WORLD_SIZE=$SLURM_NTASKS \
    modescope train PRESET --out run'
)";

}  // namespace

void add_train(CLI::App& app) {
    auto* command =
        app.add_subcommand("train", "Train a preset into a folder, or go on with one; Ctrl-C saves.");
    auto options = std::make_shared<Options>();
    command->add_option("preset", options->preset, "What `modescope presets` lists");
    command->add_option("--out", options->out, "New folder for spec, log, sample grids and checkpoints");
    command->add_option("--objective", options->objective, "Loss configuration, such as \"gan+10*pmr2\"");
    command
        ->add_option(
            "--data", options->data,
            "Folder of pictures to train on; `modescope check` tells what it is. With --resume, where it "
            "lies "
            "now. Of the toy: the name of a distribution, as `modescope train --help` lists them, or a "
            "CSV file of x,y")
        ->type_name("DIR|FILE");
    command->add_option("--set", options->assignments, "Any of the keys below; may be given several times")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command
        ->add_option(
            "--start", options->start,
            "Start with the weights of G and P of this model, a file or a shipped one, instead of random "
            "ones; the preset has to be that model's, and network.* of G and P is as it was there. A run's "
            "checkpoint.safetensors brings its D along")
        ->type_name("MODEL");
    auto* resume = command->add_option("--resume", options->resume,
                                       "Go on exactly where the run in this folder stopped, with its spec");
    for (const char* of_new_run : {"preset", "--out", "--objective", "--set", "--start"})
        resume->excludes(of_new_run);
    command->add_option("--threads", options->threads, "Threads for arithmetic")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->add_option("--device", options->device, "Where to compute; auto takes CUDA where there is some")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->capture_default_str();
    command->add_option("--checkpoint-minutes", options->checkpoint_minutes, "Time between checkpoints")
        ->check(CLI::Range(0.01, 1e6))
        ->capture_default_str();
    command->footer([] {
        return "\nPresets:\n" + describe_presets() + "\nLoss terms of --objective and objective.*:\n" +
               describe_terms() + "\nDistributions of the toy, for --data:\n" + describe_toys() +
               "\nKeys of --set with the values of street-64:\n" + describe_keys(preset_spec("street-64")) +
               several_processes;
    });
    command->callback([options] { train(*options); });
}

}  // namespace modescope::cli
