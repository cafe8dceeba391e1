#pragma once

#include <torch/torch.h>

#include <cstring>
#include <string>

#include "core/training/trainer.h"
#include "tests/error_of.h"

namespace modescope {

inline at::Generator fixed_random(std::uint64_t seed = 11) { return at::detail::createCPUGenerator(seed); }

/// A street training that takes milliseconds a step.
inline Spec tiny_street(const std::string& objective) {
    auto spec = preset_spec("street-64");
    spec.objective = parse_objective(objective);
    spec.objective.samples = 3;
    for (const char* setting :
         {"data.size=32", "network.downs=4", "network.features=4", "network.widest=2",
          "network.noise_channels=4", "network.discriminator_features=4", "network.discriminator_layers=2",
          "training.batch=2", "training.conditions=2", "training.predictor_batch=2",
          "training.predictor_steps=4", "training.steps=20"})
        set_field(spec, setting);
    return spec;
}

inline Spec tiny_toy(const std::string& objective) {
    auto spec = preset_spec("toy");
    spec.objective = parse_objective(objective);
    for (const char* setting :
         {"network.features=8", "objective.samples=4", "training.batch=16", "training.conditions=8",
          "training.predictor_batch=16", "training.predictor_steps=4", "training.steps=20"})
        set_field(spec, setting);
    return spec;
}

inline void train(Trainer& trainer, int steps) {
    for (int i = 0; i < steps; ++i) trainer.step(StepKind::both);
}

/// Bit for bit: NaN equals NaN, and 0 does not equal −0.
inline bool same_bits(const torch::Tensor& a, const torch::Tensor& b) {
    if (a.scalar_type() != b.scalar_type() || a.sizes() != b.sizes()) return false;
    return a.numel() == 0 ||
           std::memcmp(a.contiguous().data_ptr(), b.contiguous().data_ptr(), a.nbytes()) == 0;
}

/// The first tensor in which two checkpoints differ; empty if they are bit for bit the same.
inline std::string first_difference(const Checkpoint& a, const Checkpoint& b) {
    if (a.tensors.size() != b.tensors.size()) return "the number of tensors";
    for (const auto& [name, tensor] : a.tensors)
        if (!b.tensors.contains(name) || !same_bits(tensor, b.tensors.at(name))) return name;
    return to_json(a.spec) == to_json(b.spec) ? "" : "the spec";
}

inline double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
    return a.sizes() == b.sizes() ? (a - b).abs().max().item<double>() : INFINITY;
}

/// The state of the generator that everybody shares and core must never draw from.
inline torch::Tensor global_random_state() {
    return at::detail::getDefaultCPUGenerator().get_state().clone();
}

}  // namespace modescope
