#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/networks/network_kinds.h"
#include "core/training/spec.h"
#include "core/worlds/toy.h"
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

Field text(Field field, Access<std::string> access) {
    field.text = true;
    field.get = [access](const Spec& s) { return FieldValue(read(access, s)); };
    field.set = [access, field](Spec& s, const FieldValue& v) {
        const auto* text = std::get_if<std::string>(&v);
        if (!text || !is_utf8(*text)) refuse(field, "a text in UTF-8");
        access(s) = *text;
    };
    return field;
}

Field folder(Field field) {
    field = text(
        field, [](Spec & s) -> auto& { return s.data.folder; });
    field.get = [path = field.get](const Spec& s) {
        return s.data.source == "toy" ? FieldValue(std::string()) : path(s);
    };
    return field;
}

/// A toy's distribution is where a folder's path would be, which a toy has not; the Y is empty there, as in
/// files of versions that knew no other.
Field toy_name(Field field) {
    field.text = true;
    field.get = [](const Spec& s) {
        return s.data.source != "toy" || s.data.folder.empty() ? std::string("y") : s.data.folder;
    };
    field.set = [field](Spec& s, const FieldValue& v) {
        const auto* name = std::get_if<std::string>(&v);
        if (!name || !is_utf8(*name)) refuse(field, "a text in UTF-8");
        if (s.data.source == "toy")
            s.data.folder = *name == "y" ? "" : *name;
        else if (*name != "y")
            refuse(field, "y where data.source is not toy");
    };
    return field;
}

Choices sources() {
    Choices list{"toy"};
    for (const auto* world : worlds()) list.push_back(world->id());
    list.push_back("folder");
    return list;
}

Choices task_ids() {
    Choices list;
    for (const auto& task : tasks()) list.push_back(task.id);
    return list;
}

#define AT(member) \
    [](Spec & s) -> auto& { return s.member; }

void add_data(std::vector<Field>& f) {
    f.push_back(choice({.key = "data.source",
                        .label = "Data",
                        .help = "The toy, a world, or a folder to train on.",
                        .choices = sources()},
                       AT(data.source)));
    f.push_back(folder({.key = "data.folder", .label = "Folder", .help = "Path of the folder."}));
    f.push_back(toy_name({.key = "data.toy",
                          .label = "Distribution",
                          .help = fmt::format("What the toy's pairs are drawn from: {}, or points; `train "
                                              "--data` takes their CSV file.",
                                              toy_shape_names())}));
    f.push_back(choice({.key = "data.task",
                        .label = "Task",
                        .help = "What the generator is given and what it draws.",
                        .choices = task_ids()},
                       AT(data.task)));
    f.push_back(text({.key = "data.classes",
                      .label = "Classes",
                      .help = "Names and colours of a folder's label maps: \"Sky #4682b4, Road #804080\"."},
                     AT(data.classes)));
    f.push_back(choice({.key = "data.direction",
                        .label = "Direction",
                        .help = "Of pictures side by side: a-to-b gives the left one and asks for the right.",
                        .choices = {"a-to-b", "b-to-a"}},
                       AT(data.direction)));
    f.push_back(integer({.key = "data.size",
                         .label = "Size",
                         .help = "Side of the pictures.",
                         .unit = "px",
                         .min = 16,
                         .max = 1024},
                        AT(data.size)));
    f.push_back(
        integer({.key = "data.load",
                 .label = "Load size",
                 .help = "Shorter side of a folder's pictures before a random square is cut out; 0 cuts "
                         "the largest centred square.",
                 .unit = "px",
                 .min = 0,
                 .max = 4096},
                AT(data.load)));
    f.push_back(
        flag({.key = "data.flip", .label = "Flip", .help = "Half of a folder's training pairs are mirrored."},
             AT(data.flip)));
    f.push_back(integer({.key = "data.scale",
                         .label = "Scale",
                         .help = "How much larger super-resolution makes a picture.",
                         .min = 2,
                         .max = 16},
                        AT(data.scale)));
    f.push_back(integer({.key = "data.hole_least",
                         .label = "Smallest hole",
                         .help = "Least side of the hole to fill.",
                         .unit = "px",
                         .min = 1,
                         .max = 1024},
                        AT(data.hole_least)));
    f.push_back(integer({.key = "data.hole_most",
                         .label = "Largest hole",
                         .help = "Greatest side of the hole to fill.",
                         .unit = "px",
                         .min = 1,
                         .max = 1024},
                        AT(data.hole_most)));
    f.push_back(integer({.key = "data.hole_box",
                         .label = "Box",
                         .help = "Side of the square around the hole that the local discriminator judges.",
                         .unit = "px",
                         .min = 1,
                         .max = 1024},
                        AT(data.hole_box)));
    f.push_back(integer({.key = "data.hole_margin",
                         .label = "Hole's margin",
                         .help = "Least distance of that square from the picture's edges.",
                         .unit = "px",
                         .min = 0,
                         .max = 512},
                        AT(data.hole_margin)));
}

