#include "core/metrics/toy_score.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr int position_count = 39;
constexpr double outermost = 0.95;

double position(int i) { return -outermost + 2 * outermost * i / (position_count - 1); }

bool are_apart(std::vector<Component> branches) {
    constexpr double deviations = 4, rounding = 1e-9;
    std::ranges::sort(branches, {}, &Component::mean);
    for (std::size_t i = 1; i < branches.size(); ++i) {
        const auto &one = branches[i - 1], &other = branches[i];
        if (other.mean - one.mean <= deviations * (one.deviation + other.deviation) + rounding) return false;
    }
    return true;
}

/// What ToyScorer says of its branches.
std::vector<std::vector<Component>> counted_branches(const ToyDistribution& truth) {
    std::vector<std::vector<Component>> all, several(position_count);
    bool found = false;
    for (int i = 0; i < position_count; ++i) {
        all.push_back(truth.branches(position(i)));
        if (all.back().size() < 2 || !are_apart(all.back())) continue;
        several[static_cast<std::size_t>(i)] = all.back();
        found = true;
    }
    if (found) return several;
    for (auto& branches : all)
        if (!are_apart(branches)) branches.clear();
    return all;
}

/// Samples ỹ [39, n] at the positions, of fresh noise.
Tensor fresh_samples(Generator& generator, int n, at::Generator& random) {
    auto x = torch::empty({position_count * n, 1});
    for (int i = 0; i < position_count; ++i) x.narrow(0, i * n, n).fill_(position(i));
    return generator.forward(x, generator.draw_noise(position_count * n, random))
        .view({position_count, n})
        .to(torch::kDouble);
}

/// Targets y [39, n] at the positions.
Tensor fresh_targets(const ToyDistribution& truth, int n, Rng& rng) {
    auto y = torch::empty({position_count, n}, torch::kDouble);
    auto* value = y.data_ptr<double>();
    for (int i = 0; i < position_count; ++i)
        for (int k = 0; k < n; ++k) *value++ = truth.draw(position(i), rng);
    return y;
}

/// noise + bias² + variance, unbiased: the bias is squared as the product of two estimates of it.
double sum_of_parts(const Tensor& one, const Tensor& other, const Tensor& mean, const Tensor& noise) {
    const auto bias2 = (one.mean(1) - mean) * (other.mean(1) - mean);
    return (noise + bias2 + (one.var(1) + other.var(1)) / 2).mean().item<double>();
}

}  // namespace

ToyScorer::ToyScorer(const ToyDistribution& truth, int samples, std::int64_t noise_channels) : truth_(truth) {
    auto random = at::detail::createCPUGenerator(20190506);
    std::vector<Tensor> quantiles;
    branches_ = counted_branches(truth);
    mean_ = torch::empty({position_count});
    variance_ = torch::empty({position_count});
    for (int i = 0; i < position_count; ++i) {
        const double x = position(i);
        positions_.push_back(x);
        quantiles.push_back(torch::tensor(truth.quantiles(x, samples)).to(torch::kFloat));
        mean_[i] = truth.mean(x);
        variance_[i] = truth.variance(x);
    }
    quantiles_ = torch::stack(quantiles);
    x_ = torch::tensor(positions_).to(torch::kFloat).repeat_interleave(samples).unsqueeze(1);
    noise_ = torch::randn({position_count * samples, noise_channels}, random);
}

Tensor ToyScorer::draw(Generator& generator) const {
    torch::NoGradGuard no_grad;
    return generator.forward(x_, {noise_}).view({position_count, -1});
}

ToyScore ToyScorer::score(Generator& generator) const {
    const auto samples = draw(generator);
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
        if (branches_[i].empty()) continue;
        double rarest = 1, sum = 0;
        for (const auto& branch : branches_[i]) {
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
    score.minor_mode /= std::max(counted, 1);
    score.valid /= std::max(counted, 1);
}

double ToyScorer::median_gap(Generator& generator) const {
    const auto samples = draw(generator).to(torch::kDouble);
    const auto at = samples.accessor<double, 2>();
    double sum = 0;
    for (int i = 0; i < position_count; ++i)
        for (std::int64_t k = 0; k < samples.size(1); ++k)
            sum += std::abs(truth_.cumulative(positions_[i], at[i][k]) - 0.5);
    return sum / static_cast<double>(samples.numel());
}

PredictorError ToyScorer::predictor_error(Predictor& predictor, const Objective& objective) const {
    torch::NoGradGuard no_grad;
    const auto x = torch::tensor(positions_).to(torch::kFloat).unsqueeze(1);
    const auto predicted = predictor.forward(x);
    const auto centre = predicted.centre.flatten();
    const auto deviation = predicted_deviation(predicted, objective).flatten();
    const auto truth = variance_.sqrt();
    const double unit = truth.mean().item<double>();
    return {(centre - mean_).abs().mean().item<double>() / unit,
            (deviation - truth).abs().mean().item<double>() / unit};
}

DecompositionCheck check_decomposition(Generator& generator, const ToyDistribution& truth,
                                       std::uint64_t seed) {
    constexpr int repetitions = 20, draws = 100;
    torch::NoGradGuard no_grad;
    auto random = at::detail::createCPUGenerator(seed);
    Rng rng(seed);
    std::vector<double> means, variances;
    for (int i = 0; i < position_count; ++i) {
        means.push_back(truth.mean(position(i)));
        variances.push_back(truth.variance(position(i)));
    }
    const auto mean = torch::tensor(means, torch::kDouble), noise = torch::tensor(variances, torch::kDouble);
    DecompositionCheck check;
    for (int r = 0; r < repetitions; ++r) {
        const auto error = fresh_samples(generator, draws, random) - fresh_targets(truth, draws, rng);
        const double squared = error.square().mean().item<double>();
        const auto one = fresh_samples(generator, draws, random);
        const auto other = fresh_samples(generator, draws, random);
        check.squared_error += squared / repetitions;
        check.gaps.push_back(squared - sum_of_parts(one, other, mean, noise));
    }
    return check;
}

}  // namespace modescope
