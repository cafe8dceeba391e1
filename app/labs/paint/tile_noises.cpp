#include "app/labs/paint/tile_noises.h"

#include <algorithm>

namespace modescope {

void TileNoises::set_all(const std::vector<Tile>& tiles) {
    std::copy_n(tiles.begin(), std::min(tiles.size(), tiles_.size()), tiles_.begin());
}

void TileNoises::reseed(std::uint64_t first) {
    for (int i = 0; i < count(); ++i)
        if (!at(i).pinned) at(i).recipe = NoiseRecipe(first + static_cast<std::uint64_t>(i));
}

void TileNoises::vary_around(int centre, std::uint64_t first, double amount) {
    const NoiseRecipe around = at(centre).recipe;
    for (int i = 0; i < count(); ++i)
        if (i != centre && !at(i).pinned)
            at(i).recipe = vary(around, first + static_cast<std::uint64_t>(i), amount);
}

bool TileNoises::set_amount(double amount) {
    bool any = false;
    for (Tile& tile : tiles_) {
        if (tile.pinned || tile.recipe.amount <= 0) continue;
        tile.recipe.amount = amount;
        any = true;
    }
    return any;
}

}  // namespace modescope
