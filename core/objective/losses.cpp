#include "core/objective/losses.h"

#include <cmath>
#include <numbers>

#include "core/base/variance.h"

namespace modescope {
namespace {

using torch::Tensor;

/// What the reference code adds to P's dispersion; far below the least that P can say.
constexpr double predictor_floor = 1e-9;

/// ε of dsgan and msgan, as their authors chose it.
constexpr double ratio_floor = 1e-5;
/// τ of dsgan: no values in [−1, 1] have a larger standard deviation.
constexpr double most_rewarded_ratio = 1;
/// Below any two draws of noise that differ; keeps msgan finite if two do not.
constexpr double least_noise_distance = 1e-12;
/// Deviations per element that mmd can tell apart, from the toy's branches to whole pictures.
constexpr std::array bandwidths{0.05, 0.1, 0.2, 0.4, 0.8};

/// The mask for samples [B, K, …] as well as for targets [B, …].
Tensor mask_for(const Tensor& values, const Tensor& mask) {
    return values.dim() > mask.dim() ? mask.unsqueeze(1) : mask;
}

/// Mean over batch and elements, of those in the mask: Σ value·mask / (Σ mask · channels).
Tensor average(const Tensor& values, const Tensor& mask) {
    if (!mask.defined()) return values.mean();
    const auto per_pixel = values.numel() / mask.numel();
    return (values * mask_for(values, mask)).sum() / (mask.sum() * per_pixel);
}

/// [B, K, …] → [B, K]: means over the elements of each sample, of those in the mask.
Tensor average_of_each(const Tensor& values, const Tensor& mask) {
    if (!mask.defined()) return values.flatten(2).mean(2);
    const auto channels = values.size(2);
    return (values * mask_for(values, mask)).flatten(2).sum(2) / (mask.flatten(1).sum(1, true) * channels);
}

/// Centre and dispersion of K samples along dimension 1, with the gradient the loss needs.
struct SampleMoments {
    Tensor centre;
    Tensor dispersion;
};

/// The midpoint of the two middle values: a lower median would bias even K.
Tensor midpoint_median(const Tensor& samples) {
    const auto k = samples.size(1);
    const auto sorted = std::get<0>(samples.sort(1));
    return (sorted.select(1, (k - 1) / 2) + sorted.select(1, k / 2)) / 2;
}

SampleMoments moments(const Tensor& samples, Distribution distribution) {
    const auto mean = samples.mean(1);
    if (distribution == Distribution::gaussian)
        return {mean, samples.size(1) > 1 ? variance_over(1, samples) : Tensor()};
    const auto middle = midpoint_median(samples.detach());
    // The median's own gradient reaches one sample in K; the paper routes it to the mean instead.
    return {mean + (middle - mean).detach(), (samples - middle.unsqueeze(1)).abs().mean(1)};
}

Tensor distance(const Tensor& difference, Distribution distribution) {
    return distribution == Distribution::gaussian ? difference.square() : difference.abs();
}

/// Negative log-likelihood of order 2: Gaussian ½[d²/v + log v], Laplace d/b + log b.
Tensor negative_log_likelihood(const Tensor& distance, const Tensor& dispersion, const Tensor& log_dispersion,
                               Distribution distribution, const Tensor& mask) {
    const auto value = average(distance / dispersion + log_dispersion, mask);
    return distribution == Distribution::gaussian ? value / 2 : value;
}

Tensor l1(const LossInputs& in, const Objective&) {
    return average((in.samples - in.y.unsqueeze(1)).abs(), in.mask);
}

Tensor l2(const LossInputs& in, const Objective&) {
    return average((in.samples - in.y.unsqueeze(1)).square(), in.mask);
}

Tensor mr1(const LossInputs& in, const Objective& o) {
    const auto d = distribution_of(o);
    return average(distance(in.y - moments(in.samples, d).centre, d), in.mask);
}

Tensor mr2(const LossInputs& in, const Objective& o) {
    const auto d = distribution_of(o);
    const auto found = moments(in.samples, d);
    const auto dispersion = found.dispersion + o.variance_floor;
    return negative_log_likelihood(distance(in.y - found.centre, d) + o.min_noise, dispersion,
                                   dispersion.log(), d, in.mask);
}

Tensor pmr1(const LossInputs& in, const Objective& o) {
    const auto d = distribution_of(o);
    return average((moments(in.samples, d).centre - in.predicted.centre).square(), in.mask);
}

Tensor pmr2(const LossInputs& in, const Objective& o) {
    const auto found = moments(in.samples, distribution_of(o));
    return average((found.centre - in.predicted.centre).square(), in.mask) +
           average((found.dispersion - in.predicted.log_dispersion.exp()).square(), in.mask);
}

/// [B, K, …] → [B, K − 1]: mean absolute difference of consecutive samples.
Tensor consecutive_distances(const Tensor& samples, const Tensor& mask) {
    const auto pairs = samples.size(1) - 1;
    return average_of_each((samples.narrow(1, 1, pairs) - samples.narrow(1, 0, pairs)).abs(), mask);
}

/// The same of the noise, over the elements of all levels together.
Tensor noise_distances(const LossInputs& in) {
    const auto b = in.samples.size(0), k = in.samples.size(1);
    std::vector<Tensor> levels;
    for (const auto& level : in.noise) levels.push_back(level.reshape({b, k, -1}));
    return consecutive_distances(torch::cat(levels, 2), {});
}

Tensor dsgan(const LossInputs& in, const Objective&) {
    const auto ratios = consecutive_distances(in.samples, in.mask) / (noise_distances(in) + ratio_floor);
    return -ratios.clamp_max(most_rewarded_ratio).mean();
}

Tensor msgan(const LossInputs& in, const Objective&) {
    const auto apart = consecutive_distances(in.samples, in.mask).mean(1);
    const auto noise = noise_distances(in).mean(1).clamp_min(least_noise_distance);
    return (apart / noise + ratio_floor).reciprocal().mean();
}

/// Mean of the Gaussian kernels, from mean squared differences; 1 for equal values.
Tensor kernel(const Tensor& squared_distance) {
    auto sum = torch::zeros_like(squared_distance);
    for (const double s : bandwidths) sum = sum + (squared_distance / (-2 * s * s)).exp();
    return sum / static_cast<double>(bandwidths.size());
}

/// [B, K, …] → [B, K, K]: mean products of the elements of two samples, of those in the mask.
Tensor products(const Tensor& samples, const Tensor& mask) {
    if (!mask.defined()) {
        const auto rows = samples.flatten(2);
        return rows.matmul(rows.transpose(1, 2)) / rows.size(2);
    }
    const auto rows = (samples * mask_for(samples, mask)).flatten(2);
    const auto elements = mask.flatten(1).sum(1) * samples.size(2);
    return rows.matmul(rows.transpose(1, 2)) / elements.view({-1, 1, 1});
}

Tensor mmd(const LossInputs& in, const Objective&) {
    const double k = static_cast<double>(in.samples.size(1));
    // With the target as the origin the distances are those of the products, without large differences.
    const auto product = products(in.samples - in.y.unsqueeze(1), in.mask);
    const auto to_target = product.diagonal(0, 1, 2);
    const auto between = kernel(to_target.unsqueeze(1) + to_target.unsqueeze(2) - 2 * product);
    const auto of_samples = (between.sum({1, 2}) - k) / (k * (k - 1));
    return (of_samples - 2 * kernel(to_target).mean(1) + 1).mean();
}

Tensor rcgan(const LossInputs& in, const Objective&) {
    using std::numbers::pi;
    const double k = static_cast<double>(in.samples.size(1));
    const auto mean = in.samples.mean(1);
    const auto deviation = std::sqrt(pi / (2 * k * (k - 1))) * (in.samples - mean.unsqueeze(1)).abs().sum(1);
    const double beta = std::sqrt(2 / (pi * k * (k + 1)));
    return average((in.y - mean).abs() - beta * deviation, in.mask);
}

Tensor fool(const LossInputs& in, const Objective&) { return torch::softplus(-in.logits).mean(); }
Tensor fool_ls(const LossInputs& in, const Objective&) { return (in.logits - 1).square().mean(); }
Tensor fool_hinge(const LossInputs& in, const Objective&) { return -in.logits.mean(); }

Tensor detect(const Tensor& real, const Tensor& fake) {
    return (torch::softplus(-real).mean() + torch::softplus(fake).mean()) / 2;
}
Tensor detect_ls(const Tensor& real, const Tensor& fake) {
    return ((real - 1).square().mean() + fake.square().mean()) / 2;
}
Tensor detect_hinge(const Tensor& real, const Tensor& fake) {
    return ((1 - real).relu().mean() + (1 + fake).relu().mean()) / 2;
}

struct Row {
    TermInfo info;
    Tensor (*generator)(const LossInputs&, const Objective&);
    Tensor (*discriminator)(const Tensor& real, const Tensor& fake) = nullptr;
};

/// The one table of loss terms: a new loss is one row (and its name in Term).
const std::array<Row, term_count>& table() {
    static const std::array<Row, term_count> rows{{
        {{Term::gan, "gan", "GAN", "L_GAN", "Non-saturating GAN loss: D must take samples for real.", true,
          false, 1},
         fool,
         detect},
        {{Term::gan_ls, "gan-ls", "LSGAN", "L_LSGAN", "Least-squares GAN loss.", true, false, 1},
         fool_ls,
         detect_ls},
        {{Term::gan_hinge, "gan-hinge", "hinge GAN", "L_hinge", "Hinge GAN loss.", true, false, 1},
         fool_hinge,
         detect_hinge},
        {{Term::l1, "l1", "ℓ₁", "|y − ỹ|",
          "Distance of every sample to the one target: its best answer is the median, the same for every "
          "noise.",
          false, false, 1},
         l1},
        {{Term::l2, "l2", "ℓ₂", "(y − ỹ)²",
          "Squared distance of every sample to the one target: its best answer is the mean, the same for "
          "every noise.",
          false, false, 1},
         l2},
        {{Term::mr1, "mr1", "MR₁", "(y − μ̃)²",
          "Moment reconstruction: only the mean of K samples is pulled to the target, so samples may differ.",
          false, false, 2},
         mr1},
        {{Term::mr2, "mr2", "MR₂", "½[((y − μ̃)² + ν)/σ̃² + log σ̃²]",
          "Moment reconstruction of mean and variance: the likelihood of the target under the samples' "
          "moments.",
          false, false, 2},
         mr2},
        {{Term::pmr1, "pmr1", "pMR₁", "(μ̃ − μ̂)²",
          "Proxy moment reconstruction: the mean of K samples is pulled to the predicted mean.", false, true,
          2},
         pmr1},
        {{Term::pmr2, "pmr2", "pMR₂", "[(μ̃ − μ̂)² + (σ̃² − σ̂²)²]",
          "Proxy moment reconstruction: mean and variance of K samples are pulled to the predicted ones.",
          false, true, 2},
         pmr2},
        {{Term::dsgan, "dsgan", "DSGAN", "[−min(‖ỹ₁ − ỹ₂‖₁/‖z₁ − z₂‖₁, 1)]",
          "Diversity-sensitive GAN: rewards samples for differing as much as their noise, up to a bound; its "
          "usual weight is 8.",
          false, false, 2},
         dsgan},
        {{Term::msgan, "msgan", "MSGAN", "‖z₁ − z₂‖₁/‖ỹ₁ − ỹ₂‖₁",
          "Mode-seeking GAN: punishes samples that are alike although their noise differs; its usual weight "
          "is "
          "1.",
          false, false, 2},
         msgan},
        {{Term::mmd, "mmd", "MMD", "MMD²(ỹ, y)",
          "Maximum mean discrepancy: every sample is drawn to the target and pushed away from the others.",
          false, false, 2},
         mmd},
        {{Term::rcgan, "rcgan", "rcGAN", "[|y − μ̃| − β σ̃]",
          "Regularised conditional GAN: the mean of K samples is pulled to the target, and their spread is "
          "rewarded just as much as Gaussian data need.",
          false, false, 2},
         rcgan},
    }};
    return rows;
}

const Row& row(Term term) { return table()[static_cast<std::size_t>(term)]; }

/// No term changes when a constant is added to all values, so that a factor gives any range.
LossInputs scaled(LossInputs inputs, double scale) {
    inputs.y = inputs.y * scale;
    inputs.samples = inputs.samples * scale;
    if (inputs.predicted.centre.defined()) inputs.predicted.centre = inputs.predicted.centre * scale;
    return inputs;
}

}  // namespace

std::span<const TermInfo> terms() {
    static const auto infos = [] {
        std::vector<TermInfo> list;
        for (const auto& row : table()) list.push_back(row.info);
        return list;
    }();
    return infos;
}

const TermInfo& info(Term term) { return row(term).info; }

Tensor generator_loss(Term term, const LossInputs& inputs, const Objective& objective) {
    const auto& [info, generator, discriminator] = row(term);
    if (info.adversarial || objective.scale == 1) return generator(inputs, objective);
    return generator(scaled(inputs, objective.scale), objective);
}

Tensor discriminator_loss(Term term, const Tensor& real_logits, const Tensor& fake_logits) {
    return row(term).discriminator(real_logits, fake_logits);
}

Tensor predictor_loss(const Prediction& predicted, const Tensor& y, const Objective& objective,
                      const Tensor& mask) {
    const auto d = distribution_of(objective);
    const auto from_centre = distance((y - predicted.centre) * objective.scale, d) + objective.min_noise;
    return negative_log_likelihood(from_centre, predicted.log_dispersion.exp() + predictor_floor,
                                   predicted.log_dispersion, d, mask);
}

Tensor predicted_deviation(const Prediction& predicted, const Objective& objective) {
    if (distribution_of(objective) == Distribution::gaussian)
        return (predicted.log_dispersion / 2).exp() / objective.scale;
    return predicted.log_dispersion.exp() * (std::sqrt(2.0) / objective.scale);
}

}  // namespace modescope
