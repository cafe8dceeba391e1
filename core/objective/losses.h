#pragma once

#include <torch/torch.h>

#include "core/objective/objective.h"

namespace modescope {

/// What P says of y given x: the centre (mean or median) and the log of the dispersion
/// (log σ̂² or log b̂). Shapes of y.
struct Prediction {
    torch::Tensor centre;
    torch::Tensor log_dispersion;
};

/// Everything a generator term may look at.
struct LossInputs {
    torch::Tensor y;        ///< [B, …]
    torch::Tensor samples;  ///< [B, K, …] generated from the conditions of y
    torch::Tensor logits;   ///< D's logits for the samples; undefined without D
    Prediction predicted;   ///< undefined without P; carries no gradient
};

/// Value of one generator term: the mean over batch and elements, a scalar with gradient
/// (paper: Eq. 6–9 for mr, Eq. 10–12 for pmr; formulas in TermInfo).
torch::Tensor generator_loss(Term term, const LossInputs& inputs, const Objective& objective);

/// Discriminator's loss of an adversarial term, half for real and half for fake.
torch::Tensor discriminator_loss(Term term, const torch::Tensor& real_logits,
                                 const torch::Tensor& fake_logits);

/// Order-2 negative log-likelihood that P is trained on (without constants).
torch::Tensor predictor_loss(const Prediction& predicted, const torch::Tensor& y, Distribution distribution,
                             double min_noise);

/// σ̂: what P's dispersion is as a standard deviation (Laplace: √2 times the mean absolute deviation).
torch::Tensor predicted_deviation(const Prediction& predicted, Distribution distribution);

Distribution distribution_of(const Objective& objective);

}  // namespace modescope
