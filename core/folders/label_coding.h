#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/folders/listing.h"
#include "core/tasks/palette.h"

namespace modescope::folders {

/// What a label map stores at a pixel: an id 0 … 255, or red, green and blue of a colour after a 1.
using LabelValue = std::uint32_t;

/// How the values of the label maps of a layout become indices into a palette. Ids are the indices
/// themselves, but Cityscapes' are mapped to its training classes; 255, the usual mark of pixels without a
/// label, is the class of the id "unlabelled". Colours are those of the palette.
class LabelCoding {
public:
    /// Throws Error if the palette cannot belong to the layout.
    LabelCoding(Palette palette, FolderLayout layout);

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

/// The values in label maps whose classes nothing states, by number of pixels.
class FoundValues {
public:
    /// Values of a map of the same kind (ids or colours) as those before. Throws Unusable if with its colours
    /// there were more than 256; it does not count then.
    void add(const std::string& path, const cv::Mat& values);

    bool empty() const { return pixels_.empty(); }
    /// CamVid's for its ids in its folders, else "Class 7" for ids and "Colour #rrggbb" for colours.
    Palette palette(bool camvid) const;
    /// Share of the pixels that each class has; every value must be one.
    std::vector<double> shares(const LabelCoding& coding) const;

private:
    std::map<LabelValue, std::int64_t> pixels_;
};

/// What the layout or classes.txt says. Throws Error naming what is wrong in the file.
std::optional<Palette> stated_palette(const Listing& listing);
/// The classes of a folder: stated, or found in a hundred of the label maps. Throws Error if none can be
/// read.
Palette palette_of(const Listing& listing);

bool has_labels(FolderLayout layout);

}  // namespace modescope::folders
