#pragma once

#include <memory>
#include <string>

#include "core/base/image.h"

namespace modescope {

/// An MP4 of pictures of one size. It is written beside `path` and takes that name only in finish(); without
/// that nothing is left of it.
class VideoFile {
public:
    /// Width and height are even. Throws Error naming the path if it cannot be written or the system's OpenCV
    /// has no encoder for MP4.
    VideoFile(const std::string& path, int width, int height, double frames_per_second);
    ~VideoFile();
    VideoFile(const VideoFile&) = delete;
    VideoFile& operator=(const VideoFile&) = delete;

    void add(const Image& frame);
    /// Throws Error naming the path.
    void finish();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace modescope
