#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/objective/objective.h"
#include "core/training/toy_view.h"

namespace modescope {

/// One configuration of the toy, trained with several seeds and measured against the exact truth.
struct ToyResult {
    Objective objective;
    std::vector<ToyScore> seeds;
    ToyScore mean;           ///< over the seeds
    double ms_per_step = 0;  ///< of the generator phase
};

/// The loss configurations that the toy compares (paper, section 5.1 and appendix).
std::vector<Objective> toy_configurations();

/// Trains every configuration for `steps` with the seeds 1 … `seeds`, on the calling thread. `progress`
/// gets the share done and what is trained.
std::vector<ToyResult> reproduce_toy(int seeds, std::int64_t steps,
                                     const std::function<void(double, const std::string&)>& progress);

}  // namespace modescope
