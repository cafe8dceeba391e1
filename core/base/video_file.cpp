#include "core/base/video_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "core/base/error.h"

namespace modescope {

namespace fs = std::filesystem;

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
    std::error_code error;
    // A full disk shows only here.
    if (fs::file_size(parts_->draft, error) > 0 && !error) fs::rename(parts_->draft, parts_->path, error);
    if (error)
        throw Error(fmt::format("Cannot write {}: {}. Choose another folder.", parts_->path.string(),
                                error.message()));
}

}  // namespace modescope
