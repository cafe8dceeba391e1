#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/worlds/maps_parts.h"

namespace modescope::maps {

namespace {

// In units.
constexpr float wall_height = 2.2f;
constexpr float roof_pitch = 0.62f;  ///< rise of a roof per unit from the eaves
constexpr float roof_depth = 2.6f;   ///< from there on it is flat
constexpr float crown_size = 4;      ///< pitch of the grid in which trees stand in woods

// Cars park in rows with lanes between them.
constexpr float bay_width = 8.0f / 3, bay_length = 3.2f, bay_rows = 4;

constexpr float skylight_pitch = 4, skylight_start = 1, skylight_end = 2.5f;

// Side of the square of its area that makes a building middling, and what more makes it the largest.
constexpr double middling_building = 9, largest_building = 5;

// Patterns of places repeat after this many units.
constexpr int period = 16;

/// Where in its cell of a grid something lies.
float within(float place, float pitch) { return place - pitch * std::floor(place / pitch); }

/// −1 … 1, always the same for a cell of a grid.
float chance_at(int column, int row) {
    return static_cast<float>(Rng::at(column & 0xff, row & 0xff).uniform(-1, 1));
}

float smooth(float t) { return t * t * (3 - 2 * t); }

/// Smooth noise, −1 … 1, of a lattice with `cells` cells in a period.
class Texture {
public:
    explicit Texture(int cells) : cells_(cells) {
        for (int i = 0; i < cells * cells; ++i) lattice_.push_back(chance_at(i % cells, cells + i / cells));
    }

    float operator()(float x, float y) const {
        const float u = x * cells_ / period, v = y * cells_ / period;
        const int column = static_cast<int>(u), row = static_cast<int>(v);
        const float s = smooth(u - column), t = smooth(v - row);
        const float above = at(column, row) * (1 - s) + at(column + 1, row) * s;
        const float below = at(column, row + 1) * (1 - s) + at(column + 1, row + 1) * s;
        return above * (1 - t) + below * t;
    }

private:
    float at(int column, int row) const { return lattice_[row % cells_ * cells_ + column % cells_]; }

