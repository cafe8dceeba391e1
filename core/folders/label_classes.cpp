#include "core/folders/label_classes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <future>
#include <iterator>
#include <span>
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/base/number.h"

namespace modescope::folders {
namespace {

constexpr std::size_t most_classes = 256;
constexpr int maps_per_stray = 20;  // one map in so many may hold an id that the others do not know

/// Colours that are told apart easily: hues a golden section apart, in nine steps of strength and light.
Rgb distinct_colour(int index) {
    constexpr double golden = 0.6180339887498949;
    constexpr std::array<double, 3> strengths{0.85, 0.5, 0.65}, lights{0.95, 0.7, 0.5};
    const double hue = 6 * std::fmod(index * golden, 1), strength = strengths[index % 3],
                 light = lights[index / 3 % 3];
    Rgb colour;
    for (const int channel : {0, 1, 2}) {  // the usual way from HSV: 5, 3 and 1 are the channels' phases
        const double phase = std::fmod(5 - 2 * channel + hue, 6);
        const double level = light * (1 - strength * std::clamp(std::min(phase, 4 - phase), 0.0, 1.0));
        colour[channel] = static_cast<std::uint8_t>(std::lround(255 * level));
    }
    return colour;
}

std::string entry(const std::string& name, const Rgb& colour) {
    return fmt::format("{} #{:02x}{:02x}{:02x}", name, colour[0], colour[1], colour[2]);
}

Palette numbered_palette(int count, bool unlabelled) {
    std::vector<std::string> entries;
    for (int i = 0; i < count; ++i) entries.push_back(entry(fmt::format("Class {}", i), distinct_colour(i)));
    if (unlabelled) entries.push_back("Unlabelled #000000");
    return parse_palette(fmt::format("{}", fmt::join(entries, ", ")));
}

/// Below that of pixels without a label; −1 if there is none.
int highest_id(const ValueCounts& counts) {
    const auto above = counts.lower_bound(void_id);
    return above == counts.begin() ? -1 : static_cast<int>(std::prev(above)->first);
}

/// Three numbers of 0 … 255 as #rrggbb.
std::optional<std::string> hex_of(std::span<const std::string> numbers) {
    std::string hex = "#";
    for (const auto& number : numbers) {
        const auto value = parse_number(number);
        if (!value || *value < 0 || *value > 255 || *value != std::floor(*value)) return {};
        hex += fmt::format("{:02x}", static_cast<int>(*value));
    }
    return hex;
}

/// "name r g b", or as in CamVid's own file "r g b name", as "name #rrggbb"; other lines stay, for
/// parse_palette to judge.
std::string with_hex(const std::string& line) {
    std::istringstream stream(line);
    const std::vector<std::string> words(std::istream_iterator<std::string>(stream), {});
    if (words.size() < 4) return line;
    const std::span all(words);
    if (const auto hex = hex_of(all.last(3)))
        return fmt::format("{} {}", fmt::join(words.begin(), words.end() - 3, " "), *hex);
    if (const auto hex = hex_of(all.first(3)))
        return fmt::format("{} {}", fmt::join(words.begin() + 3, words.end(), " "), *hex);
    return line;
}

Palette read_classes(const std::string& path) {
    std::vector<std::string> entries;
    std::istringstream lines(read_text_file(path));
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find_first_not_of(" \t\r");
        if (first != line.npos && line[first] != '#') entries.push_back(with_hex(line));
    }
    if (entries.empty())
        throw Error(path + " lists no class; write a name and a colour a line, or remove it.");
    try {
        return parse_palette(fmt::format("{}", fmt::join(entries, ", ")));
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path, error.what()));
    }
}

/// In the order in which check_folder reads them.
std::vector<std::string> label_maps(const Listing& listing) {
    std::vector<std::string> paths;
    for (const auto& split : listing.splits)
        for (const auto& entry : split) paths.push_back(entry.labels);
    return paths;
}

/// Reads the maps at the same time, which is nearly all of the work.
std::vector<std::future<ValueCounts>> count_each(std::span<const std::string> paths, int channels) {
    std::vector<std::future<ValueCounts>> counts;
    for (const auto& path : paths)
        counts.push_back(std::async(std::launch::async, [&path, channels] {
            return count_values(read_label_values(path, channels));
        }));
    return counts;
}

