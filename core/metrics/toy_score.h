#pragma once

#include <torch/torch.h>

#include "core/metrics/predictor_error.h"
#include "core/networks/networks.h"
#include "core/training/toy_view.h"
#include "core/worlds/toy.h"

namespace modescope {

/// Measures toy generators against the exact truth, at fixed x and with fixed noise, so that the
/// figures of two steps differ by the training alone. Branches are counted where they can be told apart,
/// which is at x > 0.2 of the Y: there are two or more, with more than eight deviations between neighbours.
/// Of a truth that has one branch everywhere, as the line, that one is counted.
class ToyScorer {
public:
    /// 39 x in (−0.95, 0.95), `samples` draws at each.
    ToyScorer(const ToyDistribution& truth, int samples, std::int64_t noise_channels);

    ToyScore score(Generator& generator) const;
    /// Mean |F(ỹ | x) − ½|, F the true distribution: 0 where every sample is a median, ¼ for true samples.
    double median_gap(Generator& generator) const;
    /// Over x, in units of the mean true σ.
    PredictorError predictor_error(Predictor& predictor, const Objective& objective) const;

private:
    torch::Tensor draw(Generator& generator) const;
    double wasserstein(const torch::Tensor& sorted) const;
    void branches(const torch::Tensor& samples, ToyScore& score) const;

    ToyDistribution truth_;
    std::vector<double> positions_;
    torch::Tensor x_, noise_;        ///< [39 · samples, 1]
    torch::Tensor quantiles_;        ///< [39, samples], ascending
    torch::Tensor mean_, variance_;  ///< [39]
    /// At those positions where branches are counted; elsewhere empty.
    std::vector<std::vector<Component>> branches_;
};

/// The two sides of E(ỹ − y)² = noise + bias² + variance, measured with draws of their own.
struct DecompositionCheck {
    double squared_error = 0;  ///< E(ỹ − y)², mean over x and draws
    /// Left side minus right side, each of independent draws: 0 on average if the equation holds.
    std::vector<double> gaps;
};
DecompositionCheck check_decomposition(Generator& generator, const ToyDistribution& truth,
                                       std::uint64_t seed);

}  // namespace modescope
