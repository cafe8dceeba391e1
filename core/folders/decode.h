#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <utility>

#include "core/base/bad_file.h"
#include "core/folders/listing.h"

namespace modescope::folders {

struct Photo {
    cv::Mat3b pixels;  ///< red, green, blue
    cv::Size full;     ///< as in the file, of which `pixels` may be a half, quarter or eighth
};

/// `enough`: a JPEG may be decoded at an even fraction of its size, which is quicker, as long as its sides
/// stay at least that; empty = the full size. Throws Unreadable, or Unusable: empty, cut off, no picture that
/// can_decode(), more than ten times as long as wide.
Photo read_photo(const std::string& path, cv::Size enough = {});

/// A photo and the label map that belongs to it, of the same size in their files.
struct LabelledPhoto {
    Photo photo;
    cv::Mat values;  ///< as read_label_values gives them
};
LabelledPhoto read_labelled(const Entry& entry, int channels, cv::Size enough = {});

/// The left and the right picture of an aligned pair; views of the photo.
std::pair<cv::Mat3b, cv::Mat3b> halves(const std::string& path, const Photo& photo, bool square);

std::string text_of(cv::Size size);

}  // namespace modescope::folders
