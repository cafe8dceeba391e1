#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/worlds/rendering.h"
#include "core/worlds/street_parts.h"

namespace modescope::street {

namespace {

using Colour = cv::Vec3f;

enum Time { Day, Sunset, Night };

struct Light {
    Colour zenith, middle_sky, horizon_sky;
    Colour ground;     ///< multiplies the colours of road, sidewalk and markings
    Colour buildings;  ///< multiplies the colours of façades
    Colour things;     ///< multiplies the colours of trees, cars and people; keeps hues apart at night
    Colour glass;
    float shadow;  ///< strength of contact shadows
    float lamps;   ///< strength of what windows and cars light up around them
};

const Light day = {
    .zenith = {0.22f, 0.50f, 0.90f},
    .middle_sky = {0.50f, 0.74f, 0.97f},
    .horizon_sky = {0.86f, 0.93f, 0.97f},
    .ground = {1.00f, 1.00f, 1.00f},
    .buildings = {1.03f, 1.02f, 1.00f},
    .things = {1.00f, 1.00f, 1.00f},
    .glass = {0.40f, 0.56f, 0.68f},
    .shadow = 0.50f,
    .lamps = 0.0f,
};

const Light sunset = {
    .zenith = {0.28f, 0.22f, 0.50f},
    .middle_sky = {0.82f, 0.42f, 0.46f},
    .horizon_sky = {1.00f, 0.70f, 0.36f},
    .ground = {1.22f, 0.80f, 0.62f},
    .buildings = {1.00f, 0.72f, 0.58f},
    .things = {1.00f, 0.79f, 0.68f},
    .glass = {0.98f, 0.70f, 0.42f},
    .shadow = 0.55f,
    .lamps = 0.22f,
};

const Light night = {
    .zenith = {0.02f, 0.03f, 0.12f},
    .middle_sky = {0.05f, 0.08f, 0.24f},
    .horizon_sky = {0.15f, 0.16f, 0.36f},
    .ground = {0.28f, 0.33f, 0.52f},
    .buildings = {0.38f, 0.40f, 0.56f},
    .things = {0.44f, 0.46f, 0.58f},
    .glass = {0.07f, 0.09f, 0.17f},
    .shadow = 0.40f,
    .lamps = 0.85f,
};

const std::array<Light, 3> lights = {day, sunset, night};

const std::array<Colour, 3> facade_colours = {
    {{0.72f, 0.36f, 0.27f}, {0.90f, 0.79f, 0.57f}, {0.50f, 0.59f, 0.70f}}};
const std::array<Colour, 3> leaf_colours = {
    {{0.25f, 0.52f, 0.17f}, {0.87f, 0.47f, 0.10f}, {0.94f, 0.62f, 0.76f}}};
const std::array<Colour, 5> car_colours = {{{0.82f, 0.11f, 0.12f},
                                            {0.12f, 0.32f, 0.82f},
                                            {0.93f, 0.93f, 0.93f},
                                            {0.14f, 0.14f, 0.16f},
                                            {0.97f, 0.76f, 0.10f}}};
const std::array<Colour, 3> coat_colours = {
    {{0.84f, 0.16f, 0.20f}, {0.08f, 0.55f, 0.60f}, {0.96f, 0.77f, 0.18f}}};

/// Centre and radii, in parts of the picture.
const std::array<cv::Vec4f, 7> cloud_puffs = {{{0.16f, 0.17f, 0.13f, 0.035f},
                                               {0.13f, 0.13f, 0.06f, 0.045f},
                                               {0.21f, 0.14f, 0.05f, 0.035f},
                                               {0.74f, 0.25f, 0.14f, 0.030f},
                                               {0.77f, 0.21f, 0.06f, 0.045f},
                                               {0.69f, 0.22f, 0.05f, 0.035f},
                                               {0.52f, 0.08f, 0.12f, 0.022f}}};

const Colour asphalt(0.43f, 0.43f, 0.45f);
const Colour pavement(0.70f, 0.68f, 0.64f);
const Colour marking(0.96f, 0.95f, 0.90f);
const Colour bark(0.38f, 0.27f, 0.19f);
const Colour skin(0.93f, 0.72f, 0.58f);
const Colour hair(0.28f, 0.18f, 0.12f);
const Colour trousers(0.22f, 0.24f, 0.33f);
const Colour lamp_light(1.00f, 0.80f, 0.44f);

float bump(float x, float y, float centre_x, float centre_y, float width, float height) {
    const float dx = (x - centre_x) / width, dy = (y - centre_y) / height;
    return std::exp(-dx * dx - dy * dy);
}

/// The colour of each pixel in a style, as far as it depends on the pixel's own place.
class Painter {
public:
    Painter(const Scene& scene, const Style& style)
        : scene_(scene), style_(style), light_(lights[style[TimeOfDay]]) {}

