#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "core/training/field_text.h"
#include "core/training/spec.h"

namespace modescope::cli {
namespace {

std::string range(const Field& field) {
    if (!field.choices.empty()) return fmt::format("{}", fmt::join(field.choices, " | "));
    if (field.min == 0 && field.max == 0) return "true | false";
    return fmt::format("{:g} … {:g}{}", field.min, field.max, field.unit.empty() ? "" : " " + field.unit);
}

}  // namespace

std::string describe_presets() {
    std::string lines;
    for (const auto& preset : presets())
        lines += fmt::format("  {:<19} {}\n  {:<19} {}\n", preset.id, preset.help, "",
                             preset.spec().objective.label());
    return lines;
}

std::string describe_keys(const Spec& spec) {
    std::string lines;
    for (const auto& field : fields())
        lines += fmt::format("  {} = {}\n      {} ({}){}\n", field.key, text_of(field.get(spec)), field.help,
                             range(field), field.live ? " May change while it runs." : "");
    return lines;
}

std::string describe_terms() {
    std::string lines;
    for (const auto& term : terms()) lines += fmt::format("  {:<10} {}\n", term.id, term.help);
    return lines;
}

void add_presets(CLI::App& app) {
    auto* command =
        app.add_subcommand("presets", "List the presets, or with --keys every key that --set takes.");
    auto keys = std::make_shared<bool>(false);
    auto preset = std::make_shared<std::string>("toy");
    auto* list_keys = command->add_flag("--keys", *keys, "List the keys with the preset's values");
    command->add_option("preset", *preset, "Preset whose values are shown")
        ->needs(list_keys)
        ->capture_default_str();
    command->callback([keys, preset] {
        fmt::print("{}", *keys ? describe_keys(preset_spec(*preset)) : describe_presets());
    });
}

}  // namespace modescope::cli
