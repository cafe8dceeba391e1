#pragma once

#include "core/worlds/world.h"

namespace modescope {

/// Cartoon portraits (stand for CelebA) for super-resolution and inpainting. The patterns of hair and shirt
/// repeat in cells of size / 16 pixels where that is a multiple of 4, else of nearly as many, and have equal
/// means over each: a picture of 16 × 16 pixels hides exactly them, at 64 × 64 one that is 4 times smaller.
/// A hole hides what it covers whole: glasses, eyes, mouth.
const World& faces_world();

}  // namespace modescope
