#include "core/experiments/bench.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/commands.h"
#include "app/gui.h"
#include "core/base/machine.h"
#include "core/sampling/model_library.h"
#include "core/training/spec.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string model = "street-64-gan+pmr2", json;
    double seconds = 5;
    std::vector<std::string> only;      ///< presets; empty for all that are timed without asking
    std::vector<std::string> settings;  ///< of these
    bool frames = true, paper = false, soak = false, scrub_only = false, compare_only = false;
};

/// A folder that goes away with it.
class ScratchFolder {
public:
    ScratchFolder()
        : path_(std::filesystem::temp_directory_path() / fmt::format("modescope-bench-{}", ::getpid())) {}
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

nlohmann::json to_json(const Timing& t) {
    return {{"median", t.median}, {"p95", t.p95}, {"max", t.max}, {"count", t.count}};
}

void print(const std::string& what, const Timing& t) {
    fmt::print("{:<34}{:>9.2f}{:>9.2f}{:>9.2f}{:>7}\n", what, t.median, t.p95, t.max, t.count);
    std::fflush(stdout);
}

bool is_paper(const Preset& preset) { return preset.spec().data.source == "folder"; }

nlohmann::json to_json(const StepTiming& t) {
    return {{"generator", to_json(t.generator)}, {"discriminator", to_json(t.discriminator)},
            {"predictor", to_json(t.predictor)}, {"both", t.both()},
            {"peak_mb", t.peak_megabytes},       {"waiting_for_data", t.waiting}};
}

void print(const StepTiming& t) {
    print(t.preset + ", G step", t.generator);
    print(t.preset + ", D step", t.discriminator);
    print(t.preset + ", P step", t.predictor);
    fmt::print("{:<34}{:>9.0f} MB at most, {:.1f} % of the time waiting for data\n", "", t.peak_megabytes,
               100 * t.waiting);
}

std::vector<Spec> specs_to_time(const Options& options) {
    std::vector<Spec> specs;
    for (const auto& id : options.only) {
        specs.push_back(preset_spec(id));
        configure(specs.back(), options.settings, {});
    }
    if (!options.only.empty()) return specs;
    for (const auto& preset : presets())
        if (options.paper || !is_paper(preset)) specs.push_back(preset.spec());
    return specs;
}

nlohmann::json bench_training(const std::vector<Spec>& specs, double seconds) {
    nlohmann::json json;
    const ScratchFolder scratch;
    for (const auto& spec : specs) {
        const auto timing = time_training(spec, seconds, scratch.path());
        json[spec.preset] = to_json(timing);
        print(timing);
    }
    return json;
}

nlohmann::json bench_tiles(const Options& options) {
    constexpr int tiles = 8, strokes = 200;
    const auto sampler = Sampler::load(find_model(options.model));
    const auto timing = time_brush_to_tiles(*sampler, tiles, strokes);
    print(fmt::format("brush to {} tiles, {} × {}", tiles, sampler->size(), sampler->size()), timing.tiles);
    print("  without direct convolutions", timing.phases);
    print("  without phase convolutions either", timing.encoder_once);
    print("  and the encoder K times: plain", timing.plain);
    fmt::print("{:<34}{:>9.1f} times faster than the plain forward\n", "", timing.ratio());
    return {{"tiles", to_json(timing.tiles)},
            {"without_direct_convolutions", to_json(timing.phases)},
            {"without_phases", to_json(timing.encoder_once)},
            {"plain", to_json(timing.plain)},
            {"times_faster_than_plain", timing.ratio()}};
}

#ifdef MODESCOPE_GUI
nlohmann::json to_json(const PaintTiming& t) {
    return {{"strokes", t.strokes},
            {"resamples", t.resamples},
            {"stall_ms", to_json(t.stalls)},
            {"resident_mb_at_10_percent", t.megabytes_early},
            {"resident_mb_at_the_end", t.megabytes}};
}

nlohmann::json bench_scrubbing() {
    constexpr int frames = 300;
    const auto t = time_scrubbing(frames);
    print(fmt::format("scrubbing {} toys, {} steps", t.panels, t.steps), t.frames);
    fmt::print("{:<34}{:>9.0f} frames a second, {:.0f} MB of pasts in a process of {:.0f} MB\n", "",
               t.per_second(), t.timelines_megabytes, t.megabytes);
    return {{"panels", t.panels},
            {"steps", t.steps},
            {"frame_ms", to_json(t.frames)},
            {"frames_per_s", t.per_second()},
            {"timelines_mb", t.timelines_megabytes},
            {"resident_mb", t.megabytes}};
}

nlohmann::json bench_comparing(const Options& options) {
    const auto t = time_comparing(options.model);
    fmt::print("{:<34}first pictures in {:.0f} ms, all in {:.0f} ms, the figures of {} inputs in {:.1f} s\n",
               fmt::format("comparing {} models × {} noises", t.models, t.samples), t.first_pictures,
               t.all_pictures, t.conditions, t.figures_seconds);
    return {{"models", t.models},
            {"samples", t.samples},
            {"conditions", t.conditions},
            {"first_pictures_ms", t.first_pictures},
            {"all_pictures_ms", t.all_pictures},
            {"figures_s", t.figures_seconds}};
}

nlohmann::json bench_painting(const Options& options) {
    return_free_memory();
    const auto timing = options.soak ? time_painting(1000, 10000) : time_painting(20, 50);
    print("window stalls while painting", timing.stalls);
    fmt::print("{:<34}{:>9.1f} MB after a tenth, {:.1f} MB after {} strokes and {} resamples\n", "",
               timing.megabytes_early, timing.megabytes, timing.strokes, timing.resamples);
    return to_json(timing);
}
#endif

void bench(const Options& options) {
    const auto specs = specs_to_time(options);  // a wrong one is refused before anything is timed
    use_threads(physical_cores());
    fmt::print("{} threads; milliseconds\n{:<34}{:>9}{:>9}{:>9}{:>7}\n", physical_cores(), "", "median",
               "p95", "max", "n");
    nlohmann::json json;
    json["threads"] = physical_cores();
    if (!options.only.empty()) {
        json["train_step_ms"] = bench_training(specs, options.seconds);
        return write_json(options.json, json);
    }
#ifdef MODESCOPE_GUI
    if (options.compare_only) {
        json["comparing"] = bench_comparing(options);
        return write_json(options.json, json);
    }
    if (options.frames) json["scrubbing"] = bench_scrubbing();  // first, for the memory is the process's
    if (options.scrub_only) return write_json(options.json, json);
#endif
    json["brush_to_tiles_ms"] = bench_tiles(options);
    json["train_step_ms"] = bench_training(specs, options.seconds);
    json["toy_steps_per_s"] = toy_steps_per_second(options.seconds);
    fmt::print("{:<34}{:>9.0f}\n", "toy steps a second", json["toy_steps_per_s"].get<double>());
#ifdef MODESCOPE_GUI
    if (options.frames) {
        const auto frames = time_frames(options.seconds);
        print("window frame gaps, 4 toys training", frames);
        json["gui_frame_ms"] = to_json(frames);
        json["painting"] = bench_painting(options);
    }
#endif
    json["resident_mb"] = resident_megabytes();
    write_json(options.json, json);
}

}  // namespace

