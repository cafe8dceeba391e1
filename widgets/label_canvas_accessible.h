#pragma once

namespace modescope {

/// From now on screen readers get every LabelCanvas as a canvas whose value is the class at its cell.
/// Further calls do nothing.
void make_canvases_accessible();

}  // namespace modescope