    Colour operator()(int row, int column) const {
        const Spot spot{row, column, (column + 0.5f) / scene_.width, (row + 0.5f) / scene_.height};
        switch (scene_.labels(row, column)) {
            case Sky:
                return sky(spot);
            case Building:
                return building(spot);
            case Tree:
                return tree(spot);
            case Car:
                return car(spot);
            case Person:
                return person(spot);
            default:
                return ground(spot);
        }
    }

    /// Light that a pixel sends out, where it does.
    Colour lamp(int row, int column) const {
        if (const int pattern = scene_.windows(row, column)) return lamp_light * window_glow(pattern);
        if (scene_.labels(row, column) != Car) return {};
        return headlight(row, column) ? headlight_colour(row, column) * 1.3f : Colour();
    }

private:
    struct Spot {
        int row, column;
        float x, y;  ///< 0 … 1
    };

    Time time() const { return static_cast<Time>(style_[TimeOfDay]); }

    Colour sky(const Spot& spot) const {
        const float height = spot.y / 0.54f;
        const Colour base = height < 0.55f
                                ? mix(light_.zenith, light_.middle_sky, height / 0.55f)
                                : mix(light_.middle_sky, light_.horizon_sky, ramp(height, 0.55f, 1.0f));
        if (time() == Day) return mix(base, {1, 1, 1}, 0.8f * cloud(spot));
        if (time() == Sunset) return sunset_sky(spot, base);
        return night_sky(spot, base);
    }

    static float cloud(const Spot& spot) {
        float puffs = 0;
        for (const cv::Vec4f& puff : cloud_puffs) {
            puffs += bump(spot.x, spot.y, puff[0], puff[1], puff[2], puff[3]);
        }
        return ramp(puffs, 0.25f, 1.1f);
    }

    static Colour sunset_sky(const Spot& spot, const Colour& base) {
        const float streaks = 0.5f + 0.5f * std::sin(52 * spot.y + 3.5f * std::sin(5 * spot.x));
        const Colour clouded =
            mix(base, {0.98f, 0.60f, 0.50f}, 0.3f * ramp(streaks, 0.55f, 1.0f) * ramp(spot.y, 0.05f, 0.3f));
        const Colour glowing =
            clouded + Colour(0.32f, 0.24f, 0.08f) * bump(spot.x, spot.y, 0.62f, 0.46f, 0.26f, 0.2f);
        return mix(glowing, {1.0f, 0.95f, 0.72f},
                   ramp(-std::hypot(spot.x - 0.62f, spot.y - 0.42f), -0.062f, -0.045f));
    }

    static Colour night_sky(const Spot& spot, const Colour& base) {
        const float disc = std::hypot(spot.x - 0.78f, spot.y - 0.14f);
        const Colour glowing =
            base + Colour(0.12f, 0.13f, 0.16f) * bump(spot.x, spot.y, 0.78f, 0.14f, 0.13f, 0.13f);
        const Colour starry = glowing + Colour::all(0.7f) * star(spot);
        return mix(starry, {0.95f, 0.93f, 0.82f}, ramp(-disc, -0.058f, -0.042f));
    }

    /// One star in some of the cells of a grid, the same in every picture.
    static float star(const Spot& spot) {
        constexpr float cells = 7;
        const int column = static_cast<int>(spot.x * cells), row = static_cast<int>(spot.y * cells);
        Rng rng = Rng::at(column, row);
        const float brightness = static_cast<float>(rng.uniform(-0.5, 1.0));
        if (brightness < 0) return 0;
        const float x = (column + 0.1f + 0.8f * static_cast<float>(rng.uniform())) / cells;
        const float y = (row + 0.1f + 0.8f * static_cast<float>(rng.uniform())) / cells;
        return brightness * bump(spot.x, spot.y, x, y, 0.007f, 0.007f);
    }

    Colour ground(const Spot& spot) const {
        const float near = ramp(spot.y, 0.45f, 1.0f);
        const int label = scene_.labels(spot.row, spot.column);
        Colour base = marking;
        if (label == Road) base = asphalt * (1.14f - 0.24f * near);
        if (label == Sidewalk) {
            base = pavement * (kerb(spot) ? 1.18f : 1.04f - 0.10f * near + joints(spot, near));
        }
        return mul(base, light_.ground) * (1 - light_.shadow * scene_.shadow(spot.row, spot.column));
    }

    /// Rows of paving stones, which are too thin to draw far away.
    static float joints(const Spot& spot, float near) {
        return 0.05f * near * std::cos(static_cast<float>(CV_2PI) * 2.2f / std::max(spot.y - 0.40f, 0.05f));
    }

    /// The sidewalk's pixels next to the road.
    bool kerb(const Spot& spot) const {
        const int reach = scene_.pixels(1);
        const int left = std::max(spot.column - reach, 0),
                  right = std::min(spot.column + reach, scene_.width - 1);
        return scene_.labels(spot.row, left) == Road || scene_.labels(spot.row, right) == Road;
    }

