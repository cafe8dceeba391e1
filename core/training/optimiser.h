#pragma once

#include <torch/torch.h>

#include "core/training/checkpoint.h"

namespace modescope {

/// Moves a module's parameters into one contiguous tensor, of which they become views; the whole
/// module is then updated, averaged and compared in a handful of operations.
torch::Tensor flatten_parameters(torch::nn::Module& module);

/// Adam over a module's flattened parameters (Kingma & Ba; AMSGrad by choice), with clipping by value.
class Optimiser {
public:
    explicit Optimiser(torch::nn::Module& module);

    void zero_grad() { gradient_.zero_(); }
    /// Of all parameters, flattened.
    const torch::Tensor& gradient() const { return gradient_; }
    /// False if a gradient is infinite or not a number; then `step` must not be called.
    bool gradient_is_finite() const;
    void step(const TrainingSpec& settings, double learning_rate);

    const torch::Tensor& parameters() const { return parameters_; }
    /// The state a checkpoint holds, aliasing the live tensors.
    NamedTensors state() const;

private:
    torch::Tensor parameters_, gradient_, first_moment_, second_moment_, largest_second_moment_;
    torch::Tensor steps_;  ///< one int64: in a tensor, so that it is saved like the rest
};

}  // namespace modescope
