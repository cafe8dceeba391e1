#include "core/folders/label_coding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/number.h"
#include "core/folders/decode.h"

namespace modescope::folders {
namespace {

constexpr LabelValue colour_mark = 1u << 24;
constexpr int void_id = 255;
constexpr std::size_t most_classes = 256;
constexpr std::size_t searched_maps = 100;

LabelValue value_of(const Rgb& colour) {
    return colour_mark | LabelValue{colour[0]} << 16 | LabelValue{colour[1]} << 8 | colour[2];
}

Rgb colour_of(LabelValue value) {
    return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
            static_cast<std::uint8_t>(value)};
}

std::string text_of(LabelValue value) {
    return value < colour_mark ? fmt::format("class id {}", value)
                               : fmt::format("colour #{:06x}", value - colour_mark);
}

/// Calls `visit(x, y, value)` for each pixel, row by row.
template <class Visit>
void for_each_value(const cv::Mat& values, Visit visit) {
    for (int y = 0; y < values.rows; ++y)
        for (int x = 0; x < values.cols; ++x) {
            const auto* pixel = values.ptr(y, x);
            visit(x, y, values.channels() == 1 ? *pixel : value_of({pixel[0], pixel[1], pixel[2]}));
        }
}

/// Neighbours mostly have the same value, so a look-up is only made where it changes.
std::map<LabelValue, std::int64_t> count_values(const cv::Mat& values) {
    std::map<LabelValue, std::int64_t> pixels;
    auto last = pixels.end();
    for_each_value(values, [&](int, int, LabelValue value) {
        if (last == pixels.end() || last->first != value) last = pixels.try_emplace(value, 0).first;
        ++last->second;
    });
    return pixels;
}

/// Cityscapes' ids of its training classes, in their order.
constexpr std::array<int, 19> cityscapes_ids{7,  8,  11, 12, 13, 17, 19, 20, 21, 22,
                                             23, 24, 25, 26, 27, 28, 31, 32, 33};

int index_of(const Palette& palette, const std::string& id) {
    const auto found = std::ranges::find(palette, id, &LabelClass::id);
    return found == palette.end() ? -1 : static_cast<int>(found - palette.begin());
}

std::array<int, 256> cityscapes_classes() {
    std::array<int, 256> classes;
    classes.fill(-1);
    std::fill_n(classes.begin(), cityscapes_ids.back() + 1, static_cast<int>(cityscapes_ids.size()));
    for (std::size_t i = 0; i < cityscapes_ids.size(); ++i) classes[cityscapes_ids[i]] = static_cast<int>(i);
    return classes;
}

std::array<int, 256> numbered_classes(const Palette& palette) {
    std::array<int, 256> classes;
    classes.fill(-1);
    for (std::size_t i = 0; i < palette.size(); ++i) classes[i] = static_cast<int>(i);
    return classes;
}

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

/// "name r g b" as "name #rrggbb"; other lines stay, for parse_palette to judge.
std::string with_hex(const std::string& line) {
    std::istringstream stream(line);
    const std::vector<std::string> words(std::istream_iterator<std::string>(stream), {});
    if (words.size() < 4) return line;
    const auto numbers = words.end() - 3;
    std::string hex = "#";
    for (auto word = numbers; word != words.end(); ++word) {
        const auto value = parse_number(*word);
        if (!value || *value < 0 || *value > 255 || *value != std::floor(*value)) return line;
        hex += fmt::format("{:02x}", static_cast<int>(*value));
    }
    return fmt::format("{} {}", fmt::join(words.begin(), numbers, " "), hex);
}

Palette read_classes(const std::string& path) {
    std::vector<std::string> entries;
    std::istringstream lines(read_file(path));
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

FoundValues find_values(const Listing& listing) {
    FoundValues found;
    std::string problem = "there is none in its training data.";
    const auto& entries = listing.splits[Train];
    const auto count = std::min(entries.size(), searched_maps);
    const auto search = [&](const std::string& path) {
        try {
            found.add(path, read_label_values(path, listing.label_channels));
        } catch (const Unusable& unusable) {
            problem = unusable.what();
        }
    };
    for (std::size_t i = 0; i < count; ++i) search(entries[entries.size() * i / count].labels);
    if (found.empty())
        throw Error(fmt::format("{} has no label map that can be used: {}", listing.folder, problem));
    return found;
}

}  // namespace

LabelCoding::LabelCoding(Palette palette, FolderLayout layout) : palette_(std::move(palette)) {
    const bool cityscapes = layout == FolderLayout::cityscapes;
    if (cityscapes && palette_.size() != cityscapes_palette().size())
        throw Error(fmt::format("data.classes names {} classes, but Cityscapes has {}; leave it empty.",
                                palette_.size(), cityscapes_palette().size()));
    if (!cityscapes) remedy_ = "; mend it or list the class in classes.txt";
    class_of_id_ = cityscapes ? cityscapes_classes() : numbered_classes(palette_);
    if (class_of_id_[void_id] < 0) class_of_id_[void_id] = index_of(palette_, "unlabelled");
    for (std::size_t i = 0; i < palette_.size(); ++i)
        class_of_colour_.try_emplace(value_of(palette_[i].colour), static_cast<int>(i));
}

int LabelCoding::class_of(LabelValue value) const {
    if (value < colour_mark) return class_of_id_[value];
    const auto found = class_of_colour_.find(value);
    return found == class_of_colour_.end() ? -1 : found->second;
}

cv::Mat1b LabelCoding::classes(const std::string& path, const cv::Mat& values) const {
    cv::Mat1b classes(values.size());
    LabelValue last = ~0u;
    int index = -1;
    for_each_value(values, [&](int x, int y, LabelValue value) {
        if (value != last) index = class_of(last = value);
        if (index < 0)
            throw Unusable(path, fmt::format("holds the {} at x {}, y {}, which is none of the {} classes{}.",
                                             text_of(value), x, y, palette_.size(), remedy_));
        classes(y, x) = static_cast<std::uint8_t>(index);
    });
    return classes;
}

void FoundValues::add(const std::string& path, const cv::Mat& values) {
    auto pixels = count_values(values);
    for (const auto& [value, count] : pixels_) pixels[value] += count;
    if (pixels.size() > most_classes)
        throw Unusable(path, fmt::format("brings the colours of the label maps to {}, but there can be {}; "
                                         "save label maps without smoothing.",
                                         pixels.size(), most_classes));
    pixels_ = std::move(pixels);
}

Palette FoundValues::palette(bool camvid) const {
    if (pixels_.begin()->first >= colour_mark) {
        std::vector<std::string> entries;
        for (const auto& [value, count] : pixels_)
            entries.push_back(entry(fmt::format("Colour #{:06x}", value - colour_mark), colour_of(value)));
        return parse_palette(fmt::format("{}", fmt::join(entries, ", ")));
    }
    const bool unlabelled = pixels_.contains(void_id);
    const auto above = pixels_.lower_bound(void_id);
    const int count = above == pixels_.begin() ? 0 : static_cast<int>(std::prev(above)->first) + 1;
    const int all = static_cast<int>(camvid_palette().size());
    return camvid && (count == all || count == all - 1) ? camvid_palette()
                                                        : numbered_palette(count, unlabelled);
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
    const auto path = listing.folder + "/classes.txt";
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? std::optional(read_classes(path)) : std::nullopt;
}

Palette palette_of(const Listing& listing) {
    if (const auto stated = stated_palette(listing)) return *stated;
    return find_values(listing).palette(listing.camvid);
}

bool has_labels(FolderLayout layout) {
    return layout == FolderLayout::labels || layout == FolderLayout::cityscapes;
}

}  // namespace modescope::folders