void add_network(std::vector<Field>& f) {
    f.push_back(choice({.key = "network.kind",
                        .label = "Network",
                        .help = "Architecture of generator, discriminator and predictor.",
                        .choices = network_kinds()},
                       AT(network.kind)));
    f.push_back(integer({.key = "network.features",
                         .label = "Features",
                         .help = "Channels of G's first layer (mlp: hidden width).",
                         .min = 1,
                         .max = 512},
                        AT(network.features)));
    f.push_back(integer({.key = "network.widest",
                         .label = "Widest layer",
                         .help = "Widest layer of G and D in multiples of their features.",
                         .min = 1,
                         .max = 16},
                        AT(network.widest)));
    f.push_back(integer({.key = "network.downs",
                         .label = "Halvings",
                         .help = "How often the U-Net halves the picture.",
                         .min = 2,
                         .max = 10},
                        AT(network.downs)));
    f.push_back(integer({.key = "network.noise_channels",
                         .label = "Noise channels",
                         .help = "Noise dimensions of each level.",
                         .min = 1,
                         .max = 512},
                        AT(network.noise_channels)));
    f.push_back(integer({.key = "network.noise_levels",
                         .label = "Noise levels",
                         .help = "Up-convolutions that get noise, counted from the deepest.",
                         .min = 1,
                         .max = 10},
                        AT(network.noise_levels)));
    f.push_back(choice(
        {.key = "network.upsampling",
         .label = "Upsampling",
         .help =
             "How the decoder doubles the size: resize leaves no checkerboard, transposed is the paper's (a "
             "pixel shuffle in SRGAN).",
         .choices = {"resize", "transposed"}},
        AT(network.upsampling)));
    f.push_back(integer({.key = "network.refine",
                         .label = "Refinement",
                         .help = "Channels of two more layers at full size, which see the condition's own "
                                 "pixels; 0 is the paper's U-Net.",
                         .min = 0,
                         .max = 512},
                        AT(network.refine)));
    f.push_back(integer({.key = "network.modulation",
                         .label = "Modulation",
                         .help = "Features of a code by which the first noise level scales and shifts every "
                                 "layer of the U-Net's decoder; 0 is the paper's U-Net.",
                         .min = 0,
                         .max = 512},
                        AT(network.modulation)));
    f.push_back(integer({.key = "network.blocks",
                         .label = "Blocks",
                         .help = "Residual blocks of srgan.",
                         .min = 1,
                         .max = 64},
                        AT(network.blocks)));
    f.push_back(
        integer({.key = "network.head",
                 .label = "Head",
                 .help = "Side of the kernel of srgan's last convolution, an odd number; 9 in the paper.",
                 .unit = "px",
                 .min = 1,
                 .max = 31},
                AT(network.head)));
    f.push_back(
        integer({.key = "network.noise_vector",
                 .label = "Noise vector",
                 .help = "Noise dimensions of srgan and glcic that are the same at every position: what "
                         "decides something for the whole picture; 0 in the paper.",
                 .min = 0,
                 .max = 512},
                AT(network.noise_vector)));
    f.push_back(integer({.key = "network.discriminator_features",
                         .label = "D's features",
                         .help = "Channels of D's first layer.",
                         .min = 1,
                         .max = 512},
                        AT(network.discriminator_features)));
    f.push_back(integer({.key = "network.discriminator_layers",
                         .label = "D's halvings",
                         .help = "How often the PatchGAN halves the picture.",
                         .min = 1,
                         .max = 6},
                        AT(network.discriminator_layers)));
    f.push_back(choice({.key = "network.discriminator_norm",
                        .label = "D's normalisation",
                        .help = "batch is the paper's; spectral keeps D smooth, which leaves less speckle.",
                        .choices = {"batch", "spectral"}},
                       AT(network.discriminator_norm)));
    f.push_back(flag({.key = "network.discriminator_patches",
                      .label = "D judges patches",
                      .help = "srgan's D says of every patch how real it is, instead of the whole picture as "
                              "in the paper: small trainings get patterns sooner."},
                     AT(network.discriminator_patches)));
}

