#pragma once

#include <torch/torch.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/objective/losses.h"

/// Small inputs of loss terms, and their values.
namespace modescope {

inline constexpr double tolerance = 1e-9;

inline bool is_near(double a, double b) { return std::abs(a - b) <= tolerance; }

inline double value(const torch::Tensor& loss) { return loss.item<double>(); }

inline torch::Tensor column(std::vector<double> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return torch::tensor(values, torch::kDouble).view({count});
}

/// One condition with one element: y, its samples and noise whose consecutive draws are 1 apart.
inline LossInputs one_element(double y, const std::vector<double>& samples) {
    return {.y = column({y}).view({1, 1}),
            .samples = column(samples).view({1, -1, 1}),
            .predicted = {column({0.5}).view({1, 1}), column({0}).view({1, 1})},
            .noise = {torch::arange(static_cast<double>(samples.size()), torch::kDouble).view({-1, 1})}};
}

inline Objective with(const std::string& distribution, double scale = 1) {
    Objective objective;
    objective.distribution = distribution;
    objective.scale = scale;
    return objective;
}

inline at::Generator seeded(std::uint64_t seed) {
    auto random = at::detail::createCPUGenerator();
    random.set_current_seed(seed);
    return random;
}

/// Three conditions with four samples of 2 channels, 3 × 4, in double, of pictures' spread.
inline LossInputs random_inputs() {
    auto random = seeded(7);
    const auto draw = [&](std::vector<std::int64_t> shape) {
        return torch::randn(shape, random, torch::kDouble) * 0.3;
    };
    return {.y = draw({3, 2, 3, 4}),
            .samples = draw({3, 4, 2, 3, 4}).requires_grad_(true),
            .logits = draw({12, 1}),
            .predicted = {draw({3, 2, 3, 4}), draw({3, 2, 3, 4}) - 2},
            .noise = {draw({12, 5}) * 4, draw({12, 2, 1, 2}) * 4}};
}

}  // namespace modescope
