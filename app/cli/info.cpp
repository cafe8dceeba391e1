#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/networks/network_size.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string preset, json;
    std::vector<std::string> settings;
};

/// Three digits and the unit's prefix: "55.2 M".
std::string scaled(std::int64_t count) {
    auto value = static_cast<double>(count);
    const char* prefixes[] = {"", " k", " M", " G", " T"};
    std::size_t step = 0;
    for (; value >= 999.5 && step + 1 < std::size(prefixes); ++step) value /= 1000;
    return fmt::format("{:.3g}{}", value, prefixes[step]);
}

std::string step_of(const Spec& spec) {
    const auto conditions = std::min(spec.training.conditions, spec.training.batch);
    auto text = fmt::format("{} conditions × {} samples", conditions, spec.objective.samples_per_condition());
    if (spec.objective.needs_discriminator()) text += fmt::format(", {} pairs for D", spec.training.batch);
    return text;
}

void print(const Spec& spec, const NetworkSize& size) {
    const auto row = [](const char* what, const std::string& figures) {
        fmt::print("{:<18}{}\n", what, figures);
    };
    row("networks", spec.network.kind);
    row("parameters", fmt::format("generator {}, discriminator {}, predictor {}", scaled(size.generator),
                                  scaled(size.discriminator), scaled(size.predictor)));
    row("multiply-adds",
        fmt::format("{} for each condition (encoder) and {} for each sample (decoder); one sample {}",
                    scaled(size.encoder), scaled(size.decoder), scaled(size.encoder + size.decoder)));
    row("training step", fmt::format("about {}B of memory: {}", scaled(size.step_memory), step_of(spec)));
}

nlohmann::json to_json(const Spec& spec, const NetworkSize& size) {
    return {{"preset", spec.preset},
            {"parameters",
             {{"generator", size.generator},
              {"discriminator", size.discriminator},
              {"predictor", size.predictor}}},
            {"multiply_adds", {{"encoder", size.encoder}, {"decoder", size.decoder}}},
            {"step_memory_bytes", size.step_memory}};
}

void tell(const Options& options) {
    auto spec = preset_spec(options.preset);
    for (const auto& setting : options.settings) set_field(spec, setting);
    check(spec);
    use_threads(physical_cores());
    const auto size = measure_networks(spec);
    // With "-" standard output is the JSON alone.
    if (options.json != "-") print(spec, size);
    write_json(options.json, to_json(spec, size));
}

}  // namespace

void add_info(CLI::App& app) {
    auto* command = app.add_subcommand(
        "info", "Count a preset's parameters, multiply-adds and the memory of a training step.");
    auto options = std::make_shared<Options>();
    command->add_option("preset", options->preset, "Preset, one of `modescope presets`")->required();
    command->add_option("--set", options->settings, "Any key of `modescope presets --keys`")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    add_json_option(*command, options->json);
    command->callback([options] { tell(*options); });
}

}  // namespace modescope::cli
