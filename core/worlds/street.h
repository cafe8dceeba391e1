#pragma once

#include "core/worlds/world.h"

namespace modescope {

/// Label map of a street → picture of it (stands for Cityscapes). Hidden: the time of day, the
/// colours of façades, cars and clothes, and the season of the trees.
const World& street_world();

}  // namespace modescope
