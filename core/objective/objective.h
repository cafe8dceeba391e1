#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace modescope {

/// The rows of the table of loss terms, in the table's order.
enum class Term { gan, gan_ls, gan_hinge, l1, l2, mr1, mr2, pmr1, pmr2, dsgan, msgan, mmd, rcgan };
inline constexpr std::size_t term_count = 13;

/// Which likelihood the moments are fitted with: Gaussian (mean, variance) or
/// Laplace (median, mean absolute deviation).
enum class Distribution { gaussian, laplace };
/// Of Objective::distribution; whatever is not "laplace" is Gaussian.
Distribution distribution_from(const std::string& id);

/// What a term is called and needs. The arithmetic is in core/objective/losses.h. Weights are above 0,
/// but a term's value may be negative: the logarithm of mr2, the spread that dsgan and rcgan reward.
struct TermInfo {
    Term term;
    std::string id;       ///< as on the command line: "pmr2"
    std::string label;    ///< as shown: "pMR₂"
    std::string formula;  ///< the Gaussian form, as shown
    std::string help;     ///< one sentence
    bool adversarial;     ///< needs a discriminator
    bool predicted;       ///< needs a trained predictor
    int min_samples;      ///< least K; above 1 the term looks at the K samples of a condition together
};

std::span<const TermInfo> terms();
const TermInfo& info(Term term);

/// A loss configuration: the weighted sum of terms that the generator minimises.
struct Objective {
    std::array<double, term_count> weights{};  ///< by Term; 0 = absent
    std::string distribution = "gaussian";     ///< "gaussian" or "laplace"
    std::int64_t samples = 8;                  ///< K, samples per condition, when a term needs them
    double min_noise = 0;                      ///< ν of mr2: the least variance believed of the data
    double variance_floor = 1e-4;  ///< ε of mr2: keeps (y−μ̃)²/(σ̃²+ε) finite at the start
    /// Losses measure values times this: 1 for [−1, 1], 0.5 gives the [0, 1] of the paper's GLCIC. ν, ε and
    /// P's dispersion are those of the scaled values; adversarial terms do not see it.
    double scale = 1;

    double& weight(Term term) { return weights[static_cast<std::size_t>(term)]; }
    double weight(Term term) const { return weights[static_cast<std::size_t>(term)]; }

    std::vector<Term> active() const;
    bool needs_discriminator() const;
    bool needs_predictor() const;
    /// K if a term looks at K samples together, else 1.
    std::int64_t samples_per_condition() const;

    std::string id() const;       ///< "gan+pmr2": the terms without their weights
    std::string label() const;    ///< "GAN + 10·pMR₂"
    std::string formula() const;  ///< "L_GAN + 10 [ (μ̃ − μ̂)² + (σ̃² − σ̂²)² ]"

    bool operator==(const Objective&) const = default;
};

/// Parses "gan+10*pmr2" or "gan + 100·l2"; a term without a factor has weight 1.
/// Throws Error naming the unknown term and listing the known ones.
Objective parse_objective(const std::string& text);
/// The same, but a term without a factor has its usual weight.
Objective parse_objective(const std::string& text, const std::function<double(Term)>& usual_weight);

Distribution distribution_of(const Objective& objective);

}  // namespace modescope
