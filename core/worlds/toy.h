#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/worlds/toy_points.h"

namespace modescope {

/// One branch of p(y | x).
struct Component {
    double weight;
    double mean;
    double deviation;
};

/// The toy: x uniform in [−1, 1], y a mixture of normals that depends on x.
///
/// Of points, p(y | x) is every point within r = 0.06 of x, or the 12 nearest where there are fewer, with the
/// weight 1 − (distance / r)², each blurred by a normal of σ = 0.025 in y; x is rounded to 401 columns and y
/// to bins of 0.02, so that a look-up does not depend on how many points there are. Trainings draw from
/// exactly this mixture, with x uniform whatever the density of the points along x. It is therefore the exact
/// truth that W₁, moments, slices and modes compare with, as for the named shapes.
class ToyDistribution {
public:
    /// The Y shape of the paper (§5.1): for x < 0 one branch at 0, for x ≥ 0 two at ±x.
    static ToyDistribution y_shape(double deviation = 0.05);
    /// Of a row of toy_shapes(), of points as to_text() writes them, or the Y for an empty text. Throws Error
    /// that names the shapes.
    static ToyDistribution named(const std::string& text);
    static ToyDistribution of_points(std::span<const ToyPoint> points);

    /// By weight of each; of points up to 126, else the branches.
    std::vector<Component> components(double x) const { return components_(x); }
    /// The modes of p(y | x), ascending. Components nearer than the sum of their deviations are one; of
    /// points, heaps of y between two gaps in which the density falls below half of the lower heap's, without
    /// those that hold less than 5 %.
    std::vector<Component> branches(double x) const { return branches_(x); }
    double density(double x, double y) const;
    /// Share of p(y | x) below y.
    double cumulative(double x, double y) const;
    double mean(double x) const;
    double variance(double x) const;
    /// The values y at the probabilities (i + ½) / n, ascending: the best n-point picture of p(y | x).
    std::vector<double> quantiles(double x, int n) const;
    double draw(double x, Rng& rng) const;

private:
    using AtX = std::function<std::vector<Component>(double x)>;
    explicit ToyDistribution(AtX components, AtX branches = {});

    AtX components_, branches_;
};

/// A distribution that has a name.
struct ToyShape {
    std::string id;
    std::string help;  ///< half a sentence
    std::function<std::vector<Component>(double x)> components;
};
/// The first one is the Y.
std::span<const ToyShape> toy_shapes();
/// "y, fork, …".
std::string toy_shape_names();
/// Throws what ToyDistribution::named() would, in less time.
void check_toy(const std::string& text);

}  // namespace modescope
