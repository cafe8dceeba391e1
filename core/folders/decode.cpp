#include "core/folders/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/jpeg_check.h"
#include "core/base/picture_bytes.h"
#include "core/tasks/label_file.h"

namespace modescope::folders {
namespace {

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

/// With data.load, the shorter side of a picture becomes as long as wanted, and the longer one follows.
void expect_squarish(const std::string& path, cv::Size size) {
    constexpr int longest = 10;
    const auto [shorter, longer] = std::minmax(size.width, size.height);
    if (longer / longest > shorter)
        throw Unusable(path, fmt::format("is {}, too narrow to cut squares from.", text_of(size)));
}

}  // namespace

Photo read_photo(const std::string& path, cv::Size enough) {
    const auto file = read_picture_bytes(path);
    const cv::Size size(static_cast<int>(file.outline.width), static_cast<int>(file.outline.height));
    const bool is_jpeg = file.outline.format == PictureFormat::jpeg;
    if (is_jpeg && !decodes_cleanly(file.bytes))
        throw Unusable(path, "is damaged inside; copy or download it again.");
    const bool reducible = is_jpeg && !enough.empty();
    const int divisor = reducible ? even_divisor(size, enough) : 1;
    const auto pixels = decode_picture(file, flags_for(divisor));
    Photo photo;
    cv::cvtColor(pixels, photo.pixels, cv::COLOR_BGR2RGB);
    photo.full = pixels.size() * divisor;
    expect_squarish(path, photo.full);
    return photo;
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
