#include <algorithm>
#include <cmath>

#include "core/worlds/faces_parts.h"

namespace modescope::faces {
namespace {

const Colour white(1, 1, 1);
const Colour night(0.10f, 0.07f, 0.10f);

Colour mix(const Colour& a, const Colour& b, float way) { return (1 - way) * a + way * b; }
Colour times(const Colour& a, const Colour& b) { return a.mul(b); }

class Portrait {
public:
    Portrait(int size, const Traits& traits)
        : size_(size),
          traits_(traits),
          details_(details_of(traits)),
          radii_(get(traits_, HeadWidth), get(traits_, HeadHeight)),
          side_(has(traits_, Mirrored) ? -1.0f : 1.0f),
          skin_(colour(traits_, SkinColour)),
          shade_(times(skin_, {0.84f, 0.74f, 0.74f})),
          hair_(colour(traits_, HairColour)),
          face_(cover(face_outline(), size)) {}

    /// Everything that no factor decides.
    Canvas without_factors() const {
        Canvas canvas(size_);
        paint_backdrop(canvas);
        paint_hair(canvas, haircut().behind, {hair_, 0.94f, 0.88f});
        paint_body(canvas);
        paint_head(canvas);
        paint_hair_over(canvas);
        paint_brows(canvas);
        return canvas;
    }

    void paint_irises(Canvas& canvas, int value) const {
        static const std::array<Colour, value_count> colours = {
            {{0.50f, 0.27f, 0.10f}, {0.16f, 0.47f, 0.90f}, {0.20f, 0.62f, 0.26f}}};
        for (const float side : {-1.0f, 1.0f}) {
            const Point at = eye(side);
            const Mask iris = inside(mask(superellipse(at, 2.4f, 2.4f)), white_of_eye(side));
            canvas.paint(iris, {colours[value], 0.82f, 1.12f}, Iris);
            canvas.paint(superellipse(at, 1.1f, 1.1f), night, Iris);
            canvas.paint(superellipse(at + Point(-0.75f, -0.8f), 0.7f, 0.7f), white, Iris);
            paint_lid(canvas, side);
        }
    }

    void paint_mouth(Canvas& canvas, int value) const {
        const Point at = mouth();
        if (value == 0)
            canvas.paint(stroke(at + Point(-3.4f, 0.4f), at + Point(0, 1.6f), at + Point(3.4f, 0.4f), 1.5f),
                         lips(), Mouth);
        if (value == 1)
            canvas.paint(stroke(at + Point(-5.2f, -1.0f), at + Point(0, 4.8f), at + Point(5.2f, -1.0f), 1.5f),
                         lips(), Mouth);
        if (value == 2) paint_laugh(canvas, at);
    }

    void paint_glasses(Canvas& canvas, int value) const {
        if (value == 0) return;
        const auto rim = [&](Point at, float inset) {
            return value == 1 ? superellipse(at, 5.0f - inset, 5.0f - inset)
                              : superellipse(at, 5.0f - inset, 4.2f - inset, 6);
        };
        const Colour& frame = details_.frame;
        for (const float side : {-1.0f, 1.0f})
            canvas.paint(outside(mask(rim(eye(side), 0)), mask(rim(eye(side), 1.1f))), {frame, 1, 0.9f},
                         Glasses);
        const Point bridge = (eye(-1) + eye(1)) / 2;
        canvas.paint(
            stroke(bridge + Point(-1.5f, -0.7f), bridge + Point(0, -1.9f), bridge + Point(1.5f, -0.7f), 1.1f),
            frame, Glasses);
    }

private:
    static constexpr float eye_distance = 6;  ///< from the middle of the face

    const HaircutShape& haircut() const { return haircut_shape(static_cast<int>(traits_[Haircut])); }

    Point in_head(Point place) const { return head_centre + Point(place.x * radii_.x, place.y * radii_.y); }
    /// Of outlines in which the head spans −1 … 1.
    Contour in_head(Contour outline) const {
        for (auto& point : outline) point = in_head(point);
        return outline;
    }
    Contour in_hair(Contour outline) const {
        for (auto& point : outline) point.x *= side_;
        return in_head(outline);
    }
    Point eye(float side) const { return head_centre + Point(side * eye_distance, 1); }
    Point mouth() const { return in_head({0, 0.64f}); }
    Point neck() const { return in_head({0, 1}) + Point(0, 3.5f); }

    Contour face_outline() const {
        Contour outline = superellipse({0, 0}, 1, 1, details_.roundness);
        for (auto& point : outline) {
            if (point.y < 0)
                point = point * (1 / std::hypot(point.x, point.y));
            else
                point.x *= 1 - details_.jaw * point.y * point.y;
        }
        return in_head(outline);
    }

    Mask mask(const Contour& outline) const { return cover(outline, size_); }

