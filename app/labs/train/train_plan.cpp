#include "app/labs/train/train_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/shell.h"
#include "core/sampling/model_library.h"
#include "core/training/field_text.h"
#include "core/training/run.h"

namespace modescope {
namespace {

/// "gan+50*pmr2"
std::string with_weights(const Objective& objective) {
    std::string text;
    for (const auto term : objective.active()) {
        if (!text.empty()) text += '+';
        if (!info(term).adversarial || objective.weight(term) != 1)
            text += fmt::format("{}*", objective.weight(term));
        text += info(term).id;
    }
    return text;
}

/// The pictures; how they are cut and what of them is hidden is a setting.
void copy_source(DataSpec& to, const DataSpec& from) {
    to.source = from.source;
    to.folder = from.folder;
    to.task = from.task;
    to.classes = from.classes;
}

std::vector<std::string> assignments(const std::vector<std::pair<std::string, std::string>>& settings) {
    std::vector<std::string> list;
    for (const auto& [key, value] : settings) list.push_back(key + "=" + value);
    return list;
}

Spec preset_of(const TrainPlan& plan) {
    return preset_to_start(plan.preset, plan.start.empty() ? "" : find_model(plan.start));
}

}  // namespace

TrainPlan TrainPlan::of(const Spec& spec) {
    TrainPlan plan{.preset = spec.preset, .objective = with_weights(spec.objective)};
    if (spec.data.source == "folder") plan.folder = spec.data.folder;
    auto usual = preset_spec(plan.preset);
    set_objective(usual, plan.objective);
    copy_source(usual.data, spec.data);
    plan.settings = settings_beside(usual, spec);
    return plan;
}

void TrainPlan::set(const std::string& key, const std::string& value) {
    const auto found = std::ranges::find(settings, key, &std::pair<std::string, std::string>::first);
    if (found != settings.end())
        found->second = value;
    else
        settings.emplace_back(key, value);
}

Spec TrainPlan::usual() const {
    try {
        return preset_of(*this);
    } catch (const Error&) {
        return preset_spec(preset);  // spec() says what is wrong with the model
    }
}

Spec TrainPlan::usual_with_settings() const {
    auto spec = usual();
    configure(spec, assignments(settings), {});
    return spec;
}

Spec TrainPlan::spec(const std::optional<FolderReport>& report) const {
    auto spec = preset_of(*this);
    configure(spec, assignments(settings), objective);
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
