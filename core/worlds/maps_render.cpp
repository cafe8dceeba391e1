#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/worlds/maps_parts.h"
#include "core/worlds/rendering.h"

namespace modescope::maps {

namespace {

using Colour = cv::Vec3f;

struct Light {
    Colour sky;       ///< light from all around
    Colour sun;       ///< light from the sun or the moon on level ground
    float steepness;  ///< the sun's height over the distance to its foot
    Colour haze;      ///< what the picture fades to on the sun's side
    float lamps;      ///< strength of lamps and windows
    Colour glass;     ///< of roof windows
};

const Light day = {
    .sky = {0.48f, 0.52f, 0.58f},
    .sun = {0.70f, 0.65f, 0.54f},
    .steepness = 1.0f,
    .haze = {1.00f, 1.00f, 0.96f},
    .lamps = 0.0f,
    .glass = {0.42f, 0.55f, 0.66f},
};

const Light dusk = {
    .sky = {0.27f, 0.25f, 0.36f},
    .sun = {0.86f, 0.53f, 0.20f},
    .steepness = 0.52f,
    .haze = {1.00f, 0.72f, 0.35f},
    .lamps = 0.12f,
    .glass = {1.00f, 0.72f, 0.40f},
};

const Light night = {
    .sky = {0.16f, 0.19f, 0.29f},
    .sun = {0.18f, 0.21f, 0.28f},
    .steepness = 0.85f,
    .haze = {0.22f, 0.27f, 0.42f},
    .lamps = 0.90f,
    .glass = {0.88f, 0.68f, 0.36f},
};

const std::array<Light, 3> lights = {day, dusk, night};

/// What grows, per season; two colours are mixed by texture.
struct Growth {
    std::array<Colour, 2> land, park, crowns;
};

const Growth summer = {
    .land = {{{0.44f, 0.47f, 0.27f}, {0.54f, 0.52f, 0.34f}}},
    .park = {{{0.31f, 0.47f, 0.21f}, {0.38f, 0.53f, 0.25f}}},
    .crowns = {{{0.16f, 0.34f, 0.13f}, {0.26f, 0.44f, 0.17f}}},
};

const Growth autumn = {
    .land = {{{0.62f, 0.49f, 0.28f}, {0.70f, 0.58f, 0.36f}}},
    .park = {{{0.58f, 0.50f, 0.20f}, {0.66f, 0.54f, 0.24f}}},
    .crowns = {{{0.66f, 0.24f, 0.10f}, {0.86f, 0.55f, 0.14f}}},
};

const Growth winter = {
    .land = {{{0.70f, 0.72f, 0.77f}, {0.77f, 0.79f, 0.84f}}},
    .park = {{{0.80f, 0.82f, 0.86f}, {0.84f, 0.86f, 0.89f}}},
    .crowns = {{{0.34f, 0.38f, 0.38f}, {0.58f, 0.61f, 0.63f}}},
};

const std::array<Growth, 3> seasons = {summer, autumn, winter};

/// Near the shore and far from it.
struct Tint {
    Colour shallow, deep;
};

const std::array<Tint, 3> tints = {{{{0.34f, 0.58f, 0.72f}, {0.12f, 0.32f, 0.58f}},
                                    {{0.40f, 0.62f, 0.48f}, {0.12f, 0.40f, 0.34f}},
                                    {{0.64f, 0.54f, 0.38f}, {0.46f, 0.36f, 0.22f}}}};

const std::array<Colour, 3> roofs = {{{0.74f, 0.36f, 0.24f}, {0.33f, 0.39f, 0.49f}, {0.74f, 0.71f, 0.66f}}};

// Brighter than the lot on the whole, so that a full one is told from an empty one by a blurred look too.
const std::array<Colour, 6> cars = {{{0.92f, 0.92f, 0.92f},
                                     {0.82f, 0.20f, 0.16f},
                                     {0.76f, 0.78f, 0.80f},
                                     {0.26f, 0.46f, 0.82f},
                                     {0.92f, 0.91f, 0.88f},
                                     {0.92f, 0.72f, 0.24f}}};

const Colour asphalt(0.42f, 0.42f, 0.44f);
const Colour pavement(0.60f, 0.58f, 0.55f);
const Colour marking(0.92f, 0.90f, 0.84f);
const Colour lot(0.37f, 0.37f, 0.39f);
const Colour sand(0.74f, 0.68f, 0.54f);
const Colour lamp_light(1.00f, 0.67f, 0.30f);

/// How much of the sun each place sees: 0 in the shadow, 1 in the light. The height that rays pass at is
/// carried over the picture column by column, away from the sun, which stands a little to the top.
cv::Mat1f sunlit(const Scene& scene, bool from_left, float steepness) {
    constexpr float tilt = 0.45f, softness = 0.7f;
    const float drop = steepness * std::hypot(1.0f, tilt) / static_cast<float>(scene.unit);
    cv::Mat1f share(scene.labels.size(), 1.0f);
    std::vector<float> rays(scene.height, 0.0f), before(scene.height);
    for (int i = 0; i < scene.width; ++i) {
        const int x = from_left ? i : scene.width - 1 - i;
        before = rays;
        for (int y = 0; y < scene.height; ++y) {
            const float above = before[std::max(y - 1, 0)];
            const float ray = before[y] + tilt * (above - before[y]) - drop;
            const float height = scene.elevation(y, x);
            share(y, x) = 1 - std::clamp((ray - height) / softness, 0.0f, 1.0f);
            rays[y] = std::max(ray, height);
        }
    }
    return share;
}

/// The colour of each pixel in a style.
class Painter {
public:
    Painter(const Scene& scene, const Style& style)
        : scene_(scene),
          style_(style),
          light_(lights[style[TimeOfDay]]),
          from_left_(style[SunDirection] == FromLeft),
          sunlit_(sunlit(scene, from_left_, light_.steepness)) {}

