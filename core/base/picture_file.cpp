#include "core/base/picture_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
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

constexpr std::int64_t most_pixels = 100'000'000;

/// Numbers in a file; 0 where it has ended.
class Numbers {
public:
    Numbers(std::string_view bytes, bool little_endian) : bytes_(bytes), little_endian_(little_endian) {}

    std::int64_t at(std::uint64_t place, int length) const {
        if (place + length > bytes_.size()) return 0;
        std::int64_t value = 0;
        for (int i = 0; i < length; ++i)
            value = value << 8 |
                    static_cast<unsigned char>(bytes_[place + (little_endian_ ? length - 1 - i : i)]);
        return value;
    }

private:
    std::string_view bytes_;
    bool little_endian_;
};

/// Walks the chunks, whose checksums decoders only print complaints about.
PictureOutline png_outline(std::string_view bytes) {
    constexpr std::size_t signature = 8, around = 12;  // a chunk's length and type before, checksum behind
    const Numbers file(bytes, false);
    PictureOutline found{PictureFormat::png, file.at(16, 4), file.at(20, 4), false};
    for (std::size_t at = signature; at + around <= bytes.size();) {
        const auto length = static_cast<std::size_t>(file.at(at, 4));
        if (length > bytes.size() - at - around) break;
        if (png_checksum(bytes.substr(at + 4, length + 4)) != file.at(at + 8 + length, 4)) break;
        found.complete = bytes.substr(at + 4, 4) == "IEND";
        if (found.complete) break;
        at += around + length;
    }
    return found;
}

/// Walks the markers (ITU-T T.81, annex B).
PictureOutline jpeg_outline(std::string_view bytes) {
    const Numbers file(bytes, false);
    PictureOutline found{PictureFormat::jpeg, 0, 0, false};
    for (auto at = bytes.find('\xff', 2); at != bytes.npos && at + 2 <= bytes.size();
         at = bytes.find('\xff', at)) {
        const auto marker = file.at(at + 1, 1);
        const bool frame =
            marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        const bool lone = marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8) || marker == 0xFF;
        if (marker == 0xD9) found.complete = true;
        if (marker == 0xD9 || (!lone && at + 4 > bytes.size())) break;
        // Decoders make room for the first frame, whatever follows.
        if (frame && found.width == 0) {
            found.height = file.at(at + 5, 2);
            found.width = file.at(at + 7, 2);
        }
        at += marker == 0xFF ? 1 : lone ? 2 : 2 + static_cast<std::size_t>(file.at(at + 2, 2));
    }
    return found;
}

/// The bitmap header of OS/2 has shorter numbers. A negative height says that the first row is the top one.
PictureOutline bmp_outline(std::string_view bytes) {
    constexpr int os2_header = 12;
    const Numbers file(bytes, true);
    if (file.at(14, 4) == os2_header) return {PictureFormat::bmp, file.at(18, 2), file.at(20, 2)};
    const auto height = static_cast<std::int32_t>(file.at(22, 4));
    return {PictureFormat::bmp, file.at(18, 4), std::abs(std::int64_t{height})};
}

/// Lossy, lossless and extended files (RFC 9649).
PictureOutline webp_outline(std::string_view bytes) {
    const Numbers file(bytes, true);
    const auto chunk = bytes.substr(std::min<std::size_t>(12, bytes.size()), 4);
    const auto of = [](std::int64_t width, std::int64_t height) {
        return PictureOutline{PictureFormat::webp, width, height};
    };
    if (chunk == "VP8X") return of(file.at(24, 3) + 1, file.at(27, 3) + 1);
    if (chunk == "VP8L") return of((file.at(21, 4) & 0x3FFF) + 1, (file.at(21, 4) >> 14 & 0x3FFF) + 1);
    return of(file.at(26, 2) & 0x3FFF, file.at(28, 2) & 0x3FFF);
}

/// The first directory (TIFF 6.0, section 2).
PictureOutline tiff_outline(std::string_view bytes) {
    constexpr int width_tag = 256, height_tag = 257, entry_bytes = 12, short_type = 3;
    const Numbers file(bytes, bytes.starts_with('I'));
    PictureOutline found{PictureFormat::tiff};
    const auto directory = static_cast<std::uint64_t>(file.at(4, 4));
    for (std::int64_t i = 0; i < file.at(directory, 2); ++i) {
        const auto entry = directory + 2 + static_cast<std::uint64_t>(i * entry_bytes);
        const auto value = file.at(entry + 8, file.at(entry + 2, 2) == short_type ? 2 : 4);
        if (file.at(entry, 2) == width_tag) found.width = value;
        if (file.at(entry, 2) == height_tag) found.height = value;
    }
    return found;
}

/// Throws cv::Exception where OpenCV has no format of that suffix.
std::string encoded(const Image& image, const std::string& suffix) {
    cv::Mat bgr;
    if (image.channels == 3)
        cv::cvtColor(as_mat(image), bgr, cv::COLOR_RGB2BGR);
    else
        bgr = as_mat(image);
    std::vector<std::uint8_t> bytes;
    cv::imencode(suffix, bgr, bytes);
    return {bytes.begin(), bytes.end()};
}

std::string problem_of(const PictureOutline& outline) {
    if (!can_decode(outline))
        return fmt::format("is not a picture that can be read; use PNG or JPEG of at most {} megapixels.",
                           most_pixels / 1'000'000);
    return outline.complete ? "" : "is damaged or cut off; copy or download it again.";
}

}  // namespace

std::uint32_t png_checksum(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
            auto value = byte;
            for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0);
            table[byte] = value;
        }
        return table;
    }();
    std::uint32_t value = ~0u;
    for (const char byte : bytes)
        value = table[(value ^ static_cast<unsigned char>(byte)) & 0xFF] ^ value >> 8;
    return ~value;
}

PictureOutline outline_of(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xff\xd8\xff")) return jpeg_outline(bytes);
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return png_outline(bytes);
    if (bytes.starts_with("BM")) return bmp_outline(bytes);
    if (bytes.starts_with("RIFF") && bytes.find("WEBP") == 8) return webp_outline(bytes);
    if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) return tiff_outline(bytes);
    return {};
}

bool can_decode(const PictureOutline& outline) {
    return outline.format != PictureFormat::none && outline.width > 0 && outline.height > 0 &&
           outline.width <= most_pixels / outline.height;
}

void write_image(const std::string& path, const Image& image) {
    std::string bytes;
    try {
        bytes = encoded(image, std::filesystem::path(path).extension().string());
    } catch (const cv::Exception&) {
        throw Error(fmt::format("Cannot write {}: use a name that ends in .png or .jpg.", path));
    }
    write_file(path, bytes);
}

std::string png_of(const Image& image) { return encoded(image, ".png"); }

Image read_image(const std::string& path) {
    const auto bytes = read_file(path);
    if (const auto problem = problem_of(outline_of(bytes)); !problem.empty())
        throw Error(fmt::format("{} {}", path, problem));
    cv::Mat bgr;
    try {
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
    Image sheet(columns * (width + gap) - gap, rows * (height + gap) - gap, pictures.front().channels, 255);
    for (int i = 0; i < static_cast<int>(pictures.size()); ++i) {
        const cv::Rect place((i % columns) * (width + gap), (i / columns) * (height + gap), width, height);
        cv::resize(as_mat(pictures[i]), as_mat(sheet)(place), place.size(), 0, 0, cv::INTER_NEAREST);
    }
    return sheet;
}

}  // namespace modescope
