#pragma once

#include <string>

#include "core/base/image.h"

namespace modescope {

/// The colour of a loss configuration, the same in the window and in reports: Okabe–Ito, nudged for contrast
/// with a dark and a light background.
struct ConfigurationColour {
    Rgb on_dark, on_light;
};
/// `id` as Objective::id(): "gan+pmr2"; "truth" for true pictures. One that the table lacks gets a colour
/// derived from its text.
ConfigurationColour colours_of_configuration(const std::string& id);

/// "#10b083".
std::string hex(const Rgb& colour);

}  // namespace modescope
