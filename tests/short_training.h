#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/training/trainer.h"
#include "tests/support.h"

/// Short trainings, and the parts of their checkpoints.
namespace modescope {

/// Steps of every kind, P's among them, until G has made a few.
inline constexpr int all_steps = 10;

inline Checkpoint trained(const Spec& spec, int steps = all_steps) {
    Trainer trainer(spec);
    train(trainer, steps);
    return trainer.checkpoint();
}

inline bool all_finite(const Checkpoint& checkpoint) {
    for (const auto& [name, tensor] : checkpoint.tensors)
        if (tensor.is_floating_point() && name != "best_predictor_loss" &&
            !tensor.isfinite().all().item<bool>())
            return false;
    return true;
}

inline std::vector<std::string> names_starting_with(const Checkpoint& checkpoint, const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : checkpoint.tensors)
        if (name.starts_with(prefix)) names.push_back(name);
    return names;
}

inline bool same_part(const Checkpoint& a, const Checkpoint& b, const std::string& prefix) {
    const auto names = names_starting_with(a, prefix);
    return !names.empty() &&
           std::ranges::all_of(names, [&](const auto& name) { return same_bits(a.at(name), b.at(name)); });
}

}  // namespace modescope