void add_objective(std::vector<Field>& f) {
    for (const auto& term : terms())
        f.push_back(real({.key = "objective." + term.id,
                          .label = term.label,
                          .help = term.help,
                          .min = 0,
                          .max = 1e6,
                          .live = true},
                         [index = term.term](Spec& s) -> double& { return s.objective.weight(index); }));
    f.push_back(choice({.key = "objective.distribution",
                        .label = "Distribution",
                        .help = "Likelihood of the moments: Gaussian (mean, variance) or Laplace (median, "
                                "mean absolute deviation).",
                        .choices = {"gaussian", "laplace"}},
                       AT(objective.distribution)));
    f.push_back(integer({.key = "objective.samples",
                         .label = "K",
                         .help = "Samples per condition that are looked at together.",
                         .min = 2,
                         .max = 64,
                         .live = true},
                        AT(objective.samples)));
    f.push_back(
        real({.key = "objective.scale",
              .label = "Scale",
              .help = "Losses measure values times this: 1 for [−1, 1], 0.5 for the [0, 1] of the paper's "
                      "GLCIC.",
              .min = 1e-3,
              .max = 1e3},
             AT(objective.scale)));
    f.push_back(real({.key = "objective.min_noise",
                      .label = "ν",
                      .help = "Least variance believed of the data in mr2 and the predictor.",
                      .min = 0,
                      .max = 1},
                     AT(objective.min_noise)));
    f.push_back(
        real({.key = "objective.variance_floor",
              .label = "ε",
              .help = "Added to mr2's variance, which is tiny at the start and would make the loss explode.",
              .min = 1e-12,
              .max = 1},
             AT(objective.variance_floor)));
}

