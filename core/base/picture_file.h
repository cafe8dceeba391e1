#pragma once

#include <string>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// Writes a picture in the format of the path's suffix (.png, .jpg), atomically. Throws Error.
void write_image(const std::string& path, const Image& image);
/// Any format OpenCV reads, as 8-bit RGB. Throws Error naming the path.
Image read_image(const std::string& path);

/// Pictures of one size side by side, `columns` a row, enlarged `scale` times without smoothing,
/// `gap` pixels apart on white.
Image contact_sheet(const std::vector<Image>& pictures, int columns, int scale = 1, int gap = 2);

}  // namespace modescope
