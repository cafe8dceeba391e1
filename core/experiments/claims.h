#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/experiments/reproduce.h"

namespace modescope {

struct Interval {
    double low = 0, high = 0;
};

/// A mean and, from two values on, the interval in which the true mean lies with the chosen confidence.
struct SeedEstimate {
    double mean = 0;
    std::optional<Interval> interval;
};
/// Student's t; at least one value.
SeedEstimate estimate(std::span<const double> values, double confidence = 0.95);
/// The t below which a share `probability` of Student's distribution lies, to 1e-6.
double student_quantile(double probability, int degrees_of_freedom);

/// "GAN + 100·ℓ₁" of a preset's configuration "gan+l1"; the id itself where there is none.
std::string configuration_label(const std::string& preset, const std::string& id);

/// What was measured.
struct Evidence {
    std::vector<ToyResult> toy;  ///< empty: not asked for
    std::vector<ImageResult> images;
};

/// What a claim's figure has to satisfy.
struct Criterion {
    enum class Kind { at_most, at_least, between, includes } kind = Kind::at_most;
    double low = 0, high = 0;  ///< the bound is `low` in all kinds but `between`
    std::string text() const;  ///< "at most 0.05", "interval includes 0"
};

/// holds: the whole interval satisfies the criterion. fails: no part of it does. open: it lies on both sides,
/// whatever the figure itself says, for an interval that contains the criterion cannot refute it, as one that
/// reaches beyond cannot prove it; more seeds would decide.
enum class Verdict { holds, fails, open, not_tested };
/// Without an interval the figure decides alone.
Verdict judge(const Criterion& criterion, const SeedEstimate& estimate);
const char* name_of(Verdict verdict);  ///< "holds", "does not hold", "open", "not tested"

/// A figure or the reason why there is none.
struct Figure {
    std::optional<SeedEstimate> estimate;
    std::string missing;
};

/// One row of the table of claims.
struct Claim {
    std::string id;  ///< stable, in the JSON
    int number;      ///< of the paper's claim it belongs to, 1 … 8
    std::string claim;
    std::string measure;  ///< how the figure is measured
    Criterion criterion;
    std::function<Figure(const Evidence&)> figure;
};
/// All of them, in the order of their numbers.
std::span<const Claim> claims();
/// What the eight numbers stand for.
std::string topic(int number);

struct TestedClaim {
    const Claim* claim;
    Figure figure;
    Verdict verdict;
};
std::vector<TestedClaim> test_claims(const Evidence& evidence);

}  // namespace modescope
