#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/objective/objective.h"
#include "core/tasks/condition.h"

namespace modescope {

struct DataSpec {
    std::string source = "toy";        ///< "toy", a world's id, or "folder"
    std::string folder;                ///< path, with source "folder"; of "toy", what data.toy says
    std::string task = "labels";       ///< a row of tasks()
    std::string classes;               ///< of label maps from a folder, as parse_palette reads them
    std::string direction = "a-to-b";  ///< of aligned pairs: the left picture is the condition, or "b-to-a"
    std::int64_t size = 64;            ///< pixels a side; the toy has none
    std::int64_t load = 0;             ///< shorter side before the random crop to `size`; 0 = no crop
    bool flip = false;                 ///< half of the pairs of a folder are mirrored
    std::int64_t scale = 4;            ///< super-resolution: target over condition
    std::int64_t hole_least = 24;      ///< inpainting: least and most side of the hole, and the square
    std::int64_t hole_most = 32;       ///< around it that the local discriminator looks at
    std::int64_t hole_box = 32;
    std::int64_t hole_margin = 0;  ///< least distance of that square from the picture's edges
};

struct NetworkSpec {
    std::string kind = "mlp";           ///< a row of the table of networks
    std::int64_t features = 24;         ///< channels of the first layer (mlp: hidden width)
    std::int64_t widest = 4;            ///< widest layer of G and D, in multiples of their features
    std::int64_t downs = 6;             ///< halvings of the U-Net
    std::int64_t noise_channels = 32;   ///< noise dimensions of each level
    std::int64_t noise_levels = 3;      ///< up-convolutions with noise, from the deepest
    std::string upsampling = "resize";  ///< "resize" or "transposed"
    std::int64_t refine = 0;            ///< channels of the U-Net's layers at full size; 0 as in the paper
    std::int64_t modulation = 0;        ///< features of the code by which the first noise level scales and
                                        ///< shifts the U-Net's decoder; 0 as in the paper
    std::int64_t blocks = 5;            ///< residual blocks of SRGAN
    std::int64_t head = 9;              ///< side of the kernel of its last convolution, odd
    std::int64_t noise_vector = 0;  ///< noise that is the same at every position, at the first level; U-Nets
                                    ///< have it anyway where they reach 1 × 1
    std::int64_t discriminator_features = 24;
    std::int64_t discriminator_layers = 3;     ///< halvings of the PatchGAN
    std::string discriminator_norm = "batch";  ///< "batch" as in the paper, or "spectral"
    bool discriminator_patches = false;        ///< SRGAN's D judges patches, not the whole as in the paper
};

struct TrainingSpec {
    std::int64_t seed = 1;
    std::int64_t steps = 3000;       ///< generator steps
    std::int64_t batch = 256;        ///< pairs in D's loss
    std::int64_t conditions = 256;   ///< of them in G's loss, times K samples
    double learning_rate = 1e-3;     ///< of G
    double learning_rate_ratio = 1;  ///< D's learning rate over G's
    double beta1 = 0.5, beta2 = 0.999;
    double weight_decay = 0;
    bool amsgrad = false;
    double instance_noise = 0;  ///< σ of the noise added to what D sees, real and fake
    double clip = 0;            ///< gradients clipped to ± this value; 0 = off
    double decay_from = 1;      ///< share of the steps after which the learning rate falls linearly to 0
    std::string precision = "float32";  ///< of G's, D's and P's layers: "float32" or "bfloat16"
    /// Of pictures in memory: "contiguous", "channels_last", or "auto", whichever was found faster.
    std::string memory_format = "auto";
    double average = 0.99;             ///< decay of G's moving average, which samples are drawn from
    std::int64_t generator_steps = 1;  ///< G steps per D step
    std::int64_t predictor_steps = 1000;
    std::int64_t predictor_batch = 256;
    double predictor_learning_rate = 1e-3;
};

TaskSettings task_settings(const DataSpec& data);

/// Everything that determines a training; in every checkpoint and run directory.
struct Spec {
    std::string preset = "toy";
    DataSpec data;
    NetworkSpec network;
    Objective objective;
    TrainingSpec training;
};

using FieldValue = std::variant<bool, std::int64_t, double, std::string>;

/// One key of a spec. Forms, `--set`, `--help`, run files and docs iterate fields().
struct Field {
    std::string key;    ///< "training.learning_rate"
    std::string label;  ///< as shown
    std::string help;   ///< one sentence
    std::string unit;
    double min = 0, max = 0;           ///< of numbers, inclusive
    std::vector<std::string> choices;  ///< of texts that are one of a few
    bool text = false;                 ///< any text
    bool live = false;                 ///< may change while a run trains
    std::function<FieldValue(const Spec&)> get;
    /// Checks type, range and choice; throws Error naming the key.
    std::function<void(Spec&, const FieldValue&)> set;
};

std::span<const Field> fields();
/// Throws Error naming the unknown key and the nearest known one.
const Field& find_field(const std::string& key);
/// "key=value" as on the command line.
void set_field(Spec& spec, const std::string& assignment);
/// What no single field can see (sizes that do not divide, missing K, no term). Throws Error.
void check(const Spec& spec);
/// The part of it that pictures are made by: the world's tasks, sizes, holes, classes; not for the toy.
void check(const DataSpec& data);

nlohmann::json to_json(const Spec& spec);
/// Unknown keys, wrong types and values out of range throw Error by name; missing keys keep their default.
Spec spec_from_json(const nlohmann::json& json);

struct Preset {
    std::string id;
    std::string help;
    std::function<Spec()> spec;
};
std::span<const Preset> presets();
/// Throws Error naming the known ones.
Spec preset_spec(const std::string& id);
/// Replaces the terms of the objective by those of "gan+pmr2" or "gan+5*pmr2". A term without a factor gets
/// the weight that is usual for the spec's preset: the paper's for its presets, with its ν; set the
/// distribution first. Throws Error as parse_objective does.
void set_objective(Spec& spec, const std::string& text);
/// What somebody chose on top of a preset: "key=value" each, and the objective, if there is one. Its usual
/// weights and ν may depend on those keys and yield to them. Throws Error as set_field and set_objective do.
void configure(Spec& spec, std::span<const std::string> assignments, const std::string& objective);

}  // namespace modescope