    int cells_;
    std::vector<float> lattice_;
};

void for_each(const cv::Mat1b& labels, int label, auto action) {
    for (int y = 0; y < labels.rows; ++y) {
        for (int x = 0; x < labels.cols; ++x) {
            if (labels(y, x) == label) action(y, x);
        }
    }
}

/// To the outline, which runs between pixels; a region goes on outside of the picture.
void find_insets(Scene& scene) {
    for (int label = 0; label < ClassCount; ++label) {
        const cv::Mat1b mask = scene.labels == label;
        const int count = cv::countNonZero(mask);
        if (count == 0) continue;
        cv::Mat1f distance(mask.size(), 32.0f * static_cast<float>(scene.unit));
        if (count < static_cast<int>(mask.total())) cv::distanceTransform(mask, distance, cv::DIST_L2, 5);
        cv::Mat1f(distance - 0.5f).copyTo(scene.inset, mask);
    }
    scene.inset *= 1 / scene.unit;
}

/// A tree of the grid: which one is seen at a place, and how high it is there, 0 … 1.
struct Crown {
    float height = 0;
    float tone = 0;
};

Crown crown_at(float x, float y) {
    const int column = static_cast<int>(x / crown_size), row = static_cast<int>(y / crown_size);
    constexpr int cells = period / static_cast<int>(crown_size);
    Crown highest;
    for (int i = -1; i <= 1; ++i) {
        for (int j = -1; j <= 1; ++j) {
            const int c = (column + j + cells) % cells, r = (row + i + cells) % cells;
            const float centre_x = (column + j + 0.5f + 0.22f * chance_at(c, r)) * crown_size;
            const float centre_y = (row + i + 0.5f + 0.22f * chance_at(c, r + cells)) * crown_size;
            const float dx = (x - centre_x) / crown_size, dy = (y - centre_y) / crown_size;
            const float height = 1 - 1.6f * (dx * dx + dy * dy);
            if (height > highest.height) highest = {height, chance_at(c + cells, r)};
        }
    }
    return highest;
}

/// Domes at the outline, so that a painted dab is a tree, and single crowns inside.
void grow_trees(Scene& scene, cv::Mat1f& surface) {
    for_each(scene.labels, Trees, [&](int y, int x) {
        const Crown crown = crown_at(scene.units(x), scene.units(y));
        const float dome = std::min(1.0f, (scene.inset(y, x) + 0.4f) / 2.2f);
        surface(y, x) = 1.9f * std::sqrt(dome) + 0.9f * crown.height;
        scene.tone(y, x) = 0.5f * (crown.tone + scene.tone(y, x));
    });
}

void raise_roofs(const Scene& scene, cv::Mat1f& surface) {
    for_each(scene.labels, Building, [&](int y, int x) {
        surface(y, x) = roof_pitch * std::min(roof_depth, scene.inset(y, x) + 0.3f);
    });
}

/// The larger a building, the lighter its roof.
void tint_buildings(Scene& scene) {
    cv::Mat1i numbers;
    cv::Mat stats, centres;
    cv::connectedComponentsWithStats(scene.labels == Building, numbers, stats, centres, 8, CV_32S);
    std::vector<float> tones;
    for (int number = 0; number < stats.rows; ++number) {
        const double side = std::sqrt(stats.at<int>(number, cv::CC_STAT_AREA)) / scene.unit;
        tones.push_back(
            static_cast<float>(std::clamp((side - middling_building) / largest_building, -1.0, 1.0)));
    }
    for_each(scene.labels, Building, [&](int y, int x) { scene.tone(y, x) = tones[numbers(y, x)]; });
}

void add_ground_texture(Scene& scene) {
    static const Texture coarse(4), fine(10);
    for (int y = 0; y < scene.height; ++y) {
        for (int x = 0; x < scene.width; ++x) {
            const float u = scene.units(x), v = scene.units(y);
            scene.tone(y, x) = 0.7f * coarse(u, v) + 0.3f * fine(u, v);
        }
    }
}

void find_slopes(const cv::Mat1f& surface, Scene& scene) {
    cv::Mat1f soft, right, down;
    cv::GaussianBlur(surface, soft, {}, 0.45 * scene.unit);
    const double scale = scene.unit / 8;
    cv::Sobel(soft, right, CV_32F, 1, 0, 3, scale, 0, cv::BORDER_REPLICATE);
    cv::Sobel(soft, down, CV_32F, 0, 1, 3, scale, 0, cv::BORDER_REPLICATE);
    cv::merge(std::vector<cv::Mat>{right, down}, scene.slope);
}

void find_elevation(const cv::Mat1f& surface, Scene& scene) {
    cv::Mat1f walls(scene.labels.size(), 0.0f), around;
    walls.setTo(wall_height, scene.labels == Building);
    scene.elevation = walls + surface;
    cv::GaussianBlur(scene.elevation, around, {}, 1.8 * scene.unit);
    scene.openness = 1 - 0.16 * cv::max(around - scene.elevation, 0);
}

/// Where the distance from the outline has its ridge.
void find_centre_lines(Scene& scene) {
    const int reach = scene.pixels(0.7);
    cv::Mat1f inset;
    cv::copyMakeBorder(scene.inset, inset, reach, reach, reach, reach, cv::BORDER_REPLICATE);
    for_each(scene.labels, MainRoad, [&](int y, int x) {
        const int row = y + reach, column = x + reach;
        const float around = inset(row - reach, column) + inset(row + reach, column) +
                             inset(row, column - reach) + inset(row, column + reach);
        const float bulge = (4 * inset(row, column) - around) * static_cast<float>(scene.unit) / reach;
        scene.centre_line(y, x) = std::clamp(0.75f * bulge - 0.35f, 0.0f, 1.0f);
    });
}

/// A cell of a pattern, or none (−1), at a place in units.
struct Cell {
    int column = -1, row = -1;
};

/// 255 in the cells that lie in one class whole.
cv::Mat1b whole_cells(const Scene& scene, int label, Cell (*cell_at)(float, float)) {
    const int columns = 64 * scene.width / std::min(scene.width, scene.height) + 1;
    const int rows = 64 * scene.height / std::min(scene.width, scene.height) + 1;
    std::vector<bool> broken(static_cast<std::size_t>(columns) * rows);
    const auto number = [&](int y, int x) {
        const Cell cell = cell_at(scene.units(x), scene.units(y));
        return cell.column < 0 ? -1 : cell.row * columns + cell.column;
    };
    cv::Mat1b whole(scene.labels.size(), uchar(0));
    for (int y = 0; y < scene.height; ++y) {
        for (int x = 0; x < scene.width; ++x) {
            const int cell = number(y, x);
            if (cell >= 0 && scene.labels(y, x) != label) broken[cell] = true;
        }
    }
    for_each(scene.labels, label, [&](int y, int x) {
        const int cell = number(y, x);
        if (cell >= 0 && !broken[cell]) whole(y, x) = 255;
    });
    return whole;
}

Cell bay_at(float x, float y) {
    if (within(y, bay_rows) >= bay_length) return {};
    return {static_cast<int>(x / bay_width), static_cast<int>(y / bay_rows)};
}

/// Roof windows with some roof around them, in one half of the cells.
Cell skylight_at(float x, float y) {
    const int column = static_cast<int>(x / skylight_pitch), row = static_cast<int>(y / skylight_pitch);
    if ((column + row) % 2) return {};
    return {column, row};
}

void add_skylights(Scene& scene) {
    scene.skylights = cv::Mat1b(scene.labels.size(), uchar(0));
    const bool smaller_than_a_pixel = (skylight_end - skylight_start) * scene.unit < 1;
    if (smaller_than_a_pixel) return;
    scene.skylights = whole_cells(scene, Building, skylight_at);
    for_each(scene.labels, Building, [&](int y, int x) {
        const auto in_pane = [](float place) { return place > skylight_start && place < skylight_end; };
        const float u = within(scene.units(x), skylight_pitch), v = within(scene.units(y), skylight_pitch);
        if (!in_pane(u) || !in_pane(v)) scene.skylights(y, x) = 0;
    });
}

/// 0 … 1 in streets: 1 where they are wide or meet, which is where more lamps stand.
cv::Mat1f crossings(const Scene& scene) {
    const cv::Mat1b streets = (scene.labels == Road) | (scene.labels == MainRoad);
    cv::Mat1f share, found(scene.labels.size(), 0.0f);
    streets.convertTo(share, CV_32F, 1.0 / 255);
    cv::GaussianBlur(share, share, {}, 2 * scene.unit, 0, cv::BORDER_REPLICATE);
    cv::Mat1f(cv::min(cv::max((share - 0.62f) / 0.2f, 0), 1)).copyTo(found, streets);
    return found;
}

/// Street lamps, and the windows of larger buildings, that light up what lies beside the house. All follows
/// from the shapes near by, so that a network can learn it.
void light_lamps(Scene& scene) {
    cv::Mat1f posts = crossings(scene), windows(scene.labels.size(), 0.0f);
    for_each(scene.labels, Building,
             [&](int y, int x) { windows(y, x) = scene.tone(y, x) > -0.3f ? 0.9f : 0; });
    cv::GaussianBlur(posts, posts, {}, 0.8 * scene.unit);
    cv::GaussianBlur(windows, windows, {}, 1.3 * scene.unit);
    scene.lamps = 0.35 * posts + windows;
    const auto light_street = [&](int y, int x) {
        const float kerb = std::clamp(scene.inset(y, x), 0.5f, 1.0f);
        scene.lamps(y, x) += (0.25f + 0.8f * posts(y, x)) * kerb;
    };
    for_each(scene.labels, Road, light_street);
    for_each(scene.labels, MainRoad, light_street);
    for_each(scene.labels, Parking, [&](int y, int x) { scene.lamps(y, x) += 0.3f; });
    scene.lamps.setTo(0, scene.labels == Building);
}

}  // namespace

Scene::Scene(const LabelMap& layout)
    : width(layout.width),
      height(layout.height),
      unit(std::min(width, height) / 64.0),
      labels(cv::Mat1b(height, width, const_cast<std::uint8_t*>(layout.data.data()))),
      inset(labels.size(), 0.0f),
      centre_line(labels.size(), 0.0f),
      tone(labels.size(), 0.0f) {
    cv::Mat1f surface(labels.size(), 0.0f);
    find_insets(*this);
    add_ground_texture(*this);
    tint_buildings(*this);
    grow_trees(*this, surface);
    raise_roofs(*this, surface);
    find_slopes(surface, *this);
    find_elevation(surface, *this);
    find_centre_lines(*this);
    bays = whole_cells(*this, Parking, bay_at);
    add_skylights(*this);
    light_lamps(*this);
}

int Scene::pixels(double units) const { return std::max(1, cvRound(units * unit)); }

float Scene::units(int pixel) const { return (static_cast<float>(pixel) + 0.5f) / static_cast<float>(unit); }

Bay Scene::bay(int row, int column) const {
    if (!bays(row, column)) return {};
    const float x = units(column), y = units(row);
    const Cell cell = bay_at(x, y);
    const float along = within(y, bay_rows) / bay_length;
    return {1 + (cell.row % 4) * 6 + cell.column % 6, within(x, bay_width) / bay_width, along};
}

}  // namespace modescope::maps
