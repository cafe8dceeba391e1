#include "core/base/video_file.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <string>

#include "core/base/error.h"

namespace modescope {

namespace fs = std::filesystem;

namespace {

std::uint64_t big_endian(const std::string& bytes, std::size_t first, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = first; i < first + count; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// Whether its boxes end where the file does, and one of them says where the frames are (ISO 14496-12, 4.2).
bool is_whole_mp4(const fs::path& path) {
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    if (error) return false;
    std::ifstream file(path, std::ios::binary);
    bool has_index = false;
    std::uint64_t at = 0;
    for (std::string head(16, '\0'); at < size;) {
        file.seekg(static_cast<std::streamoff>(at));
        if (!file.read(head.data(), 8)) return false;
        auto length = big_endian(head, 0, 4);
        if (length == 1 && file.read(head.data() + 8, 8)) length = big_endian(head, 8, 8);
        if (length < 8) return false;
        has_index |= head.substr(4, 4) == "moov";
        at += length;
    }
    return at == size && has_index;
}

}  // namespace

struct VideoFile::Parts {
    fs::path path, draft;
    cv::VideoWriter writer;
};

VideoFile::VideoFile(const std::string& path, int width, int height, double frames_per_second)
    : parts_(std::make_unique<Parts>()) {
    parts_->path = path;
    // FFmpeg takes the container from the suffix.
    parts_->draft =
        fs::path(path).replace_filename(fmt::format(".{}.part.mp4", fs::path(path).filename().string()));
    parts_->writer.open(parts_->draft.string(), cv::VideoWriter::fourcc('m', 'p', '4', 'v'),
                        frames_per_second, {width, height});
    if (!parts_->writer.isOpened())
        throw Error(
            fmt::format("Cannot write {}: choose a folder that can be written, and an OpenCV that "
                        "encodes MP4.",
                        path));
}

VideoFile::~VideoFile() {
    parts_->writer.release();
    std::error_code ignored;
    fs::remove(parts_->draft, ignored);
}

void VideoFile::add(const Image& frame) {
    const cv::Mat rgb(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.data.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    parts_->writer.write(bgr);
}

void VideoFile::finish() {
    parts_->writer.release();
    // What the disk had no room for is told by nobody.
    if (!is_whole_mp4(parts_->draft))
        throw Error(fmt::format("Cannot write {}: the disk took only a part of it. Free some space.",
                                parts_->path.string()));
    std::error_code error;
    fs::rename(parts_->draft, parts_->path, error);
    if (error)
        throw Error(fmt::format("Cannot write {}: {}. Choose another folder.", parts_->path.string(),
                                error.message()));
}

}  // namespace modescope
