#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace modescope {

/// The rows of the table of loss terms, in the table's order.
enum class Term { gan, gan_ls, gan_hinge, l1, l2, mr1, mr2, pmr1, pmr2 };
inline constexpr std::size_t term_count = 9;

/// Which likelihood the moments are fitted with: Gaussian (mean, variance) or
/// Laplace (median, mean absolute deviation).
enum class Distribution { gaussian, laplace };

/// What a term is called and needs. The arithmetic is in core/objective/losses.h.
struct TermInfo {
    Term term;
    std::string id;       ///< as on the command line: "pmr2"
    std::string label;    ///< as shown: "pMR₂"
    std::string formula;  ///< the Gaussian form, as shown
    std::string help;     ///< one sentence
    bool adversarial;     ///< needs a discriminator
    bool predicted;       ///< needs a trained predictor
    int min_samples;      ///< least K; above 1 the term looks at moments of K samples
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

    double& weight(Term term) { return weights[static_cast<std::size_t>(term)]; }
    double weight(Term term) const { return weights[static_cast<std::size_t>(term)]; }

    std::vector<Term> active() const;
    bool needs_discriminator() const;
    bool needs_predictor() const;
    /// K if a term looks at moments, else 1.
    std::int64_t samples_per_condition() const;

    std::string id() const;       ///< "gan+pmr2": the terms without their weights
    std::string label() const;    ///< "GAN + 10·pMR₂"
    std::string formula() const;  ///< "L_GAN + 10 [ (μ̃ − μ̂)² + (σ̃² − σ̂²)² ]"

    bool operator==(const Objective&) const = default;
};

/// Parses "gan+10*pmr2" or "gan + 100·l2"; a term without a factor has weight 1.
/// Throws Error naming the unknown term and listing the known ones.
Objective parse_objective(const std::string& text);

}  // namespace modescope
