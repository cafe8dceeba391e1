#include "app/labs/train_plan.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/shell.h"

namespace modescope {

void TrainPlan::set(const std::string& key, const std::string& value) {
    const auto found = std::ranges::find(settings, key, &std::pair<std::string, std::string>::first);
    if (found != settings.end())
        found->second = value;
    else
        settings.emplace_back(key, value);
}

Spec TrainPlan::preset_with_settings() const {
    auto spec = preset_spec(preset);
    for (const auto& [key, value] : settings) set_field(spec, key + "=" + value);
    return spec;
}

Spec TrainPlan::spec(const std::optional<FolderReport>& report) const {
    auto spec = preset_with_settings();
    if (!objective.empty()) set_objective(spec, objective);
    if (!folder.empty() && report) adopt_folder(spec, folder, *report);
    if (!folder.empty() && !report) adopt_folder(spec, folder);
    check(spec);
    return spec;
}

QString TrainPlan::command_line(const QString& directory) const {
    auto line = "modescope train " + preset;
    const auto add = [&](const char* option, const std::string& value) {
        line += std::string(" ") + option + " " + shell_word(value);
    };
    if (!objective.empty()) add("--objective", objective);
    if (!folder.empty()) add("--data", folder);
    for (const auto& [key, value] : settings) add("--set", key + "=" + value);
    if (!start.empty()) add("--start", start);
    add("--out", directory.toStdString());
    return QString::fromStdString(line);
}

QString TrainPlan::name() const {
    const auto name = QString::fromStdString(preset);
    try {
        if (!objective.empty())
            return name + QChar('-') + QString::fromStdString(parse_objective(objective).id());
    } catch (const Error&) {
        // Half typed; spec() says what is wrong with it.
    }
    return name;
}

}  // namespace modescope
