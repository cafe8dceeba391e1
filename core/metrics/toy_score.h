#pragma once

#include <torch/torch.h>

#include "core/networks/networks.h"
#include "core/training/toy_view.h"
#include "core/worlds/toy.h"

namespace modescope {

/// Measures toy generators against the exact truth, at fixed x and with fixed noise, so that the
/// figures of two steps differ by the training alone.
class ToyScorer {
public:
    /// 39 x in (−0.95, 0.95), `samples` draws at each.
    ToyScorer(const ToyDistribution& truth, int samples, std::int64_t noise_channels);

    ToyScore score(Generator& generator) const;

private:
    double wasserstein(const torch::Tensor& sorted) const;
    void branches(const torch::Tensor& samples, ToyScore& score) const;

    ToyDistribution truth_;
    std::vector<double> positions_;
    torch::Tensor x_, noise_;        ///< [39 · samples, 1]
    torch::Tensor quantiles_;        ///< [39, samples], ascending
    torch::Tensor mean_, variance_;  ///< [39]
};

}  // namespace modescope