    void paint_backdrop(Canvas& canvas) const {
        const Colour base = colour(traits_, BackdropColour);
        canvas.paint(mask({{-1, -1}, {65, -1}, {65, 65}, {-1, 65}}), {base, 1.05f, 0.90f}, Background);
        if (traits_[Backdrop] == 1)
            canvas.tint(mask(superellipse({head_centre.x, head_centre.y + 4}, 26, 26)), white, 0.28f);
        for (int ray = 0; traits_[Backdrop] == 2 && ray < 12; ++ray) {
            const auto tip = [&](float turn) {
                const float angle = static_cast<float>(CV_2PI) * turn / 12;
                return head_centre + 90 * Point(std::cos(angle), std::sin(angle));
            };
            canvas.tint(mask({head_centre, tip(ray + 0.1f), tip(ray + 0.6f)}), white, 0.16f);
        }
    }

    void paint_hair(Canvas& canvas, const std::vector<Contour>& outlines, const Ink& ink) const {
        for (const auto& outline : outlines) canvas.paint(in_hair(outline), ink, Hair);
    }

    void paint_hair_over(Canvas& canvas) const {
        for (const auto& outline : haircut().over) {
            const Mask shadow = mask(moved(in_hair(outline), {0.5f * side_, 1.4f}));
            canvas.tint(inside(shadow, face_), shade_, 0.7f);
        }
        paint_hair(canvas, haircut().over, {hair_, 1.05f, 0.92f});
    }

    void paint_body(Canvas& canvas) const {
        const Colour shirt = colour(traits_, ShirtColour);
        const float width = get(traits_, Shoulders);
        const Contour body =
            symmetric({{5, -1}, {10, 1}, {width - 3, 4.5f}, {width, 9}, {width + 1, 30}, {width + 1, 30}});
        canvas.paint(moved(body, neck()), {shirt, 1.05f, 0.95f}, Shirt);
        paint_neckline(canvas, shirt);
    }

    void paint_neck(Canvas& canvas) const {
        const Mask column = mask(superellipse(neck() - Point(0, 6), 4.9f, 8, 5));
        canvas.paint(column, skin_, Skin);
        canvas.tint(inside(column, mask(moved(face_outline(), {0.6f * side_, 3.2f}))), shade_, 0.9f);
    }

    void paint_neckline(Canvas& canvas, const Colour& shirt) const {
        const Colour edge = times(shirt, {0.72f, 0.72f, 0.74f});
        const double neckline = traits_[Neckline];
        if (neckline == 0) paint_round_neckline(canvas, edge);
        if (neckline == 1) paint_v_neckline(canvas, edge, 9);
        if (neckline == 2) paint_v_neckline(canvas, edge, 5.5f);
        paint_neck(canvas);
        if (neckline == 2)
            for (const float side : {-1.0f, 1.0f}) paint_lapel(canvas, mix(shirt, white, 0.72f), side);
        if (neckline == 3)
            canvas.paint(superellipse(neck() - Point(0, 0.6f), 6.2f, 3.4f, 4), {edge, 1.1f, 0.95f}, Collar);
    }

    void paint_round_neckline(Canvas& canvas, const Colour& edge) const {
        canvas.paint(superellipse(neck(), 7.4f, 4.6f), edge, Collar);
        canvas.paint(superellipse(neck() - Point(0, 0.4f), 6.0f, 3.4f), skin_, Skin);
    }

    void paint_v_neckline(Canvas& canvas, const Colour& edge, float depth) const {
        const auto wedge = [&](float half_width, float deep) {
            return moved({{-half_width, -1.5f}, {half_width, -1.5f}, {0, deep}}, neck());
        };
        canvas.paint(wedge(7.4f, depth + 2), edge, Collar);
        canvas.paint(wedge(5.8f, depth), skin_, Skin);
    }

    void paint_lapel(Canvas& canvas, const Colour& colour, float side) const {
        Contour corners = {{5.0f, -3.2f}, {0.3f, 3.4f}, {4.4f, 7.2f}, {8.8f, 2.0f}, {6.6f, -1.6f}};
        for (auto& corner : corners) corner = neck() + Point(side * corner.x, corner.y);
        canvas.paint(corners, {colour, 1, 0.9f}, Collar);
    }

    void paint_head(Canvas& canvas) const {
        for (const float side : {-1.0f, 1.0f}) paint_ear(canvas, side);
        canvas.paint(face_, {skin_, 1.02f, 0.98f}, Skin);
        const Mask lit = mask(moved(face_outline(), {-1.8f * side_, -1.2f}));
        canvas.tint(outside(face_, lit), shade_, 0.55f);
        paint_cheeks(canvas);
        if (details_.bearded) paint_beard(canvas);
        paint_nose(canvas);
        for (const float side : {-1.0f, 1.0f})
            canvas.paint(inside(white_of_eye(side), face_), {white, 0.93f, 1}, EyeWhite);
    }

    void paint_ear(Canvas& canvas, float side) const {
        const Point at = in_head({side * 1.02f, 0.12f});
        canvas.paint(superellipse(at, 2.7f, 3.7f), {skin_, 1, 0.94f}, Skin);
        canvas.tint(mask(superellipse(at + Point(side * 0.2f, 0.1f), 1.3f, 2.1f)), shade_, 0.8f);
        if (details_.earrings)
            canvas.paint(superellipse(at + Point(side * 0.8f, 4.4f), 1.2f, 1.2f), Colour(0.98f, 0.82f, 0.36f),
                         Skin);
    }

