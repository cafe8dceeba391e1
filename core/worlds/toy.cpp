#include "core/worlds/toy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace modescope {
namespace {

double normal_density(double y, const Component& c) {
    const double t = (y - c.mean) / c.deviation;
    return std::exp(-t * t / 2) / (c.deviation * std::sqrt(2 * std::numbers::pi));
}

double share_below(double y, const std::vector<Component>& components) {
    double sum = 0;
    for (const auto& c : components)
        sum += c.weight * std::erfc((c.mean - y) / (c.deviation * std::numbers::sqrt2)) / 2;
    return sum;
}

double quantile(double probability, const std::vector<Component>& components, double low, double high) {
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (share_below(middle, components) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

ToyDistribution ToyDistribution::y_shape(double deviation) { return ToyDistribution(deviation); }

std::vector<Component> ToyDistribution::components(double x) const {
    if (x < 0) return {{1, 0, deviation_}};
    return {{0.5, x, deviation_}, {0.5, -x, deviation_}};
}

double ToyDistribution::density(double x, double y) const {
    double sum = 0;
    for (const auto& c : components(x)) sum += c.weight * normal_density(y, c);
    return sum;
}

double ToyDistribution::cumulative(double x, double y) const { return share_below(y, components(x)); }

double ToyDistribution::mean(double x) const {
    double sum = 0;
    for (const auto& c : components(x)) sum += c.weight * c.mean;
    return sum;
}

double ToyDistribution::variance(double x) const {
    double second_moment = 0;
    for (const auto& c : components(x))
        second_moment += c.weight * (c.mean * c.mean + c.deviation * c.deviation);
    return second_moment - mean(x) * mean(x);
}

std::vector<double> ToyDistribution::quantiles(double x, int n) const {
    const auto parts = components(x);
    double low = 0, high = 0;
    for (const auto& c : parts) {
        low = std::min(low, c.mean - 8 * c.deviation);
        high = std::max(high, c.mean + 8 * c.deviation);
    }
    std::vector<double> values;
    for (int i = 0; i < n; ++i) values.push_back(quantile((i + 0.5) / n, parts, low, high));
    return values;
}

double ToyDistribution::draw(double x, Rng& rng) const {
    const auto parts = components(x);
    double u = rng.uniform();
    std::size_t i = 0;
    while (i + 1 < parts.size() && u >= parts[i].weight) u -= parts[i++].weight;
    return parts[i].mean + parts[i].deviation * rng.normal();
}

}  // namespace modescope
