#include "core/base/picture_bytes.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "core/base/file.h"

namespace modescope {
namespace {

constexpr const char* cut_off = "is damaged or cut off; copy or download it again.";
constexpr const char* no_picture =
    "is not a picture that can be read; save it as PNG or JPEG of at most 100 megapixels.";

/// Of a disk that is away, an empty folder may be left.
bool is_empty_or_away(const std::filesystem::path& folder) {
    std::error_code problem;
    return std::filesystem::is_empty(folder.empty() ? "." : folder, problem) || problem;
}

/// For good: it is not in its folder any more, or nobody may read it.
bool is_lost(const std::string& path) {
    if (::access(path.c_str(), R_OK) == 0) return false;
    const auto reason = errno;
    return reason == EACCES || reason == ELOOP ||
           (reason == ENOENT && !is_empty_or_away(std::filesystem::path(path).parent_path()));
}

std::string read_bytes(const std::string& path) {
    std::string bytes;
    try {
        bytes = read_file(path);
    } catch (const Error&) {
        if (is_lost(path)) throw Unusable(path, "cannot be read; see that it exists and may be read.");
        throw Unreadable(path, "cannot be read now; see that its disk is there.");
    }
    if (bytes.empty()) throw Unusable(path, "is empty; copy or download it again.");
    return bytes;
}

}  // namespace

PictureBytes read_picture_bytes(const std::string& path) {
    PictureBytes picture{path, read_bytes(path), {}};
    picture.outline = outline_of(picture.bytes);
    if (!can_decode(picture.outline)) throw Unusable(path, no_picture);
    if (!picture.outline.complete) throw Unusable(path, cut_off);
    return picture;
}

cv::Mat decode_picture(const PictureBytes& picture, int flags) {
    const cv::Mat file(1, static_cast<int>(picture.bytes.size()), CV_8U,
                       const_cast<char*>(picture.bytes.data()));
    cv::Mat pixels;
    try {
        pixels = cv::imdecode(file, flags);
    } catch (const cv::Exception&) {
    }
    if (pixels.empty()) throw Unusable(picture.path, no_picture);
    return pixels;
}

}  // namespace modescope