    Colour operator()(int row, int column) const {
        if (scene_.skylights(row, column)) return light_.glass;
        const Colour lit = albedo(row, column).mul(light(row, column));
        return mix(lit, light_.haze, haze(row, column));
    }

private:
    Colour light(int row, int column) const {
        return light_.sky * scene_.openness(row, column) +
               light_.sun * (sunlit_(row, column) * facing(row, column)) +
               lamp_light * (light_.lamps * scene_.lamps(row, column));
    }

    /// The sun's light on a slope, 1 on level ground.
    float facing(int row, int column) const {
        const cv::Vec2f slope = scene_.slope(row, column);
        const float right = from_left_ ? slope[0] : -slope[0];
        const float towards = (right + 0.45f * slope[1]) / (1.1f * light_.steepness);
        return std::clamp((1 + towards) / std::sqrt(1 + slope.dot(slope)), 0.0f, 1.8f);
    }

    float haze(int row, int column) const {
        const float across = (column + 0.5f) / scene_.width, down = (row + 0.5f) / scene_.height;
        const float side = from_left_ ? 1 - across : across;
        return 0.16f * side * side * (1.1f - 0.3f * down);
    }

    Colour albedo(int row, int column) const {
        switch (scene_.labels(row, column)) {
            case Road:
                return street(row, column);
            case MainRoad:
                return main_road(row, column);
            case Water:
                return water(row, column);
            case Building:
                return roofs[style_[RoofColour]] * (1 + 0.07f * scene_.tone(row, column));
            case Parking:
                return parking(row, column);
            default:
                return green(row, column);
        }
    }

    Colour green(int row, int column) const {
        const Growth& growth = seasons[style_[Season]];
        const float share = 0.5f + 0.5f * scene_.tone(row, column);
        const int label = scene_.labels(row, column);
        const auto& colours = label == Land ? growth.land : label == Park ? growth.park : growth.crowns;
        return mix(colours[0], colours[1], share);
    }

    Colour street(int row, int column) const {
        return mix(pavement, asphalt, ramp(scene_.inset(row, column), 0.5f, 1.1f));
    }

    Colour main_road(int row, int column) const {
        const Colour surface = mix(pavement, asphalt * 0.86f, ramp(scene_.inset(row, column), 0.1f, 0.8f));
        return mix(surface, marking, 0.6f * scene_.centre_line(row, column));
    }

    Colour water(int row, int column) const {
        const Tint& tint = tints[style_[WaterTint]];
        const float inset = scene_.inset(row, column);
        const Colour body = mix(tint.shallow, tint.deep, ramp(inset, 0.3f, 4.0f));
        const Colour rippled = body * (1 + 0.06f * scene_.tone(row, column));
        return mix(sand, rippled, 0.4f + 0.6f * ramp(inset, 0.0f, 0.7f));
    }

    Colour parking(int row, int column) const {
        const Bay bay = scene_.bay(row, column);
        if (!bay.car) return lot;
        const float side = std::abs(bay.across - 0.5f), end = std::abs(bay.along - 0.5f);
        if (side > 0.42f) return mix(lot, marking, 0.35f);
        if (style_[ParkingState] == Empty || side > 0.36f || end > 0.44f) return lot;
        const bool glass = side < 0.28f && std::abs(end - 0.17f) < 0.07f;
        return cars[(bay.car * 7 + bay.car / 6) % 6] * (glass ? 0.4f : 1.0f);
    }

    const Scene& scene_;
    const Style& style_;
    const Light& light_;
    const bool from_left_;
    const cv::Mat1f sunlit_;
};

}  // namespace

cv::Mat3f shade(const Scene& scene, const Style& style) {
    const Painter painter(scene, style);
    cv::Mat3f picture(scene.labels.size());
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) picture(y, x) = painter(y, x);
    }
    return picture;
}

std::uint8_t decider(const Scene& scene, int row, int column) {
    switch (scene.labels(row, column)) {
        case Land:
        case Park:
        case Trees:
            return Season;
        case Building:
            return scene.skylights(row, column) ? no_factor : std::uint8_t(RoofColour);
        case Water:
            return WaterTint;
        case Parking:
            return scene.bays(row, column) ? std::uint8_t(ParkingState) : no_factor;
        default:
            return no_factor;
    }
}

}  // namespace modescope::maps
