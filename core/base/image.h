#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace modescope {

using Rgb = std::array<std::uint8_t, 3>;

/// A picture's values, row by row from the top left, channels interleaved.
template <class T>
struct Raster {
    int width = 0;
    int height = 0;
    int channels = 0;
    std::vector<T> data;

    Raster() = default;
    Raster(int width, int height, int channels, T value = T{})
        : width(width),
          height(height),
          channels(channels),
          data(static_cast<std::size_t>(width) * height * channels, value) {}

    bool empty() const { return data.empty(); }
    T& at(int x, int y, int c = 0) { return data[index(x, y, c)]; }
    const T& at(int x, int y, int c = 0) const { return data[index(x, y, c)]; }
    bool operator==(const Raster&) const = default;

private:
    std::size_t index(int x, int y, int c) const {
        return (static_cast<std::size_t>(y) * width + x) * channels + c;
    }
};

/// 8-bit sRGB, 3 channels in the order red, green, blue.
using Image = Raster<std::uint8_t>;

/// The same scale as Image divided by 255; 3 channels.
using FloatImage = Raster<float>;

/// One class index a pixel (an index into the world's classes); 1 channel.
struct LabelMap : Raster<std::uint8_t> {
    LabelMap() = default;
    LabelMap(int width, int height, std::uint8_t label = 0) : Raster(width, height, 1, label) {}
};

}  // namespace modescope
