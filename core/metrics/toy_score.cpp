#include "core/metrics/toy_score.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr int position_count = 39;
constexpr double outermost = 0.95;
/// Left of it the branches overlap and cannot be told apart.
constexpr double branches_from = 0.2;

}  // namespace

ToyScorer::ToyScorer(const ToyDistribution& truth, int samples, std::int64_t noise_channels) : truth_(truth) {
    auto random = at::detail::createCPUGenerator(20190506);
    std::vector<Tensor> quantiles;
    mean_ = torch::empty({position_count});
    variance_ = torch::empty({position_count});
    for (int i = 0; i < position_count; ++i) {
        const double x = -outermost + 2 * outermost * i / (position_count - 1);
        positions_.push_back(x);
        quantiles.push_back(torch::tensor(truth.quantiles(x, samples)).to(torch::kFloat));
        mean_[i] = truth.mean(x);
        variance_[i] = truth.variance(x);
    }
    quantiles_ = torch::stack(quantiles);
    x_ = torch::tensor(positions_).to(torch::kFloat).repeat_interleave(samples).unsqueeze(1);
    noise_ = torch::randn({position_count * samples, noise_channels}, random);
}

ToyScore ToyScorer::score(Generator& generator) const {
    torch::NoGradGuard no_grad;
    const auto samples = generator.forward(x_, {noise_}).view({position_count, -1});
    ToyScore score;
    score.w1 = wasserstein(std::get<0>(samples.sort(1)));
    branches(samples, score);
    score.decomposition = {.noise = variance_.mean().item<double>(),
                           .bias2 = (samples.mean(1) - mean_).square().mean().item<double>(),
                           .variance = samples.var(1).mean().item<double>()};
    return score;
}

/// In one dimension the distance is the mean difference of the quantiles.
double ToyScorer::wasserstein(const Tensor& sorted) const {
    return (sorted - quantiles_).abs().mean().item<double>();
}

void ToyScorer::branches(const Tensor& samples, ToyScore& score) const {
    int counted = 0;
    for (int i = 0; i < position_count; ++i) {
        if (positions_[i] <= branches_from) continue;
        double rarest = 1, sum = 0;
        for (const auto& branch : truth_.components(positions_[i])) {
            const double share = (samples[i] - branch.mean)
                                     .abs()
                                     .lt(3 * branch.deviation)
                                     .to(torch::kFloat)
                                     .mean()
                                     .item<double>();
            rarest = std::min(rarest, share);
            sum += share;
        }
        score.minor_mode += rarest;
        score.valid += sum;
        ++counted;
    }
    score.minor_mode /= counted;
    score.valid /= counted;
}

}  // namespace modescope
