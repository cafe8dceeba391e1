#include "core/training/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/text.h"
#include "core/worlds/toy.h"
#include "core/worlds/world.h"

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
    if (!field.choices.empty() || field.text) return text;
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

bool power_of_two(std::int64_t value) { return value > 0 && (value & (value - 1)) == 0; }

void read_section(Spec& spec, const std::string& section, const nlohmann::json& values) {
    if (!values.is_object())
        throw Error(fmt::format("{} must be an object of keys and values.", shown(section)));
    for (const auto& [key, value] : values.items()) {
        const auto& field = find_field(section + "." + key);
        field.set(spec, value_of(field, value));
    }
}

void check_classes(const std::string& classes) {
    try {
        if (!parse_palette(classes).empty()) return;
    } catch (const Error& error) {
        throw Error(fmt::format("data.classes: {}", error.what()));
    }
    throw Error("data.classes is empty: label maps need the names and colours of their classes.");
}

void check_holes(const DataSpec& data) {
    if (data.hole_least > data.hole_most || data.hole_most > data.hole_box ||
        data.hole_box + 2 * data.hole_margin > data.size)
        throw Error(
            fmt::format("Holes need data.hole_least {} ≤ data.hole_most {} ≤ data.hole_box {} ≤ data.size {} "
                        "− 2 × data.hole_margin {}.",
                        data.hole_least, data.hole_most, data.hole_box, data.size, data.hole_margin));
}

void check_unet(const DataSpec& data, const NetworkSpec& network) {
    if (data.size % (std::int64_t{1} << network.downs) != 0)
        throw Error(
            fmt::format("data.size {} cannot be halved network.downs = {} times.", data.size, network.downs));
    if (network.noise_levels > network.downs)
        throw Error("network.noise_levels must not exceed network.downs.");
    if (data.size >> (network.discriminator_layers) < 4)
        throw Error(fmt::format("network.discriminator_layers {} leaves nothing of {} pixels.",
                                network.discriminator_layers, data.size));
}

void check_glcic(const DataSpec& data) {
    if (!power_of_two(data.size) || !power_of_two(data.hole_box) || data.hole_box < 8)
        throw Error(
            fmt::format("network.kind glcic needs powers of two from 8 on, but data.size is {} and "
                        "data.hole_box {}.",
                        data.size, data.hole_box));
}

}  // namespace

TaskSettings task_settings(const DataSpec& data) {
    const auto number = [](std::int64_t value) { return static_cast<int>(value); };
    return {
        find_task(data.task),
        number(data.size),
        number(data.scale),
        {number(data.hole_least), number(data.hole_most), number(data.hole_box), number(data.hole_margin)}};
}

const Field& find_field(const std::string& key) {
    const auto list = fields();
    const auto found = std::ranges::find(list, key, &Field::key);
    if (found != list.end()) return *found;
    // No misspelling is longer than what is shown, and comparing takes time in proportion to the length.
    const auto written = shown(key);
    const auto nearest =
        std::ranges::min_element(list, {}, [&](const Field& f) { return edit_distance(f.key, written); });
    throw Error(fmt::format("There is no key \"{}\"; did you mean \"{}\"?", written, nearest->key));
}

void set_field(Spec& spec, const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos)
        throw Error(fmt::format("\"{}\" is not of the form KEY=VALUE, such as training.steps=2000.",
                                shown(assignment)));
    const auto& field = find_field(assignment.substr(0, equals));
    field.set(spec, parse_value(field, assignment.substr(equals + 1)));
}

void check(const DataSpec& data) {
    const auto task = find_task(data.task);
    if (data.source == "folder" && task == Task::labels) check_classes(data.classes);
    if (data.source != "folder" && !find_world(data.source).serves(task))
        throw Error(fmt::format("data.source {} has no data.task {}.", data.source, data.task));
    if (data.load > 0 && data.load < data.size)
        throw Error(fmt::format("data.load {} must not be below data.size {}.", data.load, data.size));
    if (task == Task::super_resolution && (!power_of_two(data.scale) || data.size % data.scale != 0))
        throw Error(fmt::format("data.size {} must be a multiple of data.scale {}, a power of two.",
                                data.size, data.scale));
    if (task == Task::inpainting) check_holes(data);
}

void check(const Spec& spec) {
    const auto& [preset, data, network, objective, training] = spec;
    if (objective.active().empty()) throw Error("The objective has no term: give one a weight above 0.");
    if (data.source != "toy" && !is_utf8(data.folder))
        throw Error(
            fmt::format("data.folder {} is not UTF-8 text, which runs are described in: rename the folder.",
                        shown(data.folder)));
    if ((data.source == "toy") != (network.kind == "mlp"))
        throw Error(fmt::format("network.kind {} does not fit data.source {}.", network.kind, data.source));
    if (network.kind == "mlp") return check_toy(data.folder);
    check(data);
    if ((data.task == "super-resolution") != (network.kind == "srgan") ||
        (network.kind == "glcic" && data.task != "inpainting"))
        throw Error(fmt::format("network.kind {} does not do data.task {}.", network.kind, data.task));
    if (network.kind == "pix2pix") check_unet(data, network);
    if (network.kind == "glcic") check_glcic(data);
    if (network.kind == "srgan" && network.head % 2 == 0)
        throw Error(fmt::format("network.head {} must be odd.", network.head));
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