FoundValues find_values(const Listing& listing) {
    const auto together = static_cast<std::size_t>(std::min(logical_cores(), 8));
    const auto paths = label_maps(listing);
    FoundValues found;
    std::string problem = "there is none.";
    for (std::size_t first = 0; first < paths.size(); first += together) {
        const auto some = std::span(paths).subspan(first, std::min(together, paths.size() - first));
        auto counts = count_each(some, listing.label_channels);
        for (std::size_t i = 0; i < some.size(); ++i) {
            try {
                found.add(some[i], counts[i].get());
            } catch (const Unusable& unusable) {
                problem = unusable.what();
            }
        }
    }
    if (found.empty())
        throw Error(fmt::format("{} has no label map that can be used: {}", listing.folder, problem));
    return found;
}

/// Empty if there is none.
std::string class_file_of(const std::string& folder) {
    std::error_code ignored;
    for (const char* name : {"/classes.txt", "/label_colors.txt"})  // the latter is CamVid's own
        if (std::filesystem::exists(folder + name, ignored)) return folder + name;
    return {};
}

}  // namespace

LabelCoding coding_of(Palette palette, FolderLayout layout) {
    if (layout != FolderLayout::cityscapes)
        return {std::move(palette), LabelIds::classes, "; mend it or list the class in classes.txt"};
    if (palette.size() != cityscapes_palette().size())
        throw Error(fmt::format("data.classes names {} classes, but Cityscapes has {}; leave it empty.",
                                palette.size(), cityscapes_palette().size()));
    return {std::move(palette), LabelIds::cityscapes, ""};
}

void FoundValues::add(const std::string& path, ValueCounts counts) {
    const auto highest = highest_id(counts);
    for (const auto& [value, count] : pixels_) counts[value] += count;
    if (counts.size() > most_classes)
        throw Unusable(path, fmt::format("brings the colours of the label maps to {}, but there can be {}; "
                                         "save label maps without smoothing.",
                                         counts.size(), most_classes));
    pixels_ = std::move(counts);
    ++maps_;
    if (highest >= std::ssize(camvid_palette())) return;
    ++camvid_maps_;
    highest_camvid_ = std::max(highest_camvid_, highest);
}

bool FoundValues::are_camvids() const {
    return highest_camvid_ + 2 >= std::ssize(camvid_palette()) &&
           maps_per_stray * (maps_ - camvid_maps_) <= maps_;
}

Palette FoundValues::palette(bool camvid) const {
    if (pixels_.begin()->first >= first_colour) {
        std::vector<std::string> entries;
        for (const auto& [value, count] : pixels_)
            entries.push_back(fmt::format("Colour #{0:06x} #{0:06x}", value - first_colour));
        return parse_palette(fmt::format("{}", fmt::join(entries, ", ")));
    }
    if (camvid && are_camvids()) return camvid_palette();
    return numbered_palette(highest_id(pixels_) + 1, pixels_.contains(void_id));
}

std::vector<double> FoundValues::shares(const LabelCoding& coding) const {
    std::vector<double> shares(coding.palette().size());
    double all = 0;
    for (const auto& [value, count] : pixels_) all += static_cast<double>(count);
    for (const auto& [value, count] : pixels_)
        shares[coding.class_of(value)] += static_cast<double>(count) / all;
    return shares;
}

std::optional<Palette> stated_palette(const Listing& listing) {
    if (listing.layout == FolderLayout::cityscapes) return cityscapes_palette();
    const auto path = class_file_of(listing.folder);
    return path.empty() ? std::nullopt : std::optional(read_classes(path));
}

Palette palette_of(const Listing& listing) {
    if (const auto stated = stated_palette(listing)) return *stated;
    return find_values(listing).palette(listing.camvid);
}

bool FoundValues::are_known_to(const LabelCoding& coding) const {
    return std::ranges::all_of(pixels_, [&](const auto& found) { return coding.class_of(found.first) >= 0; });
}

bool has_labels(FolderLayout layout) {
    return layout == FolderLayout::labels || layout == FolderLayout::cityscapes;
}

}  // namespace modescope::folders
