#include "core/experiments/compare.h"

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/experiments/report.h"
#include "core/tasks/condition_file.h"

namespace modescope::cli {
namespace {

struct Options {
    std::vector<std::string> models, inputs;
    std::string world, task, data, drawing, mask, lpips, report, csv, json;
    int conditions = 64, samples = 32;
    bool cache = true;
};

/// A sampler to take the conditions' kind from; null where only the truth is looked at.
const Sampler* first_sampler(const std::vector<Contestant>& contestants) {
    for (const auto& contestant : contestants)
        if (contestant.sampler) return contestant.sampler.get();
    return nullptr;
}

Cases truth_alone(const Options& options) {
    return world_cases(find_world(options.world.empty() ? "street" : options.world),
                       task_settings({.task = options.task.empty() ? "labels" : options.task}));
}

Cases folder_of(const Options& options, const Sampler& model) {
    auto data = model.spec().data;
    data.source = "folder";
    data.folder = options.data;
    return folder_cases(data, static_cast<std::uint64_t>(model.spec().training.seed));
}

Cases drawn(const Options& options, const Sampler& model) {
    return single_case(model, {.name = "drawing",
                               .x = read_condition(task_settings(model.spec().data), model.classes(),
                                                   options.drawing, options.mask)});
}

/// What would be passed over without a word.
void refuse_unused(const Options& options, const Sampler* model) {
    if (!model && !(options.data.empty() && options.drawing.empty() && options.inputs.empty()))
        throw Error(
            "The truth alone is that of a world: leave out --data, --input and --drawing, or name a model.");
    if (model && !options.mask.empty() && model->task() != Task::inpainting)
        throw Error(fmt::format("--mask is for inpainting, and the task of {} is {}: leave it out.",
                                model->path(), info(model->task()).id));
}

Cases conditions(const Options& options, const std::vector<Contestant>& contestants) {
    const auto* model = first_sampler(contestants);
    refuse_unused(options, model);
    if (!model) return truth_alone(options);
    if (!options.task.empty() && find_task(options.task) != model->task())
        throw Error(fmt::format("{} was trained for the task {}, not for {}.", contestants.front().name,
                                info(model->task()).id, options.task));
    if (!options.drawing.empty()) return drawn(options, *model);
    if (!options.inputs.empty()) return file_cases(*model, options.inputs, options.conditions);
    if (!options.data.empty()) return folder_of(options, *model);
    if (options.world.empty()) return own_cases(*model);
    return world_cases(find_world(options.world), task_settings(model->spec().data));
}

void check_same_kind(const std::vector<Contestant>& contestants) {
    const auto* first = first_sampler(contestants);
    for (const auto& contestant : contestants)
        if (contestant.sampler && !takes_same_conditions(*first, *contestant.sampler))
            throw Error(
                fmt::format("{} takes other conditions than {}: compare models of one task, size and "
                            "set of classes.",
                            contestant.name, contestants.front().name));
}

bool measures_lpips(const Options& options) {
    return !options.lpips.empty() || std::getenv("MODESCOPE_LPIPS");
}

CompareSettings settings_of(const Options& options) {
    CompareSettings settings{.conditions = options.conditions, .samples = options.samples};
    if (measures_lpips(options)) settings.lpips = Lpips::load(find_lpips_weights(options.lpips));
    if (options.cache) settings.cache = compare_cache_folder();
    return settings;
}

/// Terminals count characters, not bytes: "µ" and "σ̃" would shift what follows.
std::size_t columns_of(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool combining = byte == 0xCC || byte == 0xCD;
        count += (byte & 0xC0) != 0x80 && !combining;
    }
    return count;
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const auto used = columns_of(text);
    const std::string space(width > used ? width - used : 0, ' ');
    return right ? space + text : text + space;
}

std::string text_of(const Estimate& figure) {
    if (figure.conditions == 0) return "–";
    if (!figure.has_interval()) return fmt::format("{:.4f}", figure.value);
    return fmt::format("{:.4f} ({:.4f} – {:.4f})", figure.value, figure.low, figure.high);
}

void print(const Comparison& comparison) {
    constexpr std::size_t first_column = 22;
    std::vector<std::vector<Estimate>> estimates;
    std::size_t width = 26;
    for (std::size_t c = 0; c < comparison.contestants.size(); ++c) {
        estimates.push_back(estimate(comparison.rows[c]));
        width = std::max(width, columns_of(comparison.contestants[c].name) + 2);
    }
    fmt::print("{} · {} inputs × {} samples · mean, and 95 % interval over inputs\n\n{}", comparison.data,
               comparison.conditions, comparison.samples, padded("", first_column, false));
    for (const auto& contestant : comparison.contestants)
        fmt::print("{}", padded(contestant.name, width, true));
    fmt::print("\n");
    for (std::size_t m = 0; m < comparison.metrics.size(); ++m) {
        const auto& metric = comparison.metrics[m];
        if (metric.samples > 0) continue;
        fmt::print("{}", padded((metric.part ? "  " : "") + metric.name, first_column, false));
        for (const auto& figures : estimates) fmt::print("{}", padded(text_of(figures[m]), width, true));
        fmt::print("\n");
    }
    if (!comparison.lpips.empty()) fmt::print("\n{}\n", comparison.lpips);
}

std::string command_line(const Options& options, const Comparison& comparison) {
    std::vector<std::string> arguments;
    for (const auto& [flag, value] : {std::pair{"--world", options.world},
                                      {"--task", options.task},
                                      {"--data", options.data},
                                      {"--drawing", options.drawing},
                                      {"--mask", options.mask}})
        if (!value.empty()) arguments.insert(arguments.end(), {flag, value});
    for (const auto& input : options.inputs) arguments.insert(arguments.end(), {"--input", input});
    return command_of(comparison, arguments,
                      measures_lpips(options) ? find_lpips_weights(options.lpips) : std::string());
}

void compare_models(const Options& options) {
    use_threads(physical_cores());
    std::vector<Contestant> contestants;
    for (const auto& model : options.models) contestants.push_back(open_contestant(model));
    check_same_kind(contestants);
    const auto cases = conditions(options, contestants);
    Comparison result;
    {
        ProgressLine line;
        result = compare(std::move(contestants), cases, settings_of(options), [&](double share, const auto&) {
            line.show(share, "comparing");
            return true;
        });
    }
    if (options.json != "-") print(result);
    if (!options.report.empty())
        write_file(options.report, html_of(make_report(result, cases, command_line(options, result))));
    if (!options.csv.empty()) write_file(options.csv, csv_of(result));
    write_json(options.json, json_of(result));
}

}  // namespace

