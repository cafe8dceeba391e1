#include <fmt/format.h>

#include "core/base/error.h"
#include "core/training/spec.h"

namespace modescope {
namespace {

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
    spec.network.discriminator_norm = "spectral";
    spec.objective = parse_objective("gan+10*pmr2");
    spec.objective.min_noise = 1e-3;
    spec.training = {.steps = 6000,
                     .batch = 12,
                     .conditions = 4,
                     .learning_rate = 2e-4,
                     .instance_noise = 0.05,
                     .decay_from = 0.5,
                     .average = 0.998,
                     .predictor_steps = 2500,
                     .predictor_batch = 16,
                     .predictor_learning_rate = 5e-4};
    return spec;
}

}  // namespace

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
