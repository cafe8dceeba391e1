#include "app/labs/toy/toy_recipe.h"

#include <fmt/format.h>

#include <QStringList>
#include <nlohmann/json.hpp>
#include <set>

#include "app/labs/toy/toy_export.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/text.h"

namespace modescope {
namespace {

using nlohmann::json;

constexpr auto mark = "toy recipe";
constexpr int version = 1;

std::string toy_of(const Spec& spec) { return std::get<std::string>(find_field("data.toy").get(spec)); }

ToyRecipe::Panel panel_from(const json& j) {
    ToyRecipe::Panel panel{.chip = j.at("chip").get<std::string>(), .spec = spec_from_json(j.at("spec"))};
    parse_objective(panel.chip);  // throws
    if (panel.spec.data.source != "toy") throw Error("a panel trains on something else than a toy.");
    return panel;
}

/// What all have in common is that of the first.
void check_panels(const ToyRecipe& recipe) {
    if (recipe.panels.empty() || recipe.panels.size() > most_toy_panels)
        throw Error(
            fmt::format("it has {} panels, but 1 to {} are wanted.", recipe.panels.size(), most_toy_panels));
    std::set<std::string> chips;
    for (const auto& [chip, spec] : recipe.panels) {
        if (!chips.insert(chip).second) throw Error(fmt::format("it has the panel {} twice.", shown(chip)));
        if (toy_of(spec) != recipe.toy || spec.training.seed != recipe.seed ||
            spec.training.steps != recipe.steps)
            throw Error("its panels differ in distribution, seed or steps, which are the same for all.");
    }
}

ToyRecipe recipe_from(const json& j) {
    if (j.is_discarded()) throw Error("it is damaged.");
    if (!j.is_object() || j.value("modescope", "") != mark) throw Error("it was not saved by the Toy Lab.");
    if (j.value("version", 0) > version) throw Error("it is of a later version of this program.");
    ToyRecipe recipe;
    for (const auto& panel : j.at("panels")) recipe.panels.push_back(panel_from(panel));
    if (!recipe.panels.empty()) {
        const auto& first = recipe.panels.front().spec;
        recipe.toy = toy_of(first);
        recipe.seed = first.training.seed;
        recipe.steps = first.training.steps;
    }
    check_panels(recipe);
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
        return recipe_from(read_json(text));
    } catch (const json::exception&) {
        throw Error(fmt::format("{} cannot be opened as a recipe: it is damaged or of another kind.", name));
    } catch (const Error& error) {
        throw Error(fmt::format("{} cannot be opened as a recipe: {}", name, error.what()));
    }
}

/// The distribution last, for points are long.
QString command_lines(const ToyRecipe& recipe) {
    QStringList lines;
    for (const auto& panel : recipe.panels) {
        Spec spec = panel.spec;
        if (recipe.steps == 0) spec.training.steps = preset_spec("toy").training.steps;  // it must end
        find_field("data.toy").set(spec, std::string("y"));
        lines << command_line(spec) + QStringLiteral(" --out toy-%1").arg(lines.size() + 1);
        if (recipe.toy != "y") lines.back() += " --data " + QString::fromStdString(recipe.toy);
    }
    return lines.join(QChar('\n'));
}

}  // namespace modescope
