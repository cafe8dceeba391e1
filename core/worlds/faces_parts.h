#pragma once

#include <array>

#include "core/worlds/faces_canvas.h"
#include "core/worlds/world.h"

/// What the files faces*.cpp share; for them only.
namespace modescope::faces {

/// Indices of the factors and traits in the world's tables.
enum FactorIndex { HairTexture, ShirtPattern, GlassesShape, EyeColour, MouthShape, FactorCount };
constexpr int value_count = 3;  ///< of every factor

/// Colours take three traits: red, green, blue, 0 … 1. Lengths are in 64ths of the picture.
enum Trait {
    HeadWidth,   ///< half of it
    HeadHeight,  ///< half of it
    Haircut,     ///< index, 0 … haircut_count − 1
    Mirrored,    ///< 1: hair and light from the other side
    Neckline,    ///< index, 0 … 3: round, V, collar, turtleneck
    Shoulders,   ///< half of their width
    Backdrop,    ///< index, 0 … 2: plain, a disc, rays
    SkinColour,
    HairColour = SkinColour + 3,
    ShirtColour = HairColour + 3,
    BackdropColour = ShirtColour + 3,
    TraitCount = BackdropColour + 3
};
using Traits = std::vector<double>;

/// Of every face, as CelebA's pictures are aligned by the eyes. Whole, so that both eyes meet the pixels
/// alike.
inline const Point head_centre(32, 26);

inline float get(const Traits& traits, Trait trait) { return static_cast<float>(traits[trait]); }
inline bool has(const Traits& traits, Trait trait) { return traits[trait] != 0; }
inline Colour colour(const Traits& traits, Trait first) {
    return {get(traits, first), static_cast<float>(traits[first + 1]), static_cast<float>(traits[first + 2])};
}

Traits draw_traits(Rng& rng);

/// What a hole may cover whole. It follows from what one sees around it: in a hole nothing but the factors is
/// open, and the truth about it is known exactly.
struct Details {
    float jaw;        ///< how much narrower the chin is, 0 … 0.3
    float roundness;  ///< of the jaw: exponent of a superellipse
    float nose_width;
    float brow_rise;  ///< of the outer ends of the brows
    float blush;      ///< strength, 0 … 1
    bool bearded, lashes, freckles, earrings;
    Colour frame;  ///< of the glasses
};
Details details_of(const Traits& traits);

/// The outlines of a haircut where the head spans −1 … 1 both ways; painted in this order, the last ones
/// over the face.
struct HaircutShape {
    std::vector<Contour> behind;  ///< also behind the shoulders
    std::vector<Contour> over;
    bool ears;  ///< leaves them free
};
constexpr int haircut_count = 8;
const HaircutShape& haircut_shape(int haircut);

/// Everything that no factor decides, hair and shirt in their plain colours.
Canvas paint_portrait(int size, const Traits& traits);
/// Eyes, mouth or glasses, over it.
void paint_feature(Canvas& canvas, const Traits& traits, FactorIndex factor, int value);

/// What stripes add and take away in hair or a shirt of that colour, 0 … 1. A smaller picture hides the
/// stripes, but not how strong they are.
Colour stripes_on(const Colour& plain);

/// What of a layout all its renderings need.
struct Scene {
    Scene(int size, const Traits& traits);
    Image picture(const Style& style) const;

    std::array<Image, value_count> shown;  ///< all factors with value 0, 1, 2, without the random part
    LabelMap labels;
    Deciders deciders;  ///< every pixel in which values differ
};

}  // namespace modescope::faces