    Colour building(const Spot& spot) const {
        if (const int pattern = scene_.windows(spot.row, spot.column)) return window(spot, pattern);
        const float roof = scene_.roof[spot.column];
        const float facade = 1.0f + 0.13f * std::sin(40 * roof);
        const float height = 1.05f - 0.30f * ramp(spot.y, 0.15f, 0.62f);
        const float shade = under_sky(spot) ? 0.72f : facade * height;
        return mul(facade_colours[style_[BuildingColour]], light_.buildings) * shade;
    }

    bool under_sky(const Spot& spot) const {
        const int above = spot.row - scene_.pixels(1);
        return above >= 0 && scene_.labels(above, spot.column) == Sky;
    }

    /// How brightly a window is lit by its pattern number.
    float window_glow(int pattern) const {
        constexpr std::array<float, 4> glow = {0.12f, 0.8f, 1.0f, 0.9f};
        return time() == Day ? 0.0f : glow[pattern - 1];
    }

    Colour window(const Spot& spot, int pattern) const {
        const double across = spot.column % scene_.cell.width + 0.5 - scene_.pane.x - 0.5 * scene_.pane.width;
        if (std::abs(across) < 0.15 * scene_.unit) return light_.glass * 0.6f;
        const float down =
            static_cast<float>(spot.row % scene_.cell.height) / static_cast<float>(scene_.cell.height);
        const Colour glass = light_.glass * (1.2f - 0.5f * down);
        return time() == Night ? mix(glass, lamp_light, window_glow(pattern)) : glass;
    }

    Colour tree(const Spot& spot) const {
        if (scene_.trunks(spot.row, spot.column)) return mul(bark, light_.things);
        const float u = 64 * spot.x, v = 64 * spot.y;
        const float leaves =
            std::sin(1.3f * u + 1.7f * std::sin(0.8f * v)) * std::sin(1.5f * v + 1.3f * std::sin(0.9f * u));
        const float shade = 0.92f + 0.55f * scene_.volume(spot.row, spot.column) + 0.07f * leaves;
        return mul(leaf_colours[style_[TreeSeason]], light_.things) * shade;
    }

    bool headlight(int row, int column) const {
        const cv::Vec2f place = scene_.place(row, column);
        return place[1] > 0.50f && place[1] < 0.68f && std::abs(place[0] - 0.5f) > 0.28f;
    }

    Colour headlight_colour(int row, int column) const {
        return scene_.oncoming(row, column) ? Colour(1.0f, 0.96f, 0.80f) : Colour(0.90f, 0.10f, 0.08f);
    }

    Colour car(const Spot& spot) const {
        const cv::Vec2f place = scene_.place(spot.row, spot.column);
        if (headlight(spot.row, spot.column)) {
            return headlight_colour(spot.row, spot.column) * (time() == Night ? 1.0f : 0.85f);
        }
        if (place[1] > 0.86f) return mul(Colour(0.12f, 0.12f, 0.13f), light_.things);
        const bool inside = scene_.inset(spot.row, spot.column) > 1.2f * scene_.unit;
        if (inside && place[1] > 0.10f && place[1] < 0.42f) return light_.glass * (1.0f - 0.9f * place[1]);
        const float shade = place[1] < 0.52f ? 1.08f : 1.0f - 0.45f * (place[1] - 0.52f);
        return mul(car_colours[style_[CarColour]], light_.things) * shade;
    }

    Colour person(const Spot& spot) const {
        const cv::Vec2f place = scene_.place(spot.row, spot.column);
        Colour base = coat_colours[style_[Clothes]] * (1.1f - 0.25f * place[0]);
        if (place[1] < 0.20f) base = place[1] < 0.08f ? hair : skin;
        if (place[1] > 0.62f) base = trousers;
        return mul(base, light_.things);
    }

    static Colour mul(const Colour& a, const Colour& b) { return a.mul(b); }

    const Scene& scene_;
    const Style& style_;
    const Light& light_;
};

/// What lamps light up: a small halo around them and a wide one in the street.
void add_glow(const Painter& painter, const Scene& scene, float strength, cv::Mat3f& picture) {
    cv::Mat3f lamps(picture.size()), halo, wide;
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) lamps(y, x) = painter.lamp(y, x);
    }
    cv::GaussianBlur(lamps, halo, {}, 1.3 * scene.unit);
    cv::GaussianBlur(lamps, wide, {}, 5 * scene.unit);
    picture += strength * (0.35 * halo + 0.65 * wide);
}

}  // namespace

cv::Mat3f shade(const Scene& scene, const Style& style) {
    const Painter painter(scene, style);
    cv::Mat3f picture(scene.labels.size());
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) picture(y, x) = painter(y, x);
    }
    const float lamps = lights[style[TimeOfDay]].lamps;
    if (lamps > 0) add_glow(painter, scene, lamps, picture);
    return picture;
}

}  // namespace modescope::street
