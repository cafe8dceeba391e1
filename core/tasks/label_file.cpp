#include "core/tasks/label_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <utility>

#include "core/base/picture_bytes.h"

namespace modescope {
namespace {

// Of a PNG's header.
constexpr std::size_t depth_at = 24, type_at = 25;
constexpr char grey = 0, indexed = 3;

bool is_png_of(const PictureBytes& picture, char type) {
    return picture.outline.format == PictureFormat::png && picture.bytes.size() > type_at &&
           picture.bytes[type_at] == type;
}

/// What the first chunk of that type holds; empty if there is none.
std::string_view png_chunk(std::string_view bytes, std::string_view type) {
    constexpr std::size_t signature = 8, around = 12;  // a chunk's length and type before, checksum behind
    for (std::size_t at = signature; at + around <= bytes.size();) {
        std::size_t length = 0;
        for (std::size_t i = at; i < at + 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
        if (length > bytes.size() - at - around) break;
        if (bytes.substr(at + 4, 4) == type) return bytes.substr(at + 8, length);
        at += around + length;
    }
    return {};
}

/// OpenCV spreads ids of 1, 2 and 4 bits over 0 … 255.
void undo_spreading(cv::Mat& ids, const PictureBytes& picture) {
    if (!is_png_of(picture, grey)) return;
    const int depth = static_cast<unsigned char>(picture.bytes[depth_at]);
    if (depth < 8) ids /= 255 / ((1 << depth) - 1);
}

/// The entries of a palette that are the grey of their own number.
std::bitset<256> own_greys(const PictureBytes& picture) {
    std::bitset<256> own;
    const auto colours = png_chunk(picture.bytes, "PLTE");
    for (std::size_t i = 0; i < std::min(own.size(), colours.size() / 3); ++i)
        own[i] = colours.substr(3 * i, 3) == std::string(3, static_cast<char>(i));
    return own;
}

/// OpenCV puts the colours of a palette in the place of its indices. Those are ids where all that are used
/// show as the grey of their number. The first two have to, as many palettes begin with black, and some end
/// with greys, that are of colours.
void undo_palette(cv::Mat& values, const PictureBytes& picture) {
    const auto own = is_png_of(picture, indexed) ? own_greys(picture) : std::bitset<256>();
    if (!own[0] || !own[1]) return;
    const cv::Mat3b colours(values);
    const bool are_ids = std::all_of(colours.begin(), colours.end(), [&](const cv::Vec3b& colour) {
        return colour[0] == colour[1] && colour[0] == colour[2] && own[colour[0]];
    });
    if (are_ids) cv::extractChannel(colours, values, 0);
}

/// As stored, but for palettes.
cv::Mat decode_labels(const PictureBytes& picture) {
    auto values = decode_picture(picture, cv::IMREAD_UNCHANGED);
    const auto fail = [&](const char* problem) { throw Unusable(picture.path, problem); };
    if (values.depth() != CV_8U) fail("has more than 8 bits a channel; save it with 8.");
    if (values.channels() == 2) fail("has a transparent grey; save label maps without it.");
    if (values.channels() == 1) undo_spreading(values, picture);
    if (values.channels() == 3) cv::cvtColor(values, values, cv::COLOR_BGR2RGB);
    if (values.channels() == 4) cv::cvtColor(values, values, cv::COLOR_BGRA2RGB);
    return values;
}

LabelValue value_of(const Rgb& colour) {
    return first_colour | LabelValue{colour[0]} << 16 | LabelValue{colour[1]} << 8 | colour[2];
}

std::string text_of(LabelValue value) {
    return value < first_colour ? fmt::format("class id {}", value)
                                : fmt::format("colour #{:06x}", value - first_colour);
}

/// Calls `visit(x, y, value)` for each pixel, row by row.
template <class Visit>
void for_each_value(const cv::Mat& values, Visit visit) {
    for (int y = 0; y < values.rows; ++y)
        for (int x = 0; x < values.cols; ++x) {
            const auto* pixel = values.ptr(y, x);
            visit(x, y, values.channels() == 1 ? *pixel : value_of({pixel[0], pixel[1], pixel[2]}));
        }
}

/// Cityscapes' ids of its training classes, in their order.
constexpr std::array<int, 19> cityscapes_ids{7,  8,  11, 12, 13, 17, 19, 20, 21, 22,
                                             23, 24, 25, 26, 27, 28, 31, 32, 33};

std::array<int, 256> cityscapes_classes() {
    std::array<int, 256> classes;
    classes.fill(-1);
    std::fill_n(classes.begin(), cityscapes_ids.back() + 1, static_cast<int>(cityscapes_ids.size()));
    for (std::size_t i = 0; i < cityscapes_ids.size(); ++i) classes[cityscapes_ids[i]] = static_cast<int>(i);
    return classes;
}

std::array<int, 256> numbered_classes(const Palette& palette) {
    std::array<int, 256> classes;
    classes.fill(-1);
    for (std::size_t i = 0; i < palette.size(); ++i) classes[i] = static_cast<int>(i);
    return classes;
}

int index_of(const Palette& palette, const std::string& id) {
    const auto found = std::ranges::find(palette, id, &LabelClass::id);
    return found == palette.end() ? -1 : static_cast<int>(found - palette.begin());
}

}  // namespace

cv::Mat read_label_values(const std::string& path, int channels) {
    const auto picture = read_picture_bytes(path);
    if (picture.outline.format == PictureFormat::jpeg)
        throw Unusable(path, "is a JPEG, which does not keep classes exact; save label maps as PNG.");
    auto values = decode_labels(picture);
    // Among colours, a map that happens to hold such greys only is no exception.
    if (values.channels() == 3 && channels != 3) undo_palette(values, picture);
    if (channels != 0 && values.channels() != channels)
        throw Unusable(path, channels == 1
                                 ? "holds colours, but the folder's first label map holds class ids."
                                 : "holds class ids, but the folder's first label map holds colours.");
    return values;
}

/// Neighbours mostly have the same value, so a look-up is only made where it changes.
ValueCounts count_values(const cv::Mat& values) {
    ValueCounts pixels;
    auto last = pixels.end();
    for_each_value(values, [&](int, int, LabelValue value) {
        if (last == pixels.end() || last->first != value) last = pixels.try_emplace(value, 0).first;
        ++last->second;
    });
    return pixels;
}

LabelCoding::LabelCoding(Palette palette, LabelIds ids, std::string remedy)
    : palette_(std::move(palette)),
      remedy_(std::move(remedy)),
      class_of_id_(ids == LabelIds::cityscapes ? cityscapes_classes() : numbered_classes(palette_)) {
    if (class_of_id_[void_id] < 0) class_of_id_[void_id] = index_of(palette_, "unlabelled");
    for (std::size_t i = 0; i < palette_.size(); ++i)
        class_of_colour_.try_emplace(value_of(palette_[i].colour), static_cast<int>(i));
}

int LabelCoding::class_of(LabelValue value) const {
    if (value < first_colour) return class_of_id_[value];
    const auto found = class_of_colour_.find(value);
    return found == class_of_colour_.end() ? -1 : found->second;
}

cv::Mat1b LabelCoding::classes(const std::string& path, const cv::Mat& values) const {
    cv::Mat1b classes(values.size());
    LabelValue last = ~0u;
    int index = -1;
    for_each_value(values, [&](int x, int y, LabelValue value) {
        if (value != last) index = class_of(last = value);
        if (index < 0)
            throw Unusable(path, fmt::format("holds the {} at x {}, y {}, which is none of the {} classes{}.",
                                             text_of(value), x, y, palette_.size(), remedy_));
        classes(y, x) = static_cast<std::uint8_t>(index);
    });
    return classes;
}

}  // namespace modescope
