#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "core/base/bad_file.h"
#include "core/base/picture_file.h"

namespace modescope {

/// A picture file that can be decoded: all of it, and what it says of itself.
struct PictureBytes {
    std::string path, bytes;
    PictureOutline outline;
};

/// Throws Unreadable, or Unusable where decoding would fail, take gigabytes or fill in what is missing.
PictureBytes read_picture_bytes(const std::string& path);

/// `flags` as of cv::imread. Throws Unusable.
cv::Mat decode_picture(const PictureBytes& picture, int flags);

}  // namespace modescope
