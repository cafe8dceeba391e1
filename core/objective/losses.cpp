#include "core/objective/losses.h"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"

namespace modescope {
namespace {

using torch::Tensor;

/// What the reference code adds to P's dispersion; far below the least that P can say.
constexpr double predictor_floor = 1e-9;

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
        return {mean, samples.size(1) > 1 ? samples.var(1) : Tensor()};
    const auto middle = midpoint_median(samples.detach());
    // The median's own gradient reaches one sample in K; the paper routes it to the mean instead.
    return {mean + (middle - mean).detach(), (samples - middle.unsqueeze(1)).abs().mean(1)};
}

Tensor distance(const Tensor& difference, Distribution distribution) {
    return distribution == Distribution::gaussian ? difference.square() : difference.abs();
}

/// Negative log-likelihood of order 2: Gaussian ½[d²/v + log v], Laplace d/b + log b.
Tensor negative_log_likelihood(const Tensor& distance, const Tensor& dispersion, const Tensor& log_dispersion,
                               Distribution distribution) {
    const auto value = (distance / dispersion + log_dispersion).mean();
    return distribution == Distribution::gaussian ? value / 2 : value;
}

Tensor mr1(const LossInputs& in, const Objective& o) {
    const auto d = distribution_of(o);
    return distance(in.y - moments(in.samples, d).centre, d).mean();
}

Tensor mr2(const LossInputs& in, const Objective& o) {
    const auto d = distribution_of(o);
    const auto found = moments(in.samples, d);
    const auto dispersion = found.dispersion + o.variance_floor;
    return negative_log_likelihood(distance(in.y - found.centre, d) + o.min_noise, dispersion,
                                   dispersion.log(), d);
}

Tensor pmr1(const LossInputs& in, const Objective& o) {
    const auto d = distribution_of(o);
    return (moments(in.samples, d).centre - in.predicted.centre).square().mean();
}

Tensor pmr2(const LossInputs& in, const Objective& o) {
    const auto found = moments(in.samples, distribution_of(o));
    return (found.centre - in.predicted.centre).square().mean() +
           (found.dispersion - in.predicted.log_dispersion.exp()).square().mean();
}

Tensor l1(const LossInputs& in, const Objective&) { return (in.samples - in.y.unsqueeze(1)).abs().mean(); }
Tensor l2(const LossInputs& in, const Objective&) { return (in.samples - in.y.unsqueeze(1)).square().mean(); }

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
    }};
    return rows;
}

const Row& row(Term term) { return table()[static_cast<std::size_t>(term)]; }

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

Distribution distribution_of(const Objective& objective) {
    return objective.distribution == "laplace" ? Distribution::laplace : Distribution::gaussian;
}

Tensor generator_loss(Term term, const LossInputs& inputs, const Objective& objective) {
    return row(term).generator(inputs, objective);
}

Tensor discriminator_loss(Term term, const Tensor& real_logits, const Tensor& fake_logits) {
    return row(term).discriminator(real_logits, fake_logits);
}

Tensor predictor_loss(const Prediction& predicted, const Tensor& y, Distribution distribution,
                      double min_noise) {
    const auto from_centre = distance(y - predicted.centre, distribution) + min_noise;
    return negative_log_likelihood(from_centre, predicted.log_dispersion.exp() + predictor_floor,
                                   predicted.log_dispersion, distribution);
}

Tensor predicted_deviation(const Prediction& predicted, Distribution distribution) {
    if (distribution == Distribution::gaussian) return (predicted.log_dispersion / 2).exp();
    return predicted.log_dispersion.exp() * std::sqrt(2.0);
}

}  // namespace modescope
