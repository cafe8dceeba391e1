#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/experiments/claims.h"

namespace modescope {
namespace {

/// Share of Student's distribution below t ≥ 0. With t = √ν·tan θ it is a half plus the integral of cosᵛ⁻¹
/// up to θ, normalised: smooth, so that Simpson's rule is exact to rounding.
double student_share(double t, double degrees) {
    constexpr int pieces = 400;
    const double end = std::atan(t / std::sqrt(degrees));
    double sum = 0;
    for (int i = 0; i <= pieces; ++i) {
        const double weight = i == 0 || i == pieces ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * std::pow(std::cos(end * i / pieces), degrees - 1);
    }
    const double scale =
        std::exp(std::lgamma((degrees + 1) / 2) - std::lgamma(degrees / 2)) / std::sqrt(std::numbers::pi);
    return 0.5 + scale * sum * end / pieces / 3;
}

}  // namespace

double student_quantile(double probability, int degrees_of_freedom) {
    if (probability < 0.5) return -student_quantile(1 - probability, degrees_of_freedom);
    double low = 0, high = 1;
    while (student_share(high, degrees_of_freedom) < probability) high *= 2;
    while (high - low > 1e-7 * high) {
        const double middle = (low + high) / 2;
        (student_share(middle, degrees_of_freedom) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

SeedEstimate estimate(std::span<const double> values, double confidence) {
    const auto n = static_cast<double>(values.size());
    SeedEstimate result;
    for (const double value : values) result.mean += value / n;
    if (values.size() < 2) return result;
    double squares = 0;
    for (const double value : values) squares += std::pow(value - result.mean, 2);
    const double t = student_quantile((1 + confidence) / 2, static_cast<int>(values.size()) - 1);
    const double reach = t * std::sqrt(squares / (n - 1) / n);
    result.interval = {result.mean - reach, result.mean + reach};
    return result;
}

std::string Criterion::text() const {
    switch (kind) {
        case Criterion::Kind::at_most:
            return fmt::format("at most {:g}", low);
        case Criterion::Kind::at_least:
            return fmt::format("at least {:g}", low);
        case Criterion::Kind::between:
            return fmt::format("{:g} to {:g}", low, high);
        case Criterion::Kind::includes:
            return fmt::format("interval includes {:g}", low);
    }
    return {};
}

Verdict judge(const Criterion& criterion, const SeedEstimate& estimate) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!std::isfinite(estimate.mean)) return Verdict::fails;
    const auto [low, high] = estimate.interval.value_or(Interval{estimate.mean, estimate.mean});
    if (criterion.kind == Criterion::Kind::includes)
        return low <= criterion.low && criterion.low <= high ? Verdict::holds : Verdict::fails;
    const double least = criterion.kind == Criterion::Kind::at_most ? -infinity : criterion.low;
    const double most = criterion.kind == Criterion::Kind::at_least  ? infinity
                        : criterion.kind == Criterion::Kind::at_most ? criterion.low
                                                                     : criterion.high;
    if (least <= low && high <= most) return Verdict::holds;
    return high < least || most < low ? Verdict::fails : Verdict::open;
}

const char* name_of(Verdict verdict) {
    constexpr std::array names{"holds", "does not hold", "open", "not tested"};
    return names[static_cast<std::size_t>(verdict)];
}

}  // namespace modescope
