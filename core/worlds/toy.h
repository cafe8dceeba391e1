#pragma once

#include <vector>

#include "core/base/random.h"

namespace modescope {

/// One branch of p(y | x).
struct Component {
    double weight;
    double mean;
    double deviation;
};

/// The toy: x uniform in [−1, 1], y a mixture of normals that depends on x.
class ToyDistribution {
public:
    /// The Y shape of the paper (§5.1): for x < 0 one branch at 0, for x ≥ 0 two at ±x.
    static ToyDistribution y_shape(double deviation = 0.05);

    std::vector<Component> components(double x) const;
    double density(double x, double y) const;
    /// Share of p(y | x) below y.
    double cumulative(double x, double y) const;
    double mean(double x) const;
    double variance(double x) const;
    /// The values y at the probabilities (i + ½) / n, ascending: the best n-point picture of p(y | x).
    std::vector<double> quantiles(double x, int n) const;
    double draw(double x, Rng& rng) const;

private:
    explicit ToyDistribution(double deviation) : deviation_(deviation) {}
    double deviation_;
};

}  // namespace modescope
