#pragma once

#include <torch/torch.h>

#include <vector>

#include "core/objective/objective.h"

namespace modescope {

/// What P says of y given x: the centre (mean or median) and the log of the dispersion (log σ̂² or
/// log b̂) of the values times Objective::scale. Shapes of y.
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
    /// The z of the samples, one tensor [B·K, …] per level, a condition's K rows together; for dsgan, msgan.
    std::vector<torch::Tensor> noise;
    /// [B, 1, h, w], 1 where the terms look and 0 elsewhere, some 1 in every row; undefined: everywhere.
    torch::Tensor mask;
};

/// Value of one generator term, a scalar with gradient: the mean over batch and elements, of a term that
/// is not adversarial over the mask's elements (paper: Eq. 6–9 for mr, Eq. 10–12 for pmr; formulas in
/// TermInfo). The distances of dsgan, msgan and mmd are means over the elements of one condition:
/// - dsgan (Yang et al. 2019): −min(‖ỹ_i − ỹ_j‖₁ / (‖z_i − z_j‖₁ + 1e-5), τ), mean over the K − 1 pairs of
///   consecutive samples. A linear G(z) = σz has the ratio σ, so τ = 1 is the spread that values in
///   [−1, 1] cannot exceed.
/// - msgan (Mao et al. 2019): 1 / (d_y/d_z + 1e-5), where d_y and d_z are the mean distances of the same
///   pairs of one condition: the reciprocal of each pair's ratio would be ruled by the closest pair.
/// - mmd (Gretton et al. 2012): squared maximum mean discrepancy between the samples of a condition
///   (unbiased) and its one target; over many targets this is MMD² of the two distributions plus a
///   constant of the data. Kernel: mean of exp(−‖a − b‖²/(2·d·s²)) over s = 0.05, 0.1, 0.2, 0.4, 0.8, with
///   d the number of elements.
/// - rcgan (Bendel et al. 2023): |y − μ̃| − β·σ̃ with σ̃ = √(π/(2K(K−1))) Σ|ỹ_k − μ̃| and β = √(2/(πK(K+1))),
///   for which Gaussian data are best fitted by samples of their own mean and deviation.
torch::Tensor generator_loss(Term term, const LossInputs& inputs, const Objective& objective);

/// Discriminator's loss of an adversarial term, half for real and half for fake.
torch::Tensor discriminator_loss(Term term, const torch::Tensor& real_logits,
                                 const torch::Tensor& fake_logits);

/// Order-2 negative log-likelihood that P is trained on (without constants), over the elements of the
/// mask as in LossInputs.
torch::Tensor predictor_loss(const Prediction& predicted, const torch::Tensor& y, const Objective& objective,
                             const torch::Tensor& mask = {});

/// σ̂ in the units of y: what P's dispersion is as a standard deviation (Laplace: √2 times the mean
/// absolute deviation).
torch::Tensor predicted_deviation(const Prediction& predicted, const Objective& objective);

}  // namespace modescope
