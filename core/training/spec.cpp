#include "core/training/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/error.h"
#include "core/base/number.h"

namespace modescope {
namespace {

std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

FieldValue parse_value(const Field& field, const std::string& text) {
    if (!field.choices.empty()) return text;
    if (text == "true" || text == "false") return text == "true";
    if (const auto value = parse_number(text)) return *value;
    return text;
}

FieldValue value_of(const Field& field, const nlohmann::json& json) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    if (json.is_string()) return json.get<std::string>();
    throw Error(fmt::format("{} must be a number, a text or true or false.", field.key));
}

void read_section(Spec& spec, const std::string& section, const nlohmann::json& values) {
    if (!values.is_object()) throw Error(fmt::format("{} must be an object of keys and values.", section));
    for (const auto& [key, value] : values.items()) {
        const auto& field = find_field(section + "." + key);
        field.set(spec, value_of(field, value));
    }
}

}  // namespace

const Field& find_field(const std::string& key) {
    const auto list = fields();
    const auto found = std::ranges::find(list, key, &Field::key);
    if (found != list.end()) return *found;
    const auto nearest =
        std::ranges::min_element(list, {}, [&](const Field& f) { return edit_distance(f.key, key); });
    throw Error(fmt::format("There is no key \"{}\"; did you mean \"{}\"?", key, nearest->key));
}

void set_field(Spec& spec, const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos)
        throw Error(
            fmt::format("\"{}\" is not of the form KEY=VALUE, such as training.steps=2000.", assignment));
    const auto& field = find_field(assignment.substr(0, equals));
    field.set(spec, parse_value(field, assignment.substr(equals + 1)));
}

void check(const Spec& spec) {
    const auto& [preset, data, network, objective, training] = spec;
    if (objective.active().empty()) throw Error("The objective has no term: give one a weight above 0.");
    if ((data.source == "toy") != (network.kind == "mlp"))
        throw Error(fmt::format("network.kind {} does not fit data.source {}.", network.kind, data.source));
    if (network.kind == "mlp") return;
    if (data.size % (std::int64_t{1} << network.downs) != 0)
        throw Error(
            fmt::format("data.size {} cannot be halved network.downs = {} times.", data.size, network.downs));
    if (network.noise_levels > network.downs)
        throw Error("network.noise_levels must not exceed network.downs.");
    if (data.size >> (network.discriminator_layers) < 4)
        throw Error(fmt::format("network.discriminator_layers {} leaves nothing of {} pixels.",
                                network.discriminator_layers, data.size));
}

nlohmann::json to_json(const Spec& spec) {
    nlohmann::json json{{"preset", spec.preset}};
    for (const auto& field : fields()) {
        const auto dot = field.key.find('.');
        std::visit([&](const auto& v) { json[field.key.substr(0, dot)][field.key.substr(dot + 1)] = v; },
                   field.get(spec));
    }
    return json;
}

Spec spec_from_json(const nlohmann::json& json) {
    if (!json.is_object())
        throw Error("A spec must be a JSON object with sections data, network, objective, training.");
    Spec spec;
    for (const auto& [section, values] : json.items()) {
        if (section != "preset") {
            read_section(spec, section, values);
            continue;
        }
        if (!values.is_string()) throw Error("preset must be a text.");
        spec.preset = values.get<std::string>();
    }
    check(spec);
    return spec;
}

}  // namespace modescope
