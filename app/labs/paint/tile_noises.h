#pragma once

#include <cstdint>
#include <vector>

#include "core/sampling/noise_recipe.h"

namespace modescope {

/// The noise of each tile of the Paint Studio, of as many as there can be. A pinned one keeps its noise when
/// the others are resampled or varied.
class TileNoises {
public:
    struct Tile {
        NoiseRecipe recipe;
        bool pinned = false;
        bool operator==(const Tile&) const = default;
    };

    explicit TileNoises(int count) : tiles_(static_cast<std::size_t>(count)) {}

    int count() const { return static_cast<int>(tiles_.size()); }
    const Tile& operator[](int index) const { return tiles_[static_cast<std::size_t>(index)]; }
    const std::vector<Tile>& all() const { return tiles_; }

    /// Of the first ones; the others stay.
    void set_all(const std::vector<Tile>& tiles);
    /// The unpinned tile i gets the seed first + i.
    void reseed(std::uint64_t first);
    void set(int index, const NoiseRecipe& recipe) { at(index).recipe = recipe; }
    void pin(int index, bool pinned) { at(index).pinned = pinned; }
    /// The unpinned others become neighbours of that tile, made with the seeds first, first + 1, …
    void vary_around(int centre, std::uint64_t first, double amount);
    /// Changes how far unpinned neighbours are away; false if there are none.
    bool set_amount(double amount);

private:
    Tile& at(int index) { return tiles_[static_cast<std::size_t>(index)]; }

    std::vector<Tile> tiles_;
};

}  // namespace modescope
