#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/folders/listing.h"

namespace modescope::folders {

/// One file cannot be used.
struct Unusable : Error {
    Unusable(const std::string& path, const std::string& problem)
        : Error(path + " " + problem), file{path, problem} {}
    BadFile file;
};

struct Photo {
    cv::Mat3b pixels;  ///< red, green, blue
    cv::Size full;     ///< as in the file, of which `pixels` may be a half, quarter or eighth
};

/// `enough`: a JPEG may be decoded at an even fraction of its size, which is quicker, as long as its sides
/// stay at least that; empty = the full size. Throws Unusable: missing, empty, cut off, no
/// picture that can_decode(), more than ten times as long as wide.
Photo read_photo(const std::string& path, cv::Size enough = {});

/// A label map as stored: 8-bit ids (1 channel) or colours (3 channels: red, green, blue). Throws Unusable
/// if it has other channels than asked for; 0 = either.
cv::Mat read_label_values(const std::string& path, int channels = 0);

/// A photo and the label map that belongs to it, of the same size in their files.
struct LabelledPhoto {
    Photo photo;
    cv::Mat values;
};
LabelledPhoto read_labelled(const Entry& entry, int channels, cv::Size enough = {});

/// The left and the right picture of an aligned pair; views of the photo.
std::pair<cv::Mat3b, cv::Mat3b> halves(const std::string& path, const Photo& photo, bool square);

std::string text_of(cv::Size size);

}  // namespace modescope::folders
