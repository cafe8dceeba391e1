#pragma once

#include <string>

#include "core/training/spec.h"

namespace modescope {

/// Writes a small folder of rendered pictures in the layout, sizes and file formats of the data that one of
/// the paper's presets trains on, so that its speed can be measured without them. Returns its path inside
/// `scratch`. The pictures teach nothing about the real data.
std::string write_stand_in(const Spec& spec, const std::string& scratch);

}  // namespace modescope
