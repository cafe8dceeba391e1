#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/training/spec.h"

namespace modescope {

/// All that determines what the Toy Lab's panels show: opened again, the same trainings run to the last bit.
struct ToyRecipe {
    struct Panel {
        std::string chip;  ///< the formula that it was added with; each at most once
        Spec spec;         ///< with what was retuned since; its distribution, seed and steps are those below
    };
    std::string toy = "y";  ///< as ToyDistribution::named() reads it
    std::int64_t seed = 1;
    std::int64_t steps = 0;  ///< where all pause; 0 is endless
    std::vector<Panel> panels;
};

inline constexpr std::size_t most_toy_panels = 9;

/// JSON; replaces the file at once or not at all. Throws Error naming it.
void save_recipe(const ToyRecipe& recipe, const QString& path);
/// Throws Error, one sentence that names the file, if it is damaged or no recipe.
ToyRecipe open_recipe(const QString& path);

/// A line for each panel that trains it without a window, into folders toy-1, toy-2, …
QString command_lines(const ToyRecipe& recipe);

}  // namespace modescope
