#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// Keyword and text (UTF-8) in a picture file, in order; "Title", "Description" and "Software" are the ones
/// that every program knows (PNG specification, 11.3.4). Keywords are of 1 … 79 letters, digits and spaces.
using PictureText = std::vector<std::pair<std::string, std::string>>;

/// Writes a PNG of 1 or 3 channels with texts inside, atomically. Throws Error naming the path.
void write_png(const std::string& path, const Image& image, const PictureText& text);

}  // namespace modescope
