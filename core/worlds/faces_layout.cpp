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

const std::array<Colour, 6> frame_colours = {{{0.10f, 0.10f, 0.13f},
                                              {0.33f, 0.14f, 0.07f},
                                              {0.62f, 0.08f, 0.14f},
                                              {0.10f, 0.22f, 0.45f},
                                              {0.97f, 0.82f, 0.42f},
                                              {0.97f, 0.95f, 0.92f}}};

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

/// One channel to the full, so that stripes are well apart whatever their hue.
Colour draw_stripes(Rng& rng) {
    Colour stripes;
    for (int c = 0; c < 3; ++c) stripes[c] = stripe_strength * static_cast<float>(rng.uniform(0.4, 1.0));
    stripes[rng.index(3)] = stripe_strength;
    return stripes;
}

double contrast(const Colour& a, const Colour& b) { return cv::norm(a - b, cv::NORM_INF); }

/// A frame that one sees on that skin.
Colour draw_frame(const Colour& skin, Rng& rng) {
    constexpr double least_contrast = 0.42;
    Colour frame;
    do frame = one_of(frame_colours, rng);
    while (contrast(frame, skin) < least_contrast);
    return frame;
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

void draw_head(Traits& traits, Rng& rng) {
    // Whole numbers, so that both eyes meet the pixels alike.
    traits[CentreX] = 29 + rng.index(7);
    traits[CentreY] = 25 + rng.index(4);
    traits[HeadWidth] = rng.uniform(13.4, 15.2);
    traits[HeadHeight] = rng.uniform(15.8, 17.4);
    traits[Jaw] = rng.uniform(0.0, 0.22);
    traits[Roundness] = rng.uniform(2.0, 2.7);
    traits[NoseWidth] = rng.uniform(1.3, 2.2);
}

void draw_looks(Traits& traits, Rng& rng) {
    traits[Haircut] = rng.index(haircut_count);
    traits[Mirrored] = rng.chance(0.5);
    traits[Bearded] = haircut_shape(static_cast<int>(traits[Haircut])).ears && rng.chance(0.3);
    traits[Lashes] = !has(traits, Bearded) && rng.chance(0.5);
    traits[Neckline] = rng.index(4);
    traits[Shoulders] = rng.uniform(20, 26);
    traits[BrowRise] = rng.uniform(-0.9, 1.1);
    traits[Gaze] = rng.uniform(-0.6, 0.6);
    traits[Blush] = rng.chance(0.6) ? rng.uniform(0.4, 1.0) : 0.0;
    traits[Freckles] = rng.chance(0.15);
    traits[Earrings] = !has(traits, Bearded) && rng.chance(0.3);
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
    set(traits, ShirtStripes, draw_stripes(rng));
    set(traits, FrameColour, draw_frame(skin, rng));
}

}  // namespace

Traits draw_traits(Rng& rng) {
    Traits traits(TraitCount);
    draw_head(traits, rng);
    draw_looks(traits, rng);
    draw_colours(traits, rng);
    return traits;
}

Colour hair_stripes(const Colour& hair) {
    // Of the same hue; the darkest channel must not reach 0, where stripes would be cut off.
    const float strength = stripe_strength / std::max({hair[0], hair[1], hair[2]});
    Colour stripes;
    for (int c = 0; c < 3; ++c) stripes[c] = std::min(strength * hair[c], 0.88f * hair[c] - 0.085f);
    return stripes;
}

}  // namespace modescope::faces
