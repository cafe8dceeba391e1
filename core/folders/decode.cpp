#include "core/folders/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "core/base/file.h"
#include "core/base/picture_file.h"

namespace modescope::folders {
namespace {

constexpr const char* cut_off = "is damaged or cut off; copy or download it again.";
constexpr const char* no_picture =
    "is not a picture that can be read; save it as PNG or JPEG of at most 100 megapixels.";

std::string read_bytes(const std::string& path) {
    std::string bytes;
    try {
        bytes = read_file(path);
    } catch (const Error&) {
        throw Unusable(path, "cannot be opened; see that it exists and may be read.");
    }
    if (bytes.empty()) throw Unusable(path, "is empty; copy or download it again.");
    return bytes;
}

int byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

/// The largest divisor that JPEG decoding can shrink by, such that the halves of the picture still end at
/// a whole pixel.
int even_divisor(cv::Size size, cv::Size enough) {
    for (const int divisor : {8, 4, 2})
        if (size.width % (2 * divisor) == 0 && size.height % (2 * divisor) == 0 &&
            size.width / divisor >= enough.width && size.height / divisor >= enough.height)
            return divisor;
    return 1;
}

int flags_for(int divisor) {
    return divisor == 8   ? cv::IMREAD_REDUCED_COLOR_8
           : divisor == 4 ? cv::IMREAD_REDUCED_COLOR_4
           : divisor == 2 ? cv::IMREAD_REDUCED_COLOR_2
                          : cv::IMREAD_COLOR;
}

cv::Mat decode(const std::string& path, const std::string& bytes, int flags) {
    const cv::Mat file(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
    cv::Mat picture;
    try {
        picture = cv::imdecode(file, flags);
    } catch (const cv::Exception&) {
    }
    if (picture.empty()) throw Unusable(path, no_picture);
    return picture;
}

/// Throws Unusable where decoding would fail, take gigabytes or fill in what is missing.
PictureOutline checked_outline(const std::string& path, const std::string& bytes) {
    const auto outline = outline_of(bytes);
    if (!can_decode(outline)) throw Unusable(path, no_picture);
    if (!outline.complete) throw Unusable(path, cut_off);
    return outline;
}

/// OpenCV spreads ids of 1, 2 and 4 bits over 0 … 255.
void undo_spreading(cv::Mat& ids, const std::string& bytes, PictureFormat format) {
    constexpr std::size_t depth_at = 24, type_at = 25;
    if (format != PictureFormat::png || bytes.size() <= type_at || bytes[type_at] != 0) return;
    const int depth = byte_at(bytes, depth_at);
    if (depth < 8) ids /= 255 / ((1 << depth) - 1);
}

/// With data.load, the shorter side of a picture becomes as long as wanted, and the longer one follows.
void expect_squarish(const std::string& path, cv::Size size) {
    constexpr int longest = 10;
    const auto [shorter, longer] = std::minmax(size.width, size.height);
    if (longer / longest > shorter)
        throw Unusable(path, fmt::format("is {}, too narrow to cut squares from.", text_of(size)));
}

}  // namespace

Photo read_photo(const std::string& path, cv::Size enough) {
    const auto bytes = read_bytes(path);
    const auto outline = checked_outline(path, bytes);
    const cv::Size size(static_cast<int>(outline.width), static_cast<int>(outline.height));
    const bool reducible = outline.format == PictureFormat::jpeg && !enough.empty();
    const int divisor = reducible ? even_divisor(size, enough) : 1;
    const auto pixels = decode(path, bytes, flags_for(divisor));
    Photo photo;
    cv::cvtColor(pixels, photo.pixels, cv::COLOR_BGR2RGB);
    photo.full = pixels.size() * divisor;
    expect_squarish(path, photo.full);
    return photo;
}

cv::Mat read_label_values(const std::string& path, int channels) {
    const auto bytes = read_bytes(path);
    const auto format = checked_outline(path, bytes).format;
    if (format == PictureFormat::jpeg)
        throw Unusable(path, "is a JPEG, which does not keep classes exact; save label maps as PNG.");
    auto values = decode(path, bytes, cv::IMREAD_UNCHANGED);
    if (values.depth() != CV_8U) throw Unusable(path, "has more than 8 bits a channel; save it with 8.");
    if (values.channels() == 1) undo_spreading(values, bytes, format);
    if (values.channels() == 3) cv::cvtColor(values, values, cv::COLOR_BGR2RGB);
    if (values.channels() == 4) cv::cvtColor(values, values, cv::COLOR_BGRA2RGB);
    if (values.channels() == 2) throw Unusable(path, "has a transparent grey; save label maps without it.");
    if (channels != 0 && values.channels() != channels)
        throw Unusable(path, channels == 1
                                 ? "holds colours, but the folder's first label map holds class ids."
                                 : "holds class ids, but the folder's first label map holds colours.");
    return values;
}

LabelledPhoto read_labelled(const Entry& entry, int channels, cv::Size enough) {
    LabelledPhoto read{read_photo(entry.picture, enough), read_label_values(entry.labels, channels)};
    if (read.photo.full != read.values.size())
        throw Unusable(entry.labels,
                       fmt::format("is {}, but its photo {} is {}; make them the same size.",
                                   text_of(read.values.size()), entry.picture, text_of(read.photo.full)));
    return read;
}

std::pair<cv::Mat3b, cv::Mat3b> halves(const std::string& path, const Photo& photo, bool square) {
    if (square && photo.full.width != 2 * photo.full.height)
        throw Unusable(path, fmt::format("is {}, but the pairs of this folder are twice as wide as high.",
                                         text_of(photo.full)));
    if (photo.full.width % 2 != 0)
        throw Unusable(path, fmt::format("is {}, which has no two halves; pairs have an even width.",
                                         text_of(photo.full)));
    const int middle = photo.pixels.cols / 2;
    return {photo.pixels.colRange(0, middle), photo.pixels.colRange(middle, 2 * middle)};
}

std::string text_of(cv::Size size) { return fmt::format("{} × {}", size.width, size.height); }

}  // namespace modescope::folders
