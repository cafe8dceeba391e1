#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// Centre and spread of y at one x.
struct Band {
    float x = 0;
    float centre = 0;
    float deviation = 0;
};

/// E(ỹ − y)² = noise + bias² + variance (the paper's decomposition of ℓ2), means over x.
struct Decomposition {
    double noise = 0;     ///< variance of the data, E(y − E[y|x])²
    double bias2 = 0;     ///< (E[ỹ|x] − E[y|x])²
    double variance = 0;  ///< variance of the samples
    double total() const { return noise + bias2 + variance; }
};

/// How near a toy generator is to the truth.
struct ToyScore {
    double w1 = 0;          ///< mean over x of the Wasserstein-1 distance to p(y|x)
    double minor_mode = 0;  ///< share of samples on the rarest branch, where there are several
    double valid = 0;       ///< share of samples within 3 s of any branch there
    Decomposition decomposition;
};

/// What a toy panel shows of one run at one step. Immutable once published.
struct ToyView {
    /// The plane that the panels show and D's surface covers.
    static constexpr float x_min = -1.0f, x_max = 1.0f, y_min = -1.25f, y_max = 1.25f;

    std::int64_t step = 0;
    std::vector<std::array<float, 2>> samples;  ///< (x, ỹ)
    std::vector<Band> sample_moments;           ///< μ̃ ± σ̃ along x
    std::vector<Band> predictor;                ///< μ̂ ± σ̂ along x; empty without a predictor
    Raster<float> discriminator;  ///< D's probability of "real", row 0 at y_max; empty without D
    ToyScore score;
};

}  // namespace modescope
