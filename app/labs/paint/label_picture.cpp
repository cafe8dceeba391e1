#include "app/labs/paint/label_picture.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>

namespace modescope {
namespace {

int distance(QRgb key, const Rgb& colour) {
    const int red = qRed(key) - colour[0], green = qGreen(key) - colour[1], blue = qBlue(key) - colour[2];
    return red * red + green * green + blue * blue;
}

LabelKey number_key(int number) { return static_cast<LabelKey>(number); }

}  // namespace

bool is_number(LabelKey key) { return qAlpha(key) == 0; }

QString text_of(LabelKey key) {
    if (is_number(key)) return QCoreApplication::translate("LabelImport", "id %1").arg(key);
    return QColor(key).name();
}

LabelPicture read_label_picture(const QImage& picture) {
    LabelPicture result{picture.width(), picture.height(), {}};
    result.keys.reserve(static_cast<std::size_t>(result.width) * static_cast<std::size_t>(result.height));
    const bool numbers =
        picture.format() == QImage::Format_Grayscale8 || picture.format() == QImage::Format_Grayscale16;
    const QImage rgb = picture.convertToFormat(QImage::Format_RGB32);
    for (int y = 0; y < result.height; ++y) {
        const auto* row = reinterpret_cast<const QRgb*>(rgb.constScanLine(y));
        for (int x = 0; x < result.width; ++x)
            result.keys.push_back(numbers ? number_key(qRed(row[x])) : row[x] | 0xff000000u);
    }
    return result;
}

LabelMeanings own_meanings(const Palette& classes) {
    LabelMeanings meanings;
    for (std::size_t i = classes.size(); i-- > 0;) {
        const auto [red, green, blue] = classes[i].colour;
        meanings[qRgb(red, green, blue)] = static_cast<std::uint8_t>(i);
    }
    return meanings;
}

std::vector<std::pair<LabelKey, int>> unknown_keys(const LabelPicture& picture,
                                                   const LabelMeanings& meanings) {
    QHash<LabelKey, int> counts;
    for (const LabelKey key : picture.keys)
        if (!meanings.contains(key)) ++counts[key];
    std::vector<std::pair<LabelKey, int>> list(counts.keyValueBegin(), counts.keyValueEnd());
    std::ranges::sort(list, [](const auto& a, const auto& b) {
        return std::pair(-a.second, a.first) < std::pair(-b.second, b.first);
    });
    return list;
}

std::uint8_t nearest_class(LabelKey key, const Palette& classes) {
    if (is_number(key))
        return static_cast<std::uint8_t>(
            std::min<std::size_t>(key, std::max<std::size_t>(1, classes.size()) - 1));
    const auto nearest = std::ranges::min_element(
        classes, {}, [key](const LabelClass& label_class) { return distance(key, label_class.colour); });
    return static_cast<std::uint8_t>(nearest == classes.end() ? 0 : nearest - classes.begin());
}

LabelMap to_labels(const LabelPicture& picture, const LabelMeanings& meanings) {
    LabelMap labels(picture.width, picture.height);
    std::ranges::transform(picture.keys, labels.data.begin(), [&](LabelKey key) { return meanings[key]; });
    return labels;
}

}  // namespace modescope
