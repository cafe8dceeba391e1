#include "core/worlds/toy_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/number.h"
#include "core/base/text.h"

namespace modescope {
namespace {

constexpr std::string_view prefix = "points:";
constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// First line of a file that is to be read as it is.
constexpr std::string_view as_drawn = "# toy: x from -1 to 1, y from -1.25 to 1.25";
constexpr double levels = 4095, x_reach = 1, y_reach = 1.25;

int packed(double value, double reach) {
    return static_cast<int>(std::lround((std::clamp(value, -reach, reach) + reach) / (2 * reach) * levels));
}

double unpacked(std::size_t level, double reach) {
    return static_cast<double>(level) / levels * 2 * reach - reach;
}

/// 12 bits.
std::size_t level_of(std::string_view two_digits) {
    const auto high = digits.find(two_digits[0]), low = digits.find(two_digits[1]);
    if (high == std::string_view::npos || low == std::string_view::npos)
        throw Error("data.toy: the points are damaged; copy the whole text.");
    return high * 64 + low;
}

/// `whose`: "FILE has".
void check_count(const std::string& whose, std::size_t count) {
    if (count < least_toy_points)
        throw Error(fmt::format("{} {} point{}, but the toy needs at least {}: add some.", whose, count,
                                count == 1 ? "" : "s", least_toy_points));
    if (count > most_toy_points)
        throw Error(fmt::format("{} {} points, but the toy takes at most {}: keep one line of {}.", whose,
                                count, most_toy_points, (count + most_toy_points - 1) / most_toy_points));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\"";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

using Cells = std::array<std::string_view, 2>;

/// A decimal comma is possible only where the columns are apart by something else.
char separator_of(std::string_view line) {
    for (const char c : {';', '\t', ','})
        if (line.find(c) != std::string_view::npos) return c;
    return ' ';
}

std::optional<Cells> cells_of(std::string_view line, char separator) {
    const auto first = line.find(separator);
    if (first == std::string_view::npos) return {};
    auto rest = line.substr(first + 1);
    return Cells{trimmed(line.substr(0, first)), trimmed(rest.substr(0, rest.find(separator)))};
}

std::optional<double> number_in(std::string_view cell, char separator) {
    std::string text(cell);
    if (separator != ',') std::ranges::replace(text, ',', '.');
    if (text.starts_with('+')) text.erase(0, 1);
    const auto value = parse_number(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<ToyPoint> point_in(std::string_view line) {
    const char separator = separator_of(line);
    const auto cells = cells_of(line, separator);
    if (!cells) return {};
    const auto x = number_in((*cells)[0], separator), y = number_in((*cells)[1], separator);
    if (!x || !y) return {};
    return ToyPoint{*x, *y};
}

/// Words rather than numbers, of which "nan" is one: neither column begins as one.
bool is_heading(std::string_view line) {
    const auto cells = cells_of(line, separator_of(line));
    return cells && std::ranges::all_of(*cells, [](std::string_view cell) {
               return !cell.empty() && cell.find_first_of("0123456789+-.") != 0 &&
                      !parse_number(std::string(cell));
           });
}

/// No table of that many points is larger, and reading one to the end only to refuse it takes long.
void check_size(const std::string& path) {
    constexpr std::uintmax_t most_megabytes = 64;
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(path, unknown);
    if (!unknown && bytes >> 20 >= most_megabytes)
        throw Error(fmt::format("{} has {} MB, but the toy takes at most {} points: keep fewer lines.", path,
                                bytes >> 20, most_toy_points));
}

/// Lines of x,y; words are allowed in the first one only.
std::vector<ToyPoint> points_in(std::string_view text, const std::string& path) {
    std::vector<ToyPoint> points;
    bool begun = false;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;
        const auto point = point_in(line);
        if (point) points.push_back(*point);
        if (!point && (begun || !is_heading(line)))
            throw Error(
                fmt::format("{}, line {}: \"{}\" is not two numbers such as 0.5,-0.25; mend or delete "
                            "the line.",
                            path, number, shown(line)));
        begun = true;
    }
    return points;
}

void scale(std::vector<ToyPoint>& points, double ToyPoint::*column) {
    const auto [low, high] = std::ranges::minmax(points, {}, column);
    const double least = low.*column, half = (high.*column) / 2 - least / 2;
    for (auto& point : points) point.*column = half > 0 ? (point.*column / 2 - least / 2) / half * 2 - 1 : 0;
}

}  // namespace

std::string to_text(std::span<const ToyPoint> points) {
    std::string text(prefix);
    for (const auto& point : points)
        for (const int level : {packed(point.x, x_reach), packed(point.y, y_reach)}) {
            text += digits[static_cast<std::size_t>(level / 64)];
            text += digits[static_cast<std::size_t>(level % 64)];
        }
    return text;
}

bool is_points_text(std::string_view text) { return text.starts_with(prefix); }

std::vector<ToyPoint> points_from_text(std::string_view text) {
    text.remove_prefix(std::min(text.size(), prefix.size()));
    if (text.size() % 4 != 0) throw Error("data.toy: the points are cut off; copy the whole text.");
    check_count("data.toy has", text.size() / 4);
    std::vector<ToyPoint> points;
    for (; !text.empty(); text.remove_prefix(4))
        points.push_back({unpacked(level_of(text), x_reach), unpacked(level_of(text.substr(2)), y_reach)});
    return points;
}

std::vector<ToyPoint> read_points(const std::string& path) {
    check_size(path);
    const auto text = read_text_file(path);
    auto points = points_in(text, path);
    check_count(path + " has", points.size());
    if (!text.starts_with(as_drawn)) {
        scale(points, &ToyPoint::x);
        scale(points, &ToyPoint::y);
    }
    return points_from_text(to_text(points));
}

void write_points(const std::string& path, std::span<const ToyPoint> points) {
    auto text = std::string(as_drawn) + "\nx,y\n";
    for (const auto& point : points) text += fmt::format("{:.4f},{:.4f}\n", point.x, point.y);
    write_file(path, text);
}

}  // namespace modescope
