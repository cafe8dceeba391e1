#include "core/objective/configuration_colour.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace modescope {
namespace {

Rgb rgb(std::uint32_t code) {
    return {static_cast<std::uint8_t>(code >> 16), static_cast<std::uint8_t>(code >> 8),
            static_cast<std::uint8_t>(code)};
}

struct Codes {
    std::uint32_t on_dark, on_light;
};

const std::map<std::string, Codes>& table() {
    static const std::map<std::string, Codes> colours{
        {"gan", {0xa4a9b0, 0x6b7280}},      {"l2", {0xe69f00, 0xd18f00}},
        {"l1", {0xf0e442, 0xb3a400}},       {"gan+l2", {0xe0660a, 0xd55e00}},
        {"gan+l1", {0xcc79a7, 0xbb6595}},   {"gan+mr1", {0x56b4e9, 0x2f97d0}},
        {"gan+mr2", {0x2f80d0, 0x0072b2}},  {"gan+pmr1", {0x8fd3b6, 0x5fb892}},
        {"gan+pmr2", {0x10b083, 0x009e73}}, {"truth", {0xe4e7eb, 0x1c2127}},
    };
    return colours;
}

/// FNV-1a: the same on every platform.
std::uint32_t stable_hash(const std::string& text) {
    std::uint32_t hash = 2166136261u;
    for (const char byte : text) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 16777619u;
    return hash;
}

/// Hue in degrees; saturation and lightness of 0 … 1.
Rgb from_hsl(double hue, double saturation, double lightness) {
    const double reach = saturation * std::min(lightness, 1 - lightness);
    const auto channel = [&](double shift) {
        const double k = std::fmod(shift + hue / 30, 12);
        const double value = lightness - reach * std::max(-1.0, std::min({k - 3, 9 - k, 1.0}));
        return static_cast<std::uint8_t>(std::lround(255 * value));
    };
    return {channel(0), channel(8), channel(4)};
}

}  // namespace

ConfigurationColour colours_of_configuration(const std::string& id) {
    if (const auto row = table().find(id); row != table().end())
        return {rgb(row->second.on_dark), rgb(row->second.on_light)};
    constexpr double saturation = 130 / 255.0, light = 165 / 255.0, dark = 105 / 255.0;
    const double hue = stable_hash(id) % 360;
    return {from_hsl(hue, saturation, light), from_hsl(hue, saturation, dark)};
}

std::string hex(const Rgb& colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

}  // namespace modescope
