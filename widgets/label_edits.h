#pragma once

#include <cstdint>

#include "core/base/image.h"

namespace modescope {

// Changes of a whole label map. Neighbours are the four pixels beside one. A mask is a label map of 0 and 1.

LabelMap replace_class(LabelMap map, std::uint8_t from, std::uint8_t to);
/// What is enclosed by pixels of a class, without a way to the border, becomes that class.
LabelMap fill_holes(LabelMap map, std::uint8_t label);
/// Connected regions of fewer than `least` pixels become the class that most of their border touches.
LabelMap remove_specks(LabelMap map, int least);

/// A mask one pixel larger or smaller all around; beyond the border it goes on as at the border.
LabelMap grow_mask(const LabelMap& mask);
LabelMap shrink_mask(const LabelMap& mask);
LabelMap invert_mask(LabelMap mask);

}  // namespace modescope
