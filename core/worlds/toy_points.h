#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modescope {

/// One (x, y) of a user's own toy data, in the plane of ToyView: x in [−1, 1], y in [−1.25, 1.25].
struct ToyPoint {
    double x = 0, y = 0;
    bool operator==(const ToyPoint&) const = default;
};

/// So that a spec stays small and its command line can be typed into a shell.
inline constexpr std::size_t least_toy_points = 12, most_toy_points = 8000;

/// "points:" and four letters, digits, - or _ for each point: x and y in 12 bits each of the plane, 0.0005
/// and 0.0006 wide. Points that come from a text are exactly those that to_text() gives again. Specs keep the
/// points themselves rather than the path or a hash of a file, so that a run goes on exactly after the file
/// was changed, moved or left on another machine. Outside of the plane they are clipped.
std::string to_text(std::span<const ToyPoint> points);
bool is_points_text(std::string_view text);
/// Throws Error if the text is damaged or has too few or too many points.
std::vector<ToyPoint> points_from_text(std::string_view text);

/// The first two columns of a CSV file (comma, semicolon or tab; first line may be a heading; empty lines and
/// those that begin with # are skipped), moved and scaled, each column for itself, to [−1, 1]; those that
/// write_points() wrote stay where they are. A column whose values are all the same becomes 0. Throws Error
/// naming file and line and saying what to do.
std::vector<ToyPoint> read_points(const std::string& path);
/// A comment that names the plane, "x,y" and a line for each point.
void write_points(const std::string& path, std::span<const ToyPoint> points);

}  // namespace modescope
