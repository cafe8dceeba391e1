#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <unordered_map>

#include "core/base/bad_file.h"
#include "core/tasks/palette.h"

namespace modescope {

/// What a label map stores at a pixel: an id 0 … 255, or red, green and blue of a colour after a 1.
using LabelValue = std::uint32_t;
inline constexpr LabelValue first_colour = 1u << 24;
/// The id that usually marks pixels without a label.
inline constexpr LabelValue void_id = 255;

/// A label map as stored: 8-bit ids (1 channel) or colours (3 channels: red, green, blue). A PNG whose
/// palette gives each index the grey of that number holds ids. Throws Unreadable, or Unusable, also if it has
/// other channels than asked for; 0 = either.
cv::Mat read_label_values(const std::string& path, int channels = 0);

/// How many pixels have each value.
using ValueCounts = std::map<LabelValue, std::int64_t>;
ValueCounts count_values(const cv::Mat& values);

/// Whose numbers the ids are.
enum class LabelIds {
    classes,     ///< the indices into the palette
    cityscapes,  ///< of Cityscapes' files (labelIds); the palette has its training classes
};

/// How the values of label maps become indices into a palette. The id 255 is the class of the id
/// "unlabelled" where it is no other. Colours are those of the palette.
class LabelCoding {
public:
    /// `remedy` follows in the sentence on a value that is no class: "; mend it".
    LabelCoding(Palette palette, LabelIds ids, std::string remedy);

    const Palette& palette() const { return palette_; }
    /// −1 if the value is no class.
    int class_of(LabelValue value) const;
    /// The class of each pixel; throws Unusable naming the first value that is none and where it is.
    cv::Mat1b classes(const std::string& path, const cv::Mat& values) const;

private:
    Palette palette_;
    std::string remedy_;
    std::array<int, 256> class_of_id_;
    std::unordered_map<LabelValue, int> class_of_colour_;
};

}  // namespace modescope
