#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "core/training/spec.h"

namespace modescope::cli {
namespace {

std::string range(const Field& field) {
    if (!field.choices.empty()) return fmt::format("{}", fmt::join(field.choices, " | "));
    if (field.min == 0 && field.max == 0) return "true | false";
    return fmt::format("{:g} … {:g}{}", field.min, field.max, field.unit.empty() ? "" : " " + field.unit);
}

std::string text(const FieldValue& value) {
    return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

void list_presets() {
    for (const auto& preset : presets())
        fmt::print("{:<12} {}\n{:<12} {}\n", preset.id, preset.help, "", preset.spec().objective.label());
}

void list_keys(const Spec& spec) {
    for (const auto& field : fields())
        fmt::print("{} = {}\n    {} ({}){}\n", field.key, text(field.get(spec)), field.help, range(field),
                   field.live ? " May change while it runs." : "");
}

}  // namespace

void add_presets(CLI::App& app) {
    auto* command = app.add_subcommand("presets", "List the presets, or with --keys every key that --set takes.");
    auto keys = std::make_shared<bool>(false);
    auto preset = std::make_shared<std::string>("toy");
    command->add_flag("--keys", *keys, "List the keys with the preset's values");
    command->add_option("preset", *preset, "Preset whose values are shown")->capture_default_str();
    command->callback([keys, preset] {
        if (*keys)
            list_keys(preset_spec(*preset));
        else
            list_presets();
    });
}

}  // namespace modescope::cli
