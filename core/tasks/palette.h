#pragma once

#include <string>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// A class of a label map: how it is painted.
struct LabelClass {
    std::string id;    ///< snake_case, stable
    std::string name;  ///< as shown
    Rgb colour;        ///< in label pictures

    bool operator==(const LabelClass&) const = default;
};
using Palette = std::vector<LabelClass>;

/// "Sky #4682b4, Lane marking #dcdcdc" ⇄ palette; ids are made of the names. This is how a checkpoint keeps
/// the classes of its data. Throws Error naming the entry that is not of this form, and beyond 256 classes.
std::string to_text(const Palette& palette);
Palette parse_palette(const std::string& text);

/// The label map in its classes' colours.
Image colour_labels(const Palette& palette, const LabelMap& labels);
/// The way back; a colour that no class has throws Error naming the colour and its first pixel.
LabelMap labels_from_colours(const Palette& palette, const Image& picture);

/// Cityscapes' 19 training classes in the official colours and CamVid's 11, each with Unlabelled last.
const Palette& cityscapes_palette();
const Palette& camvid_palette();

}  // namespace modescope