void add_compare(CLI::App& app) {
    auto* command = app.add_subcommand(
        "compare",
        "Compare models on the same inputs with the same noise: figures with intervals, and a report.");
    auto options = std::make_shared<Options>();
    command->add_option("models", options->models, "Checkpoints, shipped models' names, or truth")
        ->required();
    auto* world = command->add_option("--world", options->world,
                                      "The world to take inputs from; else the first model's data");
    command->add_option("--task", options->task, "The task; else the first model's");
    auto* data =
        command->add_option("--data", options->data, "A folder of real data to take held-out inputs from")
            ->type_name("DIR")
            ->excludes(world);
    auto* input =
        command->add_option("--input", options->inputs, "Pictures, or folders of pictures, to use as inputs")
            ->type_name("FILE")
            ->excludes(world)
            ->excludes(data);
    auto* drawing =
        command
            ->add_option("--drawing", options->drawing,
                         "A picture of one input, as the Compare page writes it beside the report "
                         "of a drawing; the truth of label maps is the model's world's")
            ->type_name("FILE")
            ->excludes(world)
            ->excludes(data)
            ->excludes(input);
    command
        ->add_option("--mask", options->mask,
                     "The hole of --drawing: where this picture is brighter than half")
        ->type_name("FILE")
        ->needs(drawing);
    command->add_option("--conditions", options->conditions, "Inputs, or as many as the folder has")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    command->add_option("--samples", options->samples, "Samples of each input")
        ->check(CLI::Range(2, 4096))
        ->capture_default_str();
    command
        ->add_option("--lpips", options->lpips,
                     "LPIPS weights (.safetensors) for the diversity; else what MODESCOPE_LPIPS names")
        ->type_name("FILE");
    command->add_flag("!--no-cache", options->cache, "Measure again what was measured before");
    command->add_option("--report", options->report, "Write one self-contained HTML page")->type_name("FILE");
    command->add_option("--csv", options->csv, "Write the figures as a table")->type_name("FILE");
    add_json_option(*command, options->json);
    command->callback([options] { compare_models(*options); });
}

}  // namespace modescope::cli