    void paint_cheeks(Canvas& canvas) const {
        const Colour blush = mix(skin_, {0.96f, 0.35f, 0.35f}, 0.6f);
        for (const float side : {-1.0f, 1.0f}) {
            const Point at = in_head({side * 0.6f, 0.42f});
            canvas.tint(inside(mask(superellipse(at, 3.0f, 2.0f)), face_), blush, 0.6f * details_.blush);
            if (!details_.freckles) continue;
            for (const Point spot : {Point(-1.6f, -1.2f), Point(0.2f, 0.2f), Point(1.7f, -1.0f)})
                canvas.tint(mask(superellipse(at + spot, 0.55f, 0.55f)), shade_, 0.9f);
        }
    }

    void paint_beard(Canvas& canvas) const {
        const Contour beard = symmetric({{0, 1.2f},
                                         {0.45f, 1.14f},
                                         {0.84f, 0.88f},
                                         {1.0f, 0.45f},
                                         {1.01f, -0.05f},
                                         {1.01f, -0.05f},
                                         {0.88f, 0.20f},
                                         {0.66f, 0.47f},
                                         {0.30f, 0.42f}});
        const Contour gap = superellipse(mouth() + Point(0, 1.2f), 6.6f, 3.6f, 2.4f);
        canvas.paint(outside(mask(in_head(beard)), mask(gap)), {hair_, 0.92f, 0.84f}, Beard);
    }

    void paint_nose(Canvas& canvas) const {
        const Point at = in_head({0, 0.36f});
        const float width = details_.nose_width;
        canvas.tint(mask(superellipse(at, width, 1.3f)), shade_, 0.95f);
        canvas.tint(mask(superellipse(at - Point(0.3f * side_, 0.6f), 0.8f * width, 1.1f)), skin_, 1);
    }

    void paint_brows(Canvas& canvas) const {
        const Colour brow = mix(hair_, night, 0.45f);
        const float rise = details_.brow_rise;
        for (const float side : {-1.0f, 1.0f}) {
            const Point at = eye(side) - Point(0, 6.4f);
            canvas.paint(stroke(at - Point(side * 2.8f, -0.4f), at - Point(side * -0.6f, 1.0f + 0.5f * rise),
                                at + Point(side * 3.2f, 0.3f - 0.6f * rise), 1.4f),
                         brow, Brow);
        }
    }

    Mask white_of_eye(float side) const { return mask(superellipse(eye(side), 3.2f, 2.7f, 2.2f)); }

    void paint_lid(Canvas& canvas, float side) const {
        const Point at = eye(side);
        canvas.paint(stroke(at + Point(-3.2f, -0.9f), at + Point(0, -4.6f), at + Point(3.2f, -0.9f), 1.0f),
                     night, Brow);
        if (details_.lashes)
            canvas.paint(stroke(at + Point(side * 3.0f, -1.2f), at + Point(side * 3.5f, -1.4f),
                                at + Point(side * 4.1f, -2.3f), 0.8f),
                         night, Brow);
    }

    /// Well apart from the skin: red that is brighter the darker the skin is.
    Colour lips() const {
        const float light = 0.3f * skin_[0] + 0.59f * skin_[1] + 0.11f * skin_[2];
        return mix({0.89f, 0.25f, 0.29f}, {0.67f, 0.15f, 0.18f}, std::clamp(4 * light - 1.8f, 0.0f, 1.0f));
    }

    void paint_laugh(Canvas& canvas, Point at) const {
        const Contour knots = {{-5.2f, -1.4f}, {-5.2f, -1.4f}, {0, -0.8f}, {5.2f, -1.4f},
                               {5.2f, -1.4f},  {3.6f, 2.4f},   {0, 4.2f},  {-3.6f, 2.4f}};
        const Mask laugh = mask(moved(smooth(knots), at));
        canvas.paint(laugh, Colour(0.34f, 0.05f, 0.09f), Mouth);
        canvas.paint(inside(laugh, mask(superellipse(at + Point(0, -1.2f), 4.3f, 2.0f, 3))), white, Mouth);
        canvas.paint(inside(laugh, mask(superellipse(at + Point(0, 4.4f), 2.9f, 2.0f))),
                     Colour(0.90f, 0.40f, 0.42f), Mouth);
    }

    int size_;
    const Traits& traits_;
    Details details_;
    Point radii_;
    float side_;  ///< where the light does not come from, and the hair's parting
    Colour skin_, shade_, hair_;
    Mask face_;
};

}  // namespace

Canvas paint_portrait(int size, const Traits& traits) { return Portrait(size, traits).without_factors(); }

void paint_feature(Canvas& canvas, const Traits& traits, FactorIndex factor, int value) {
    const Portrait portrait(canvas.size(), traits);
    if (factor == EyeColour) portrait.paint_irises(canvas, value);
    if (factor == MouthShape) portrait.paint_mouth(canvas, value);
    if (factor == GlassesShape) portrait.paint_glasses(canvas, value);
}

}  // namespace modescope::faces