void add_bench(CLI::App& app) {
    auto* command = app.add_subcommand("bench",
                                       "Time training steps, brush to tiles, the toy and the window's "
                                       "frames; compare ratios within one run.");
    auto options = std::make_shared<Options>();
    auto* model =
        command->add_option("--model", options->model, "Model whose tiles are timed")->capture_default_str();
    command->add_option("--seconds", options->seconds, "Time for each figure")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    auto* paper =
        command->add_flag("--paper", options->paper,
                          "Also the paper's four presets at full size: minutes and many GB without a GPU");
    auto* preset = command
                       ->add_option("--preset", options->only,
                                    "Nothing but the training steps of this preset; may be given several "
                                    "times")
                       ->allow_extra_args(false)
                       ->excludes(model)
                       ->excludes(paper);
    command->add_option("--set", options->settings, "Of these presets, any key of `modescope presets --keys`")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false)
        ->needs(preset);
    auto* soak = command->add_flag(
        "--soak", options->soak,
        "Paint 1,000 strokes and resample 10,000 times instead of a few: whether memory grows");
    auto* no_frames =
        command->add_flag("!--no-frames", options->frames, "Leave the window out")->excludes(soak);
    for (auto* of_all : {soak, no_frames}) preset->excludes(of_all);
#ifdef MODESCOPE_GUI
    auto* scrub =
        command->add_flag("--scrub", options->scrub_only,
                          "Nothing but the toy's timeline: frames a second while scrubbing, and memory");
    auto* comparing = command->add_flag(
        "--compare", options->compare_only,
        "Nothing but the Compare page: first pictures and all figures of six variants of the model");
    for (auto* only : {scrub, comparing})
        for (auto* other : {paper, preset, soak, no_frames}) only->excludes(other);
    scrub->excludes(comparing)->excludes(model);
#endif
    command->add_option("--json", options->json, "Also write the figures to this file")->type_name("FILE");
    command->callback([options] { bench(*options); });
}

}  // namespace modescope::cli
