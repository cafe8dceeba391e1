#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace modescope {

/// Which noise one sample is drawn from. The same recipe gives the same noise in every model of the same
/// noise shapes, whatever is drawn beside it. Every seed stands for independent standard normal noise
/// z(seed) at all levels, and every recipe of scale 1 gives standard normal noise again:
///
///     mixed  = Σ weight · z(seed) / √(Σ weight²), weights of the same seed added first
///     varied = √(1 − amount²) · mixed + amount · z(variation)
///     noise  = scale · (z(frozen_seed) at the frozen levels, varied at the others)
///
/// A recipe in which one seed alone counts gives that seed's noise bit for bit. Independent noise of many
/// dimensions stands at right angles, so weights cos φ and sin φ interpolate along the sphere.
struct NoiseRecipe {
    struct Part {
        std::uint64_t seed = 0;
        double weight = 1;
        bool operator==(const Part&) const = default;
    };
    static constexpr std::size_t most_parts = 4;

    std::vector<Part> parts{{}};  ///< 1 … most_parts, weights ≥ 0 and not all 0
    std::uint64_t variation = 0;
    double amount = 0;              ///< 0 … 1
    std::vector<int> frozen_levels;  ///< indices into Sampler::noise_levels(), ascending; others don't count
    std::uint64_t frozen_seed = 0;
    double scale = 1;  ///< 0 draws the most typical picture, 1 is as trained

    NoiseRecipe() = default;
    explicit NoiseRecipe(std::uint64_t seed, double scale = 1) : parts{{seed, 1}}, scale(scale) {}
    bool operator==(const NoiseRecipe&) const = default;

    /// One seed as it is, neither mixed, varied nor frozen; the scale does not matter.
    bool is_plain() const;
    bool is_frozen(int level) const;
};

/// The seeds that count and their factors: the first two lines above multiplied out, Σ factor² = 1. Seeds
/// come in the recipe's order, each once; no factor is 0.
std::vector<NoiseRecipe::Part> factors_of(const NoiseRecipe& recipe);

/// A neighbour: the noise of `recipe` in which a share is replaced by that of another seed. What had been
/// varied before stays as it is; beyond most_parts the parts that count least are left out.
NoiseRecipe vary(const NoiseRecipe& recipe, std::uint64_t seed, double amount);

/// Between recipes at a point of the unit square: two lie at its left and right edge (`y` does not matter),
/// four at its corners: (0,0), (1,0), (0,1), (1,1). On the corners exactly theirs, along the sphere between.
/// Scale and frozen levels are those of the first. `ends` has 2 or 4; of ends that are themselves mixed the
/// most_parts seeds that count most.
NoiseRecipe between(const std::vector<NoiseRecipe>& ends, double x, double y);

/// "4127", "0.8*4127+0.6*4130", "4127~0.3*99" (varied), "4127|0,2@7" (levels 0 and 2 frozen to seed 7),
/// "4127 x0.5" (scale) ⇄ recipe; exact both ways. Throws Error saying what is wrong.
std::string to_text(const NoiseRecipe& recipe);
NoiseRecipe parse_recipe(const std::string& text);

}  // namespace modescope
