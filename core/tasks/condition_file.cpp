#include "core/tasks/condition_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/picture_file.h"

namespace modescope {
namespace {

constexpr int half_bright = 128;

Image centred(const Image& picture, int size, int interpolation) {
    const cv::Mat pixels(picture.height, picture.width, CV_8UC3,
                         const_cast<std::uint8_t*>(picture.data.data()));
    const int side = std::min(picture.width, picture.height);
    const cv::Rect square((picture.width - side) / 2, (picture.height - side) / 2, side, side);
    Image result(size, size, 3);
    cv::Mat target(size, size, CV_8UC3, result.data.data());
    cv::resize(pixels(square), target, target.size(), 0, 0, interpolation);
    return result;
}

LabelMap centred_hole(const TaskSettings& settings) {
    const int side = (settings.holes.least + settings.holes.most) / 2;
    return draw_hole(settings.size, settings.size / 2 - side / 2, settings.size / 2 - side / 2, side, side);
}

LabelMap read_mask(const std::string& path, int size) {
    const auto picture = centred(read_image(path), size, cv::INTER_NEAREST);
    LabelMap mask(size, size);
    for (std::size_t pixel = 0; pixel < mask.data.size(); ++pixel)
        mask.data[pixel] = picture.data[3 * pixel] >= half_bright;
    if (std::ranges::none_of(mask.data, [](auto value) { return value != 0; }))
        throw Error(fmt::format("{} has no white pixel: paint the hole white.", path));
    return mask;
}

/// Where a picture, all grey, holds the numbers of the classes instead of their colours.
std::optional<LabelMap> labels_from_numbers(const Palette& classes, const Image& picture) {
    LabelMap labels(picture.width, picture.height);
    for (std::size_t pixel = 0; pixel < labels.data.size(); ++pixel) {
        const auto* rgb = &picture.data[3 * pixel];
        if (rgb[0] != rgb[1] || rgb[0] != rgb[2] || rgb[0] >= classes.size()) return {};
        labels.data[pixel] = rgb[0];
    }
    return labels;
}

LabelMap read_labels(const Palette& classes, const Image& picture, const std::string& path) try {
    return labels_from_colours(classes, picture);
} catch (const Error& error) {
    if (auto labels = labels_from_numbers(classes, picture)) return *labels;
    throw Error(fmt::format("{}: {}", path, error.what()));
}

}  // namespace

Image centre_square(const Image& picture, int size) {
    const bool shrinks = std::min(picture.width, picture.height) > size;
    return centred(picture, size, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
}

Condition read_condition(const TaskSettings& settings, const Palette& classes, const std::string& input,
                         const std::string& mask) {
    const auto picture = read_image(input);
    switch (settings.task) {
        case Task::labels:
            return {.labels =
                        read_labels(classes, centred(picture, settings.size, cv::INTER_NEAREST), input)};
        case Task::picture:
            return {.picture = centre_square(picture, settings.size)};
        case Task::super_resolution:
            return {.picture = centre_square(picture, settings.size / settings.scale)};
        case Task::inpainting:
            break;
    }
    return derive_condition(Task::inpainting, centre_square(picture, settings.size), settings.scale,
                            mask.empty() ? centred_hole(settings) : read_mask(mask, settings.size));
}

}  // namespace modescope
