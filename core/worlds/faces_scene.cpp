#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/base/error.h"
#include "core/worlds/faces_parts.h"

namespace modescope::faces {
namespace {

/// The side of the cells of patterns, at any size of the picture: a picture shrunk 4 times hides them.
constexpr int period = 4;

/// Its sign there, ±1; the mean over a cell is 0.
int pattern(FactorIndex factor, int value, int x, int y) {
    const auto first_half = [&](int at) { return 2 * (at % period) < period; };
    const int across = first_half(x) ? 1 : -1, down = first_half(y) ? 1 : -1;
    if (value == 0) return across;
    if (value == 2) return -across * down;
    return factor == ShirtPattern ? down : first_half(x + y) ? 1 : -1;
}

/// What three renderings do not agree on is decided by the factor in which they differ.
void give_to(Scene& scene, FactorIndex factor, Class label) {
    for (std::size_t pixel = 0; pixel < scene.deciders.data.size(); ++pixel) {
        const auto differs = [&](const Image& other) {
            return !std::equal(other.data.begin() + 3 * pixel, other.data.begin() + 3 * pixel + 3,
                               scene.shown[0].data.begin() + 3 * pixel);
        };
        if (scene.deciders.data[pixel] != no_factor || std::ranges::none_of(scene.shown, differs)) continue;
        scene.deciders.data[pixel] = static_cast<std::uint8_t>(factor);
        scene.labels.data[pixel] = static_cast<std::uint8_t>(label);
    }
}

/// Cells that show nothing but one class get its pattern; others keep the plain colour, and so their mean.
class Cells {
public:
    Cells(const Canvas& canvas, Scene& scene) : canvas_(canvas), scene_(scene) {}

    void add(FactorIndex factor, Class label, const Colour& stripes) {
        std::array<int, 3> levels;
        for (int c = 0; c < 3; ++c) levels[c] = cvRound(255 * stripes[c]);
        for (int top = 0; top + period <= canvas_.size(); top += period)
            for (int left = 0; left + period <= canvas_.size(); left += period)
                if (plain(left, top, label)) fill(left, top, factor, levels);
    }

private:
    bool plain(int left, int top, Class label) const {
        for (int y = top; y < top + period; ++y)
            for (int x = left; x < left + period; ++x)
                if (!canvas_.alone(x, y) || canvas_.label(x, y) != label ||
                    scene_.deciders.at(x, y) != no_factor)
                    return false;
        return true;
    }

    void fill(int left, int top, FactorIndex factor, const std::array<int, 3>& levels) {
        for (int y = top; y < top + period; ++y)
            for (int x = left; x < left + period; ++x) fill_pixel(x, y, factor, levels);
    }

    void fill_pixel(int x, int y, FactorIndex factor, const std::array<int, 3>& levels) {
        int sum = 0;
        for (int value = 0; value < value_count; ++value) {
            const int sign = pattern(factor, value, x, y);
            sum += sign;
            for (int c = 0; c < 3; ++c)
                scene_.shown[value].at(x, y, c) =
                    cv::saturate_cast<uchar>(scene_.shown[value].at(x, y, c) + sign * levels[c]);
        }
        if (std::abs(sum) < value_count) scene_.deciders.at(x, y) = static_cast<std::uint8_t>(factor);
    }

    const Canvas& canvas_;
    Scene& scene_;
};

void check(const Traits& traits) {
    if (traits.size() != TraitCount)
        throw Error(fmt::format("A layout of faces has {} traits, not {}; draw one from the world.",
                                static_cast<int>(TraitCount), traits.size()));
}

LabelMap labels_of(const Canvas& canvas) {
    LabelMap labels(canvas.size(), canvas.size());
    for (int y = 0; y < canvas.size(); ++y)
        for (int x = 0; x < canvas.size(); ++x)
            labels.at(x, y) = static_cast<std::uint8_t>(canvas.label(x, y));
    return labels;
}

/// What lies over the rest. Later features lose what they share with earlier ones.
void add_features(Scene& scene, const Canvas& still, const Traits& traits) {
    constexpr std::array<std::pair<FactorIndex, Class>, 3> features = {
        {{EyeColour, Iris}, {MouthShape, Mouth}, {GlassesShape, Glasses}}};
    std::array<Canvas, value_count> canvases = {still.copy(), still.copy(), still.copy()};
    for (const auto& [factor, label] : features) {
        for (int value = 0; value < value_count; ++value) {
            paint_feature(canvases[value], traits, factor, value);
            scene.shown[value] = canvases[value].picture();
        }
        give_to(scene, factor, label);
    }
}

}  // namespace

Scene::Scene(int size, const Traits& traits) : deciders(size, size, 1, no_factor) {
    check(traits);
    const Canvas still = paint_portrait(size, traits);
    labels = labels_of(still);
    add_features(*this, still, traits);
    Cells cells(still, *this);
    cells.add(HairTexture, Hair, stripes_on(colour(traits, HairColour)));
    cells.add(ShirtPattern, Shirt, stripes_on(colour(traits, ShirtColour)));
}

Image Scene::picture(const Style& style) const {
    Image picture = shown[0];
    for (std::size_t pixel = 0; pixel < deciders.data.size(); ++pixel)
        if (const auto factor = deciders.data[pixel]; factor != no_factor)
            std::copy_n(shown[style[factor]].data.begin() + 3 * pixel, 3, picture.data.begin() + 3 * pixel);
    return picture;
}

}  // namespace modescope::faces
