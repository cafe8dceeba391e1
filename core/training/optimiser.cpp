#include "core/training/optimiser.h"

#include <cmath>

namespace modescope {

using torch::Tensor;

Tensor flatten_parameters(torch::nn::Module& module) {
    torch::NoGradGuard no_grad;
    std::vector<Tensor> pieces;
    for (const auto& p : module.parameters()) pieces.push_back(p.flatten());
    const auto flat = torch::cat(pieces);
    std::int64_t offset = 0;
    for (auto& p : module.parameters()) {
        p.set_data(flat.narrow(0, offset, p.numel()).view(p.sizes()));
        offset += p.numel();
    }
    return flat;
}

Optimiser::Optimiser(torch::nn::Module& module)
    : parameters_(flatten_parameters(module)),
      gradient_(torch::zeros_like(parameters_)),
      first_moment_(torch::zeros_like(parameters_)),
      second_moment_(torch::zeros_like(parameters_)),
      largest_second_moment_(torch::zeros_like(parameters_)),
      steps_(torch::zeros({1}, torch::kLong)) {
    std::int64_t offset = 0;
    for (auto& p : module.parameters()) {
        p.mutable_grad() = gradient_.narrow(0, offset, p.numel()).view(p.sizes());
        offset += p.numel();
    }
}

bool Optimiser::gradient_is_finite() const { return std::isfinite(gradient_.sum().item<float>()); }

void Optimiser::step(const TrainingSpec& settings, double learning_rate) {
    torch::NoGradGuard no_grad;
    if (settings.weight_decay > 0) gradient_.add_(parameters_, settings.weight_decay);
    if (settings.clip > 0) gradient_.clamp_(-settings.clip, settings.clip);
    steps_.add_(1);
    const auto t = static_cast<double>(steps_.item<std::int64_t>());
    first_moment_.lerp_(gradient_, 1 - settings.beta1);
    second_moment_.mul_(settings.beta2).addcmul_(gradient_, gradient_, 1 - settings.beta2);
    auto second = second_moment_;
    if (settings.amsgrad)
        second = torch::max_out(largest_second_moment_, largest_second_moment_, second_moment_);
    const double correction1 = 1 - std::pow(settings.beta1, t), correction2 = 1 - std::pow(settings.beta2, t);
    const auto denominator = second.sqrt().div_(std::sqrt(correction2)).add_(1e-8);
    parameters_.addcdiv_(first_moment_, denominator, -learning_rate / correction1);
}

NamedTensors Optimiser::state() const {
    return {{"first_moment", first_moment_},
            {"second_moment", second_moment_},
            {"largest_second_moment", largest_second_moment_},
            {"steps", steps_}};
}

}  // namespace modescope
