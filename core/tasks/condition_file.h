#pragma once

#include <string>

#include "core/tasks/condition.h"

namespace modescope {

/// A condition from picture files. `input` by task: a label map as trainings read them (in the classes'
/// colours, or with their numbers from 0; with Cityscapes' classes its files' ids, unless the name ends with
/// labelTrainIds.png), or whatever else shows the colours or numbers at the pixels that are taken; a picture;
/// the picture to enlarge (larger ones are cut square and shrunk first); the picture with the hole. Whatever
/// is not of the task's size is cut to the largest centred square and scaled.
/// `mask` (inpainting): where it is brighter than half is the hole; empty is a centred hole of the mean size.
/// Throws Error naming the file and what is wrong.
Condition read_condition(const TaskSettings& settings, const Palette& classes, const std::string& input,
                         const std::string& mask);

/// The largest centred square of a picture, scaled to size × size.
Image centre_square(const Image& picture, int size);

}  // namespace modescope
