#include <algorithm>

#include "core/worlds/faces_parts.h"

namespace modescope::faces {
namespace {

/// Neighbours in this list are mixed.
const std::array<Colour, 6> skin_colours = {{{0.99f, 0.86f, 0.76f},
                                             {0.96f, 0.77f, 0.63f},
                                             {0.87f, 0.66f, 0.49f},
                                             {0.73f, 0.51f, 0.36f},
                                             {0.57f, 0.38f, 0.26f},
                                             {0.42f, 0.27f, 0.20f}}};

// Stripes need room to both sides of these two: 0.30 … 0.70 in the brightest channel.
const std::array<Colour, 9> hair_colours = {{{0.31f, 0.27f, 0.27f},
                                             {0.34f, 0.26f, 0.22f},
                                             {0.44f, 0.30f, 0.21f},
                                             {0.56f, 0.38f, 0.23f},
                                             {0.66f, 0.34f, 0.19f},
                                             {0.70f, 0.54f, 0.30f},
                                             {0.71f, 0.63f, 0.45f},
                                             {0.66f, 0.67f, 0.71f},
                                             {0.70f, 0.38f, 0.50f}}};

const std::array<Colour, 10> shirt_colours = {{{0.70f, 0.34f, 0.31f},
                                               {0.30f, 0.45f, 0.68f},
                                               {0.29f, 0.55f, 0.52f},
                                               {0.69f, 0.54f, 0.29f},
                                               {0.48f, 0.36f, 0.62f},
                                               {0.36f, 0.52f, 0.33f},
                                               {0.70f, 0.45f, 0.55f},
                                               {0.33f, 0.36f, 0.46f},
                                               {0.66f, 0.64f, 0.60f},
                                               {0.52f, 0.40f, 0.33f}}};

const std::array<Colour, 12> backdrop_colours = {{{0.44f, 0.76f, 0.72f},
                                                  {0.93f, 0.58f, 0.48f},
                                                  {0.95f, 0.77f, 0.40f},
                                                  {0.66f, 0.62f, 0.90f},
                                                  {0.50f, 0.74f, 0.91f},
                                                  {0.63f, 0.85f, 0.68f},
                                                  {0.94f, 0.65f, 0.72f},
                                                  {0.40f, 0.51f, 0.72f},
                                                  {0.92f, 0.86f, 0.72f},
                                                  {0.71f, 0.77f, 0.45f},
                                                  {0.57f, 0.40f, 0.64f},
                                                  {0.26f, 0.50f, 0.58f}}};

constexpr std::array<double, 2> head_widths = {13.4, 15.2}, head_heights = {15.8, 17.4};

constexpr float stripe_strength = 0.18f;

template <std::size_t n>
const Colour& one_of(const std::array<Colour, n>& colours, Rng& rng) {
    return colours[rng.index(n)];
}

/// Lighter or darker, and a little of another hue.
Colour varied(const Colour& base, double deviation, float least, float most, Rng& rng) {
    const double light = rng.normal() * deviation;
    Colour colour;
    for (int c = 0; c < 3; ++c)
        colour[c] =
            std::clamp(base[c] + static_cast<float>(light + 0.5 * deviation * rng.normal()), least, most);
    return colour;
}

Colour draw_skin(Rng& rng) {
    const double tone = rng.uniform(0, skin_colours.size() - 1.0);
    const int index = static_cast<int>(tone);
    const float way = static_cast<float>(tone - index);
    const Colour skin = (1 - way) * skin_colours[index] + way * skin_colours[index + 1];
    return varied(skin, 0.012, 0.12f, 1.0f, rng);
}

/// At least so bright that its stripes find room.
Colour draw_hair(Rng& rng) {
    constexpr float least = 0.30f;
    const Colour hair = varied(one_of(hair_colours, rng), 0.025, 0.18f, 0.70f, rng);
    return hair * std::max(1.0f, least / std::max({hair[0], hair[1], hair[2]}));
}

/// Neither the skin's colour nor the hair's.
Colour draw_backdrop(const Colour& skin, const Colour& hair, Rng& rng) {
    constexpr double least_distance = 0.25;
    Colour backdrop;
    do backdrop = varied(one_of(backdrop_colours, rng), 0.04, 0.2f, 0.97f, rng);
    while (cv::norm(backdrop - skin) < least_distance || cv::norm(backdrop - hair) < least_distance);
    return backdrop;
}

Colour draw_shirt(const Colour& backdrop, Rng& rng) {
    constexpr double least_distance = 0.3;
    Colour shirt;
    do shirt = varied(one_of(shirt_colours, rng), 0.05, 0.28f, 0.70f, rng);
    while (cv::norm(backdrop - shirt) < least_distance);
    return shirt;
}

void set(Traits& traits, Trait first, const Colour& colour) {
    for (int c = 0; c < 3; ++c) traits[first + c] = colour[c];
}

/// Where a trait lies between its least and its most, 0 … 1.
float share(double value, const std::array<double, 2>& range) {
    return static_cast<float>((value - range[0]) / (range[1] - range[0]));
}

void draw_head(Traits& traits, Rng& rng) {
    traits[HeadWidth] = rng.uniform(head_widths[0], head_widths[1]);
    traits[HeadHeight] = rng.uniform(head_heights[0], head_heights[1]);
}

void draw_looks(Traits& traits, Rng& rng) {
    traits[Haircut] = rng.index(haircut_count);
    traits[Mirrored] = rng.chance(0.5);
    traits[Neckline] = rng.index(4);
    traits[Shoulders] = rng.uniform(20, 26);
    traits[Backdrop] = rng.index(3);
}

void draw_colours(Traits& traits, Rng& rng) {
    const Colour skin = draw_skin(rng);
    const Colour hair = draw_hair(rng);
    const Colour backdrop = draw_backdrop(skin, hair, rng);
    set(traits, SkinColour, skin);
    set(traits, HairColour, hair);
    set(traits, BackdropColour, backdrop);
    set(traits, ShirtColour, draw_shirt(backdrop, rng));
}

/// Of the shirt's hue, and well apart from the skin.
Colour frame_colour(const Colour& skin, const Colour& shirt) {
    constexpr float light_skin = 0.62f;
    return skin[0] > light_skin ? 0.3f * shirt : 0.45f * shirt + Colour(0.62f, 0.60f, 0.55f);
}

}  // namespace

Traits draw_traits(Rng& rng) {
    Traits traits(TraitCount);
    draw_head(traits, rng);
    draw_looks(traits, rng);
    draw_colours(traits, rng);
    return traits;
}

Details details_of(const Traits& traits) {
    const float width = share(traits[HeadWidth], head_widths),
                height = share(traits[HeadHeight], head_heights);
    const auto haircut = static_cast<int>(traits[Haircut]);
    const Colour skin = colour(traits, SkinColour), hair = colour(traits, HairColour);
    Details details;
    details.jaw = 0.22f * (1 - width);
    details.roundness = 2.7f - 0.7f * height;
    details.nose_width = 1.3f + 0.9f * width;
    details.brow_rise = -0.9f + 2 * static_cast<float>(haircut) / (haircut_count - 1);
    details.blush = std::clamp(2 * skin[0] - 1, 0.0f, 1.0f);
    details.bearded = haircut_shape(haircut).ears && traits[Neckline] == 2;
    details.lashes = !details.bearded && haircut % 2 == 1;
    details.freckles = hair[0] - hair[1] > 0.25f;
    details.earrings = haircut_shape(haircut).ears && traits[Neckline] == 1;
    details.frame = frame_colour(skin, colour(traits, ShirtColour));
    return details;
}

Colour stripes_on(const Colour& plain) {
    // Of the same hue; the darkest channel must not reach 0, where stripes would be cut off.
    const float strength = stripe_strength / std::max({plain[0], plain[1], plain[2]});
    Colour stripes;
    for (int c = 0; c < 3; ++c) stripes[c] = std::min(strength * plain[c], 0.88f * plain[c] - 0.085f);
    return stripes;
}

}  // namespace modescope::faces
