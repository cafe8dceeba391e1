#pragma once

#include "core/worlds/world.h"

namespace modescope {

/// Street map of a town → aerial photograph of it (stands for pix2pix Maps). Hidden: the time of day and
/// the side the light comes from, the season, the colours of roofs and water, and whether cars are parked.
const World& maps_world();

}  // namespace modescope
