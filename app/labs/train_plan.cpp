#include "app/labs/train_plan.h"

#include <fmt/format.h>

#include <QRegularExpression>
#include <algorithm>

#include "core/base/error.h"

namespace modescope {
namespace {

/// As a shell takes it for one word.
QString quoted(const QString& word) {
    static const QRegularExpression plain("^[A-Za-z0-9_./=+:,@%-]+$");
    if (plain.match(word).hasMatch()) return word;
    return QChar('\'') + QString(word).replace('\'', "'\\''") + QChar('\'');
}

}  // namespace

std::string text_of(const FieldValue& value) {
    return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

void TrainPlan::set(const std::string& key, const std::string& value) {
    const auto found = std::ranges::find(settings, key, &std::pair<std::string, std::string>::first);
    if (found != settings.end())
        found->second = value;
    else
        settings.emplace_back(key, value);
}

void TrainPlan::forget(const std::string& key) {
    std::erase_if(settings, [&](const auto& setting) { return setting.first == key; });
}

Spec TrainPlan::spec(const std::optional<FolderReport>& report) const {
    auto spec = preset_spec(preset);
    for (const auto& [key, value] : settings) set_field(spec, key + "=" + value);
    if (!objective.empty()) set_objective(spec, objective);
    if (!folder.empty() && report) adopt_folder(spec, folder, *report);
    if (!folder.empty() && !report) adopt_folder(spec, folder);
    check(spec);
    return spec;
}

QString TrainPlan::command_line(const QString& directory) const {
    QStringList words{"modescope", "train", QString::fromStdString(preset)};
    if (!objective.empty()) words << "--objective" << QString::fromStdString(objective);
    if (!folder.empty()) words << "--data" << QString::fromStdString(folder);
    for (const auto& [key, value] : settings) words << "--set" << QString::fromStdString(key + "=" + value);
    words << "--out" << directory;
    for (auto& word : words) word = quoted(word);
    return words.join(QChar(' '));
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
