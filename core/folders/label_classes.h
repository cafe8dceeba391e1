#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/folders/listing.h"
#include "core/tasks/label_file.h"

/// The classes of the label maps in a folder.
namespace modescope::folders {

/// How the values of the layout's label maps become indices into the palette; Cityscapes' ids are those of
/// its files. Throws Error if the palette cannot belong to the layout.
LabelCoding coding_of(Palette palette, FolderLayout layout);

/// The values in label maps whose classes nothing states, by number of pixels.
class FoundValues {
public:
    /// Values of a map of the same kind (ids or colours) as those before. Throws Unusable if with its colours
    /// there were more than 256; it does not count then.
    void add(const std::string& path, ValueCounts counts);

    bool empty() const { return pixels_.empty(); }
    /// CamVid's in its folders if nearly all maps hold its ids only, else "Class 7" for ids and "Colour
    /// #rrggbb" for colours.
    Palette palette(bool camvid) const;
    bool are_known_to(const LabelCoding& coding) const;
    /// Share of the pixels that each class has; every value must be one.
    std::vector<double> shares(const LabelCoding& coding) const;

private:
    bool are_camvids() const;

    ValueCounts pixels_;
    std::int64_t maps_ = 0, camvid_maps_ = 0;  ///< the latter hold CamVid's ids only
    int highest_camvid_ = -1;                  ///< id in them; −1 = none
};

/// What the layout, classes.txt or label_colors.txt says. Throws Error naming what is wrong in the file.
std::optional<Palette> stated_palette(const Listing& listing);
/// The classes of a folder: stated, or found in its label maps, all of which are read for it. Throws Error if
/// none can be used, and Unreadable.
Palette palette_of(const Listing& listing);

bool has_labels(FolderLayout layout);

}  // namespace modescope::folders
