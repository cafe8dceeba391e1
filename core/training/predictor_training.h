#pragma once

#include <limits>

#include "core/training/trainer.h"

namespace modescope {

/// What only exists while P is trained.
struct Trainer::PredictorTraining {
    PredictorTraining(const Spec& spec, Predictor& predictor, at::Generator random, torch::Device device)
        : optimiser(predictor),
          candidate(build_predictor(spec, random)),
          best(build_predictor(spec, random)) {
        candidate->to(device);
        best->to(device);
        candidate->eval();
    }

    Optimiser optimiser;
    std::shared_ptr<Predictor> candidate;  ///< a copy in eval mode that is validated
    std::shared_ptr<Predictor> best;
    torch::Tensor best_loss = torch::full({1}, std::numeric_limits<double>::infinity(), torch::kDouble);
};

}  // namespace modescope