void add_training(std::vector<Field>& f) {
    f.push_back(integer({.key = "training.seed",
                         .label = "Seed",
                         .help = "Start of every random sequence of the run.",
                         .min = 0,
                         .max = 1e15},
                        AT(training.seed)));
    f.push_back(integer({.key = "training.steps",
                         .label = "Steps",
                         .help = "Generator steps to train.",
                         .min = 0,
                         .max = 1e9},
                        AT(training.steps)));
    f.push_back(integer(
        {.key = "training.batch", .label = "Batch", .help = "Pairs in D's loss.", .min = 1, .max = 8192},
        AT(training.batch)));
    f.push_back(integer({.key = "training.conditions",
                         .label = "Conditions",
                         .help = "Pairs of the batch in G's loss, times K samples each.",
                         .min = 1,
                         .max = 8192},
                        AT(training.conditions)));
    f.push_back(real({.key = "training.learning_rate",
                      .label = "Learning rate",
                      .help = "Adam's learning rate for G.",
                      .min = 0,
                      .max = 1,
                      .live = true},
                     AT(training.learning_rate)));
    f.push_back(real({.key = "training.learning_rate_ratio",
                      .label = "D's rate",
                      .help = "D's learning rate as a multiple of G's.",
                      .min = 0,
                      .max = 100,
                      .live = true},
                     AT(training.learning_rate_ratio)));
    f.push_back(real({.key = "training.beta1",
                      .label = "β₁",
                      .help = "Adam's decay of the gradient's mean.",
                      .min = 0,
                      .max = 0.9999},
                     AT(training.beta1)));
    f.push_back(real({.key = "training.beta2",
                      .label = "β₂",
                      .help = "Adam's decay of the gradient's square.",
                      .min = 0,
                      .max = 0.999999},
                     AT(training.beta2)));
    f.push_back(real({.key = "training.weight_decay",
                      .label = "Weight decay",
                      .help = "Added to the gradient, times the weight.",
                      .min = 0,
                      .max = 1},
                     AT(training.weight_decay)));
    f.push_back(flag({.key = "training.amsgrad",
                      .label = "AMSGrad",
                      .help = "Adam with the largest second moment seen so far."},
                     AT(training.amsgrad)));
    f.push_back(real(
        {.key = "training.instance_noise",
         .label = "D's noise",
         .help =
             "σ of noise added to what D sees, so that it cannot win by grain that G's noise cannot make.",
         .min = 0,
         .max = 2,
         .live = true},
        AT(training.instance_noise)));
    f.push_back(choice({.key = "training.precision",
                        .label = "Precision",
                        .help = "What layers compute in; weights and losses are float32 either way. bfloat16 "
                                "is faster on GPUs and processors that compute in it, else slower: "
                                "modescope bench --preset NAME --set training.precision=bfloat16 tells.",
                        .choices = {"float32", "bfloat16"}},
                       AT(training.precision)));
    f.push_back(choice({.key = "training.memory_format",
                        .label = "Memory format",
                        .help = "How pictures lie in memory while training: channel after channel or pixel "
                                "after pixel. auto is channels_last in float32 on a processor, else "
                                "contiguous; modescope bench --preset NAME --set "
                                "training.memory_format=channels_last tells which is faster.",
                        .choices = {"auto", "contiguous", "channels_last"}},
                       AT(training.memory_format)));
    f.push_back(real({.key = "training.clip",
                      .label = "Clip",
                      .help = "Gradients are clipped to ± this value; 0 is off.",
                      .min = 0,
                      .max = 1e6},
                     AT(training.clip)));
    f.push_back(
        real({.key = "training.decay_from",
              .label = "Decay from",
              .help = "Share of the steps after which the learning rate falls linearly to zero; 1 is never.",
              .min = 0,
              .max = 1},
             AT(training.decay_from)));
    f.push_back(real({.key = "training.average",
                      .label = "Average",
                      .help = "Decay of the moving average of G's weights that samples are drawn from.",
                      .min = 0,
                      .max = 0.999999},
                     AT(training.average)));
    f.push_back(integer({.key = "training.generator_steps",
                         .label = "G per D",
                         .help = "Generator steps per discriminator step.",
                         .min = 1,
                         .max = 100},
                        AT(training.generator_steps)));
    f.push_back(integer({.key = "training.predictor_steps",
                         .label = "P's steps",
                         .help = "Steps the predictor is trained before the generator.",
                         .min = 1,
                         .max = 1e9},
                        AT(training.predictor_steps)));
    f.push_back(integer({.key = "training.predictor_batch",
                         .label = "P's batch",
                         .help = "Pairs in the predictor's loss.",
                         .min = 1,
                         .max = 8192},
                        AT(training.predictor_batch)));
    f.push_back(real({.key = "training.predictor_learning_rate",
                      .label = "P's rate",
                      .help = "Adam's learning rate for the predictor.",
                      .min = 0,
                      .max = 1},
                     AT(training.predictor_learning_rate)));
}

#undef AT

std::vector<Field> all_fields() {
    std::vector<Field> list;
    add_data(list);
    add_network(list);
    add_objective(list);
    add_training(list);
    return list;
}

}  // namespace

std::span<const Field> fields() {
    static const auto list = all_fields();
    return list;
}

}  // namespace modescope
