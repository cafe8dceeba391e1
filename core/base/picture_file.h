#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// Writes a picture of 1 or 3 channels in the format of the path's suffix (.png, .jpg), atomically. Throws
/// Error.
void write_image(const std::string& path, const Image& image);
/// The bytes of a PNG of 1 or 3 channels.
std::string png_of(const Image& image);
/// A picture that can_decode(), as 8-bit RGB. Throws Error naming the path, also if the end is missing.
Image read_image(const std::string& path);

enum class PictureFormat { none, bmp, jpeg, png, tiff, webp };

/// What a picture file says of itself; nothing is decoded.
struct PictureOutline {
    PictureFormat format = PictureFormat::none;
    std::int64_t width = 0, height = 0;  ///< 0 where it says nothing
    bool complete = true;  ///< JPEG and PNG: has its end, PNG without damage; decoders fill in grey
};
PictureOutline outline_of(std::string_view bytes);
/// A known format, and no more pixels than fit into the memory that a small file may take.
bool can_decode(const PictureOutline& outline);

/// Pictures of one size and kind side by side, `columns` a row, enlarged `scale` times without smoothing,
/// `gap` pixels apart on white.
Image contact_sheet(const std::vector<Image>& pictures, int columns, int scale = 1, int gap = 2);

/// CRC-32 of the bytes (PNG specification, annex D).
std::uint32_t png_checksum(std::string_view bytes);

}  // namespace modescope
