#include <cmath>
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

}  // namespace modescope
