#include "core/training/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/error.h"
#include "core/networks/network_kinds.h"
#include "core/worlds/world.h"

namespace modescope {
namespace {

using Choices = std::vector<std::string>;

template <class Value>
using Access = std::function<Value&(Spec&)>;

template <class Value>
Value read(const Access<Value>& access, const Spec& spec) {
    return access(const_cast<Spec&>(spec));
}

[[noreturn]] void refuse(const Field& field, const std::string& wanted) {
    throw Error(fmt::format("{} must be {}.", field.key, wanted));
}

double number(const Field& field, const FieldValue& value) {
    if (const auto* d = std::get_if<double>(&value)) return *d;
    if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
    refuse(field, fmt::format("a number from {:g} to {:g}", field.min, field.max));
}

double number_in_range(const Field& field, const FieldValue& value) {
    const auto x = number(field, value);
    if (!(x >= field.min && x <= field.max))
        refuse(field, fmt::format("from {:g} to {:g}, but is {:g}", field.min, field.max, x));
    return x;
}

Field real(Field field, Access<double> access) {
    field.get = [access](const Spec& s) { return FieldValue(read(access, s)); };
    field.set = [access, field](Spec& s, const FieldValue& v) { access(s) = number_in_range(field, v); };
    return field;
}

Field integer(Field field, Access<std::int64_t> access) {
    field.get = [access](const Spec& s) { return FieldValue(read(access, s)); };
    field.set = [access, field](Spec& s, const FieldValue& v) {
        const auto x = number_in_range(field, v);
        if (x != std::floor(x)) refuse(field, "a whole number");
        access(s) = static_cast<std::int64_t>(x);
    };
    return field;
}

Field flag(Field field, Access<bool> access) {
    field.get = [access](const Spec& s) { return FieldValue(read(access, s)); };
    field.set = [access, field](Spec& s, const FieldValue& v) {
        const auto* b = std::get_if<bool>(&v);
        if (!b) refuse(field, "true or false");
        access(s) = *b;
    };
    return field;
}

Field choice(Field field, Access<std::string> access) {
    field.get = [access](const Spec& s) { return FieldValue(read(access, s)); };
    field.set = [access, field](Spec& s, const FieldValue& v) {
        const auto* text = std::get_if<std::string>(&v);
        if (!text || std::ranges::find(field.choices, *text) == field.choices.end())
            refuse(field, fmt::format("one of {}", fmt::join(field.choices, ", ")));
        access(s) = *text;
    };
    return field;
}

Choices sources() {
    Choices list{"toy"};
    for (const auto* world : worlds()) list.push_back(world->id());
    return list;
}

#define AT(member) [](Spec & s) -> auto& { return s.member; }

void add_data_and_network(std::vector<Field>& f) {
    f.push_back(choice({.key = "data.source", .label = "Data", .help = "The toy or a world to train on.", .choices = sources()}, AT(data.source)));
    f.push_back(integer({.key = "data.size", .label = "Size", .help = "Side of the pictures.", .unit = "px", .min = 16, .max = 1024}, AT(data.size)));
    f.push_back(choice({.key = "network.kind", .label = "Network", .help = "Architecture of generator, discriminator and predictor.", .choices = network_kinds()}, AT(network.kind)));
    f.push_back(integer({.key = "network.features", .label = "Features", .help = "Channels of G's first layer (mlp: hidden width).", .min = 1, .max = 512}, AT(network.features)));
    f.push_back(integer({.key = "network.widest", .label = "Widest layer", .help = "Widest layer of G and D in multiples of their features.", .min = 1, .max = 16}, AT(network.widest)));
    f.push_back(integer({.key = "network.downs", .label = "Halvings", .help = "How often the U-Net halves the picture.", .min = 2, .max = 10}, AT(network.downs)));
    f.push_back(integer({.key = "network.noise_channels", .label = "Noise channels", .help = "Noise dimensions of each level.", .min = 1, .max = 512}, AT(network.noise_channels)));
    f.push_back(integer({.key = "network.noise_levels", .label = "Noise levels", .help = "Up-convolutions that get noise, counted from the deepest.", .min = 1, .max = 10}, AT(network.noise_levels)));
    f.push_back(choice({.key = "network.upsampling", .label = "Upsampling", .help = "How the decoder doubles the size: resize leaves no checkerboard, transposed is the paper's.", .choices = {"resize", "transposed"}}, AT(network.upsampling)));
    f.push_back(integer({.key = "network.discriminator_features", .label = "D's features", .help = "Channels of D's first layer.", .min = 1, .max = 512}, AT(network.discriminator_features)));
    f.push_back(integer({.key = "network.discriminator_layers", .label = "D's halvings", .help = "How often the PatchGAN halves the picture.", .min = 1, .max = 6}, AT(network.discriminator_layers)));
}

void add_objective(std::vector<Field>& f) {
    for (const auto& term : terms())
        f.push_back(real({.key = "objective." + term.id, .label = term.label, .help = term.help, .min = 0, .max = 1e6, .live = true},
                         [index = term.term](Spec& s) -> double& { return s.objective.weight(index); }));
    f.push_back(choice({.key = "objective.distribution", .label = "Distribution", .help = "Likelihood of the moments: Gaussian (mean, variance) or Laplace (median, mean absolute deviation).", .choices = {"gaussian", "laplace"}}, AT(objective.distribution)));
    f.push_back(integer({.key = "objective.samples", .label = "K", .help = "Samples per condition whose moments are compared.", .min = 2, .max = 64, .live = true}, AT(objective.samples)));
    f.push_back(real({.key = "objective.min_noise", .label = "ν", .help = "Least variance believed of the data in mr2 and the predictor.", .min = 0, .max = 1}, AT(objective.min_noise)));
    f.push_back(real({.key = "objective.variance_floor", .label = "ε", .help = "Added to mr2's variance, which is tiny at the start and would make the loss explode.", .min = 1e-12, .max = 1}, AT(objective.variance_floor)));
}

void add_training(std::vector<Field>& f) {
    f.push_back(integer({.key = "training.seed", .label = "Seed", .help = "Start of every random sequence of the run.", .min = 0, .max = 1e15}, AT(training.seed)));
    f.push_back(integer({.key = "training.steps", .label = "Steps", .help = "Generator steps to train.", .min = 0, .max = 1e9}, AT(training.steps)));
    f.push_back(integer({.key = "training.batch", .label = "Batch", .help = "Pairs in D's loss.", .min = 1, .max = 8192}, AT(training.batch)));
    f.push_back(integer({.key = "training.conditions", .label = "Conditions", .help = "Pairs of the batch in G's loss, times K samples each.", .min = 1, .max = 8192}, AT(training.conditions)));
    f.push_back(real({.key = "training.learning_rate", .label = "Learning rate", .help = "Adam's learning rate for G.", .min = 0, .max = 1, .live = true}, AT(training.learning_rate)));
    f.push_back(real({.key = "training.learning_rate_ratio", .label = "D's rate", .help = "D's learning rate as a multiple of G's.", .min = 0, .max = 100, .live = true}, AT(training.learning_rate_ratio)));
    f.push_back(real({.key = "training.beta1", .label = "β₁", .help = "Adam's decay of the gradient's mean.", .min = 0, .max = 0.9999}, AT(training.beta1)));
    f.push_back(real({.key = "training.beta2", .label = "β₂", .help = "Adam's decay of the gradient's square.", .min = 0, .max = 0.999999}, AT(training.beta2)));
    f.push_back(real({.key = "training.weight_decay", .label = "Weight decay", .help = "Added to the gradient, times the weight.", .min = 0, .max = 1}, AT(training.weight_decay)));
    f.push_back(flag({.key = "training.amsgrad", .label = "AMSGrad", .help = "Adam with the largest second moment seen so far."}, AT(training.amsgrad)));
    f.push_back(real({.key = "training.clip", .label = "Clip", .help = "Gradients are clipped to ± this value; 0 is off.", .min = 0, .max = 1e6}, AT(training.clip)));
    f.push_back(real({.key = "training.decay_from", .label = "Decay from", .help = "Share of the steps after which the learning rate falls linearly to zero; 1 is never.", .min = 0, .max = 1}, AT(training.decay_from)));
    f.push_back(real({.key = "training.average", .label = "Average", .help = "Decay of the moving average of G's weights that samples are drawn from.", .min = 0, .max = 0.999999}, AT(training.average)));
    f.push_back(integer({.key = "training.generator_steps", .label = "G per D", .help = "Generator steps per discriminator step.", .min = 1, .max = 100}, AT(training.generator_steps)));
    f.push_back(integer({.key = "training.predictor_steps", .label = "P's steps", .help = "Steps the predictor is trained before the generator.", .min = 1, .max = 1e9}, AT(training.predictor_steps)));
    f.push_back(integer({.key = "training.predictor_batch", .label = "P's batch", .help = "Pairs in the predictor's loss.", .min = 1, .max = 8192}, AT(training.predictor_batch)));
    f.push_back(real({.key = "training.predictor_learning_rate", .label = "P's rate", .help = "Adam's learning rate for the predictor.", .min = 0, .max = 1}, AT(training.predictor_learning_rate)));
}

#undef AT

std::vector<Field> all_fields() {
    std::vector<Field> list;
    add_data_and_network(list);
    add_objective(list);
    add_training(list);
    return list;
}

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
    try {
        std::size_t used = 0;
        const double value = std::stod(text, &used);
        if (used == text.size()) return value;
    } catch (const std::exception&) {
    }
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

Spec toy() {
    Spec spec;
    spec.network.features = 64;
    spec.network.noise_channels = 1;
    spec.network.noise_levels = 1;
    spec.objective = parse_objective("gan+10*pmr2");
    return spec;
}

/// The prototype's recipe, with resized convolutions, a moving average and a decaying learning rate.
Spec street_64() {
    Spec spec;
    spec.preset = "street-64";
    spec.data.source = "street";
    spec.network.kind = "pix2pix";
    spec.objective = parse_objective("gan+10*pmr2");
    spec.objective.samples = 6;
    spec.objective.min_noise = 1e-3;
    spec.training = {.steps = 6000, .batch = 12, .conditions = 5, .learning_rate = 2e-4, .decay_from = 0.5,
                     .average = 0.998, .predictor_steps = 2500, .predictor_batch = 16,
                     .predictor_learning_rate = 5e-4};
    return spec;
}

}  // namespace

std::span<const Field> fields() {
    static const auto list = all_fields();
    return list;
}

const Field& find_field(const std::string& key) {
    const auto list = fields();
    const auto found = std::ranges::find(list, key, &Field::key);
    if (found != list.end()) return *found;
    const auto nearest = std::ranges::min_element(list, {}, [&](const Field& f) { return edit_distance(f.key, key); });
    throw Error(fmt::format("There is no key \"{}\"; did you mean \"{}\"?", key, nearest->key));
}

void set_field(Spec& spec, const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos)
        throw Error(fmt::format("\"{}\" is not of the form KEY=VALUE, such as training.steps=2000.", assignment));
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
        throw Error(fmt::format("data.size {} cannot be halved network.downs = {} times.", data.size, network.downs));
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
    if (!json.is_object()) throw Error("A spec must be a JSON object with sections data, network, objective, training.");
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

std::span<const Preset> presets() {
    static const std::vector<Preset> list{
        {"toy", "The Y-shaped toy distribution, perceptrons of 64 (paper, section 5.1).", toy},
        {"street-64", "Label map to street picture, the Street world at 64 × 64, small U-Net.", street_64},
    };
    return list;
}

Spec preset_spec(const std::string& id) {
    std::vector<std::string> known;
    for (const auto& preset : presets()) {
        if (preset.id == id) return preset.spec();
        known.push_back(preset.id);
    }
    throw Error(fmt::format("There is no preset \"{}\"; the known ones are {}.", id, fmt::join(known, ", ")));
}

}  // namespace modescope
