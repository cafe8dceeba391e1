#include "core/tasks/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/error.h"
#include "core/base/text.h"

namespace modescope {
namespace {

constexpr std::size_t most_classes = 256;  // a label map has a byte a pixel
constexpr const char* blanks = " \t\r\n";

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string hex(const Rgb& colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

std::optional<Rgb> parse_colour(const std::string& text) {
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    if (text.size() != 7 || text[0] != '#') return {};
    const auto [stop, error] = std::from_chars(text.data() + 1, end, value, 16);
    if (error != std::errc() || stop != end) return {};
    return Rgb{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
               static_cast<std::uint8_t>(value)};
}

/// Lower case with underscores. Bytes beyond ASCII stay, so that names in other scripts stay apart.
std::string id_of(const std::string& name) {
    std::string id;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z', kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (upper || kept || (c & 0x80))
            id += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!id.empty() && id.back() != '_')
            id += '_';
    }
    return id.ends_with('_') ? id.substr(0, id.size() - 1) : id;
}

LabelClass parse_class(const std::string& entry) {
    const auto space = entry.find_last_of(blanks);
    const auto name = space == std::string::npos ? "" : trimmed(entry.substr(0, space));
    const auto colour = parse_colour(entry.substr(space + 1));
    if (id_of(name).empty() || !colour || !is_utf8(name))
        throw Error(
            fmt::format("\"{}\" is no class; write its name and its colour, such as Sky #4682b4, and "
                        "a comma between classes.",
                        shown(entry)));
    return {id_of(name), name, *colour};
}

void add(Palette& palette, LabelClass added) {
    if (palette.size() == most_classes)
        throw Error(fmt::format("\"{}\" is one class too many; a label map has at most {}.",
                                shown(added.name), most_classes));
    if (const auto same = std::ranges::find(palette, added.id, &LabelClass::id); same != palette.end())
        throw Error(fmt::format("The classes \"{}\" and \"{}\" have the same name; rename one of them.",
                                shown(same->name), shown(added.name)));
    palette.push_back(std::move(added));
}

}  // namespace

std::string to_text(const Palette& palette) {
    std::vector<std::string> entries;
    for (const auto& [id, name, colour] : palette) {
        if (name.find(',') != std::string::npos || id_of(name).empty())
            throw Error(fmt::format("\"{}\" cannot be the name of a class; leave out commas.", shown(name)));
        entries.push_back(name + " " + hex(colour));
    }
    return fmt::format("{}", fmt::join(entries, ", "));
}

Palette parse_palette(const std::string& text) {
    Palette palette;
    if (trimmed(text).empty()) return palette;
    for (std::size_t start = 0; start <= text.size();) {
        const auto comma = std::min(text.find(',', start), text.size());
        add(palette, parse_class(trimmed(text.substr(start, comma - start))));
        start = comma + 1;
    }
    return palette;
}

Image colour_labels(const Palette& palette, const LabelMap& labels) {
    Image picture(labels.width, labels.height, 3);
    for (std::size_t pixel = 0; pixel < labels.data.size(); ++pixel)
        std::ranges::copy(palette[labels.data[pixel]].colour, picture.data.begin() + 3 * pixel);
    return picture;
}

LabelMap labels_from_colours(const Palette& palette, const Image& picture) {
    LabelMap labels(picture.width, picture.height);
    auto found = palette.end();  // neighbours are mostly of one class
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            const Rgb colour{picture.at(x, y, 0), picture.at(x, y, 1), picture.at(x, y, 2)};
            if (found == palette.end() || found->colour != colour)
                found = std::ranges::find(palette, colour, &LabelClass::colour);
            if (found == palette.end())
                throw Error(
                    fmt::format("The colour {} at x {}, y {} belongs to no class; use the classes' own "
                                "colours without smoothing.",
                                hex(colour), x, y));
            labels.at(x, y) = static_cast<std::uint8_t>(found - palette.begin());
        }
    return labels;
}

const Palette& cityscapes_palette() {
    static const auto palette = parse_palette(
        "Road #804080, Sidewalk #f423e8, Building #464646, Wall #66669c, Fence #be9999, Pole #999999, "
        "Traffic light #faaa1e, Traffic sign #dcdc00, Vegetation #6b8e23, Terrain #98fb98, Sky #4682b4, "
        "Person #dc143c, Rider #ff0000, Car #00008e, Truck #000046, Bus #003c64, Train #005064, "
        "Motorcycle #0000e6, Bicycle #770b20, Unlabelled #000000");
    return palette;
}

const Palette& camvid_palette() {
    static const auto palette = parse_palette(
        "Sky #808080, Building #800000, Pole #c0c080, Road #804080, Pavement #0000c0, Tree #808000, "
        "Sign #c08080, Fence #404080, Car #400080, Pedestrian #404000, Bicyclist #0080c0, "
        "Unlabelled #000000");
    return palette;
}

}  // namespace modescope
