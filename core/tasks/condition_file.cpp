#include "core/tasks/condition_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/picture_file.h"
#include "core/tasks/label_file.h"

namespace modescope {
namespace {

constexpr int half_bright = 128;

cv::Mat view(const Image& image) {
    return {image.height, image.width, CV_8UC(image.channels), const_cast<std::uint8_t*>(image.data.data())};
}

/// The largest centred square of a picture, scaled to all of another one.
void centre(const cv::Mat& picture, Image& target, int interpolation) {
    const int side = std::min(picture.cols, picture.rows);
    const cv::Rect square((picture.cols - side) / 2, (picture.rows - side) / 2, side, side);
    auto pixels = view(target);
    cv::resize(picture(square), pixels, pixels.size(), 0, 0, interpolation);
}

Image centred(const Image& picture, int size, int interpolation) {
    Image result(size, size, 3);
    centre(view(picture), result, interpolation);
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

/// Of a picture whose classes are exact only where it is looked at, or that holds numbers as greys.
std::optional<LabelMap> labels_of_picture(const Palette& classes, const std::string& path, int size) try {
    const auto picture = centred(read_image(path), size, cv::INTER_NEAREST);
    try {
        return labels_from_colours(classes, picture);
    } catch (const Error&) {
        return labels_from_numbers(classes, picture);
    }
} catch (const Error&) {
    return {};
}

/// Cityscapes' scripts also write maps of the training classes' own numbers.
LabelIds ids_of(const Palette& classes, const std::string& path) {
    const bool own_numbers = path.ends_with("labelTrainIds.png");
    return classes == cityscapes_palette() && !own_numbers ? LabelIds::cityscapes : LabelIds::classes;
}

/// As the label maps of a training are read.
LabelMap labels_of_map(const Palette& classes, const std::string& path, int size) {
    const LabelCoding coding(classes, ids_of(classes, path),
                             "; use the classes' own colours or numbers without smoothing");
    LabelMap labels(size, size);
    centre(coding.classes(path, read_label_values(path)), labels, cv::INTER_NEAREST_EXACT);
    return labels;
}

LabelMap read_labels(const Palette& classes, const std::string& path, int size) try {
    return labels_of_map(classes, path, size);
} catch (const FileProblem&) {
    if (auto labels = labels_of_picture(classes, path, size)) return *labels;
    (void)read_image(path);  // what cannot be read at all it says better
    throw;
}

}  // namespace

Image centre_square(const Image& picture, int size) {
    const bool shrinks = std::min(picture.width, picture.height) > size;
    return centred(picture, size, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
}

Condition read_condition(const TaskSettings& settings, const Palette& classes, const std::string& input,
                         const std::string& mask) {
    if (settings.task == Task::labels) return {.labels = read_labels(classes, input, settings.size)};
    const auto picture = read_image(input);
    switch (settings.task) {
        case Task::picture:
            return {.picture = centre_square(picture, settings.size)};
        case Task::super_resolution:
            return {.picture = centre_square(picture, settings.size / settings.scale)};
        case Task::labels:
        case Task::inpainting:
            break;
    }
    return derive_condition(Task::inpainting, centre_square(picture, settings.size), settings.scale,
                            mask.empty() ? centred_hole(settings) : read_mask(mask, settings.size));
}

}  // namespace modescope
