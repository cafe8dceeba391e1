#pragma once

#include <QColor>
#include <QHash>
#include <QImage>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/tasks/palette.h"

namespace modescope {

/// What a pixel of a label picture says: an opaque colour, or in a grey picture its number with alpha 0.
using LabelKey = QRgb;
bool is_number(LabelKey key);
/// "#ff0000" or "id 7".
QString text_of(LabelKey key);

/// A picture that names a class in each pixel, by colours or by numbers of its own.
struct LabelPicture {
    int width = 0, height = 0;
    std::vector<LabelKey> keys;  ///< row by row
};
/// Grey pictures of one channel hold numbers, all others colours.
LabelPicture read_label_picture(const QImage& picture);

/// The class of each key.
using LabelMeanings = QHash<LabelKey, std::uint8_t>;
/// Of the colours of the classes themselves; the first of two with the same one.
LabelMeanings own_meanings(const Palette& classes);

/// Keys without a meaning and their pixels, the most frequent first.
std::vector<std::pair<LabelKey, int>> unknown_keys(const LabelPicture& picture,
                                                   const LabelMeanings& meanings);
/// A guess for a person to correct: the class of the nearest colour, or of that number (the last one beyond).
std::uint8_t nearest_class(LabelKey key, const Palette& classes);
/// Every key of the picture must have a meaning.
LabelMap to_labels(const LabelPicture& picture, const LabelMeanings& meanings);

}  // namespace modescope
