#include "app/labs/toy_recipe.h"

#include <fmt/format.h>

#include <QStringList>
#include <nlohmann/json.hpp>

#include "app/labs/toy_export.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace modescope {
namespace {

using nlohmann::json;

constexpr auto mark = "toy recipe";
constexpr int version = 1;

ToyRecipe::Panel panel_from(const json& j) {
    ToyRecipe::Panel panel{.chip = j.at("chip").get<std::string>(), .spec = spec_from_json(j.at("spec"))};
    parse_objective(panel.chip);
    if (panel.spec.data.source != "toy") throw Error("a panel trains on something else than a toy.");
    return panel;
}

void check_alike(const std::vector<ToyRecipe::Panel>& panels) {
    if (panels.empty() || panels.size() > most_toy_panels)
        throw Error(fmt::format("it has {} panels, but 1 to {} are wanted.", panels.size(), most_toy_panels));
    const auto& first = panels.front().spec;
    for (const auto& [chip, spec] : panels)
        if (spec.data.folder != first.data.folder || spec.training.seed != first.training.seed ||
            spec.training.steps != first.training.steps)
            throw Error("its panels differ in distribution, seed or steps, which are the same for all.");
}

ToyRecipe recipe_from(const json& j) {
    if (!j.is_object() || j.value("modescope", "") != mark) throw Error("it was not saved by the Toy Lab.");
    if (j.value("version", 0) > version) throw Error("it is of a later version of this program.");
    ToyRecipe recipe;
    for (const auto& panel : j.at("panels")) recipe.panels.push_back(panel_from(panel));
    check_alike(recipe.panels);
    return recipe;
}

}  // namespace

void save_recipe(const ToyRecipe& recipe, const QString& path) {
    json j{{"modescope", mark}, {"version", version}, {"panels", json::array()}};
    for (const auto& [chip, spec] : recipe.panels)
        j["panels"].push_back({{"chip", chip}, {"spec", to_json(spec)}});
    write_file(path.toStdString(), j.dump(2) + "\n");
}

ToyRecipe open_recipe(const QString& path) {
    const auto name = path.toStdString();
    const auto text = read_file(name);
    try {
        return recipe_from(json::parse(text));
    } catch (const json::exception&) {
        throw Error(fmt::format("{} cannot be opened as a recipe: it is damaged or of another kind.", name));
    } catch (const Error& error) {
        throw Error(fmt::format("{} cannot be opened as a recipe: {}", name, error.what()));
    }
}

QString command_lines(const ToyRecipe& recipe) {
    QStringList lines;
    for (const auto& [chip, spec] : recipe.panels) {
        Spec finite = spec;
        if (finite.training.steps == 0) finite.training.steps = preset_spec("toy").training.steps;
        lines << command_line(finite) + QStringLiteral(" --out toy-%1").arg(lines.size() + 1);
    }
    return lines.join(QChar('\n'));
}

}  // namespace modescope
