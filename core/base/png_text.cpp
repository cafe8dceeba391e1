#include "core/base/png_text.h"

#include <algorithm>
#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "core/base/file.h"
#include "core/base/picture_file.h"

namespace modescope {
namespace {

// Signature and header (IHDR); texts may stand right behind.
constexpr std::size_t header_end = 8 + 25;

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
    const std::string body = type + data;
    return big_endian(static_cast<std::uint32_t>(data.size())) + body + big_endian(png_checksum(body));
}

/// tEXt is Latin-1 and known to the oldest readers; iTXt is UTF-8, here uncompressed and of no language.
std::string text_chunk(const std::string& keyword, const std::string& text) {
    using namespace std::string_literals;
    const bool plain = std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
    return plain ? chunk("tEXt", keyword + "\0"s + text) : chunk("iTXt", keyword + "\0\0\0\0\0"s + text);
}

}  // namespace

void write_png(const std::string& path, const Image& image, const PictureText& text) {
    const cv::Mat pixels(image.height, image.width, CV_8UC(image.channels),
                         const_cast<std::uint8_t*>(image.data.data()));
    cv::Mat bgr = pixels;
    if (image.channels == 3) cv::cvtColor(pixels, bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> encoded;
    cv::imencode(".png", bgr, encoded);
    std::string bytes(encoded.begin(), encoded.end()), chunks;
    for (const auto& [keyword, value] : text) chunks += text_chunk(keyword, value);
    write_file(path, bytes.insert(header_end, chunks));
}

}  // namespace modescope
