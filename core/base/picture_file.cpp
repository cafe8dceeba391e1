#include "core/base/picture_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace modescope {
namespace {

cv::Mat as_mat(const Image& image) {
    return {image.height, image.width, CV_8UC(image.channels), const_cast<std::uint8_t*>(image.data.data())};
}

}  // namespace

void write_image(const std::string& path, const Image& image) {
    cv::Mat bgr;
    cv::cvtColor(as_mat(image), bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> bytes;
    const auto suffix = std::filesystem::path(path).extension().string();
    try {
        cv::imencode(suffix, bgr, bytes);
    } catch (const cv::Exception&) {
        throw Error(fmt::format("Cannot write {}: use a name that ends in .png or .jpg.", path));
    }
    write_file(path, std::string(bytes.begin(), bytes.end()));
}

Image read_image(const std::string& path) {
    const auto bytes = read_file(path);
    cv::Mat bgr;
    try {
        if (!bytes.empty())
            bgr = cv::imdecode(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), cv::IMREAD_COLOR);
    } catch (const cv::Exception&) {
    }
    if (bgr.empty()) throw Error(fmt::format("{} is not a picture that can be read; use PNG or JPEG.", path));
    Image image(bgr.cols, bgr.rows, 3);
    cv::cvtColor(bgr, as_mat(image), cv::COLOR_BGR2RGB);
    return image;
}

Image contact_sheet(const std::vector<Image>& pictures, int columns, int scale, int gap) {
    if (pictures.empty()) return {};
    const int width = pictures.front().width * scale, height = pictures.front().height * scale;
    const int rows = (static_cast<int>(pictures.size()) + columns - 1) / columns;
    Image sheet(columns * (width + gap) - gap, rows * (height + gap) - gap, 3, 255);
    for (int i = 0; i < static_cast<int>(pictures.size()); ++i) {
        const cv::Rect place((i % columns) * (width + gap), (i / columns) * (height + gap), width, height);
        cv::resize(as_mat(pictures[i]), as_mat(sheet)(place), place.size(), 0, 0, cv::INTER_NEAREST);
    }
    return sheet;
}

}  // namespace modescope
