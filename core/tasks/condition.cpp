#include "core/tasks/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"

namespace modescope {
namespace {

constexpr std::uint8_t hole_grey = 128;

cv::Mat view(const Image& image) {
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.data.data())};
}

Image scaled(const Image& picture, int width, int height, int interpolation) {
    Image result(width, height, 3);
    auto pixels = view(result);
    cv::resize(view(picture), pixels, pixels.size(), 0, 0, interpolation);
    return result;
}

Image with_grey_hole(Image picture, const LabelMap& mask) {
    for (std::size_t pixel = 0; pixel < mask.data.size(); ++pixel)
        if (mask.data[pixel]) std::fill_n(picture.data.begin() + 3 * pixel, 3, hole_grey);
    return picture;
}

}  // namespace

std::span<const TaskInfo> tasks() {
    static const std::vector<TaskInfo> list{
        {Task::labels, "labels", "Labels", "A map of classes becomes a picture."},
        {Task::picture, "picture", "Picture", "One picture becomes another, such as a map an aerial photo."},
        {Task::super_resolution, "super-resolution", "Super-resolution",
         "A small picture becomes a larger one."},
        {Task::inpainting, "inpainting", "Inpainting", "A hole in a picture is filled."},
    };
    return list;
}

const TaskInfo& info(Task task) { return tasks()[static_cast<std::size_t>(task)]; }

Task find_task(const std::string& id) {
    std::vector<std::string> known;
    for (const auto& row : tasks()) {
        if (row.id == id) return row.task;
        known.push_back(row.id);
    }
    throw Error(fmt::format("There is no task \"{}\"; the known ones are {}.", id, fmt::join(known, ", ")));
}

std::uint64_t stream_of(std::uint64_t seed, Split split) {
    return Rng::at(seed, 1000 + static_cast<std::uint64_t>(split)).next();
}

LabelMap draw_hole(int size, const HoleRange& range, Rng& rng) {
    const auto between = [&](int least, int most) { return least + rng.index(most - least + 1); };
    const int width = between(range.least, range.most), height = between(range.least, range.most);
    const auto box = [&] { return between(range.margin, size - range.box - range.margin); };
    const int left = box() + between(0, range.box - width), top = box() + between(0, range.box - height);
    return draw_hole(size, left, top, width, height);
}

LabelMap draw_hole(int size, int left, int top, int width, int height) {
    LabelMap mask(size, size);
    for (int y = std::max(top, 0); y < std::min(top + height, size); ++y)
        for (int x = std::max(left, 0); x < std::min(left + width, size); ++x) mask.at(x, y) = 1;
    return mask;
}

Condition derive_condition(Task task, const Image& y, int scale, LabelMap mask) {
    if (task == Task::super_resolution) return {.picture = shrink(y, scale)};
    return {.picture = with_grey_hole(y, mask), .mask = std::move(mask)};
}

Image shrink(const Image& picture, int factor) {
    return scaled(picture, picture.width / factor, picture.height / factor, cv::INTER_AREA);
}

Image picture_of(const Condition& condition, Task task, const Palette& classes, int size) {
    if (task == Task::labels) return colour_labels(classes, condition.labels);
    if (task == Task::super_resolution) return scaled(condition.picture, size, size, cv::INTER_NEAREST);
    if (task == Task::inpainting) return with_grey_hole(condition.picture, condition.mask);
    return condition.picture;
}

}  // namespace modescope
