#pragma once

#include <torch/torch.h>

namespace modescope {

/// Variance over the dimensions `over`, with gradient: the sum of squared deviations divided by their number
/// less `correction` (1: unbiased, for which there must be two values or more; 0: of the values themselves).
/// LibTorch's var() says the same, but value by value on a CPU, which takes some twenty times as long.
inline torch::Tensor variance_over(at::IntArrayRef over, const torch::Tensor& values,
                                   std::int64_t correction = 1) {
    const auto sum = (values - values.mean(over, true)).square().sum(over);
    return sum / static_cast<double>(values.numel() / sum.numel() - correction);
}

}  // namespace modescope
