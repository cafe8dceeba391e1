#include "core/worlds/faces.h"

#include <algorithm>
#include <cmath>

#include "core/worlds/faces_parts.h"
#include "core/worlds/rendering.h"

namespace modescope {
namespace {

using namespace faces;

// Less than two thirds of what stripes add and take away: neither the plain colour nor the mean over the
// patterns agrees with them. Far above the random part.
constexpr double pixel_tolerance = 0.11;

// Bounds that keep the random part within the room that colours leave it: cut-off values would have other
// means.
constexpr int most_noise = 20;  ///< of 255

const Palette& face_classes() {
    static const Palette classes = {
        {"background", "Background", {70, 130, 180}},
        {"hair", "Hair", {120, 80, 40}},
        {"skin", "Skin", {255, 200, 160}},
        {"eye_white", "Eye white", {255, 255, 255}},
        {"iris", "Iris", {0, 160, 120}},
        {"brow", "Brow", {70, 40, 20}},
        {"mouth", "Mouth", {200, 40, 60}},
        {"beard", "Beard", {160, 110, 60}},
        {"glasses", "Glasses", {30, 30, 30}},
        {"shirt", "Shirt", {244, 180, 0}},
        {"collar", "Collar", {180, 120, 0}},
    };
    return classes;
}

const std::vector<Factor>& face_factors() {
    static const std::vector<Factor> factors = {
        uniform_factor("hair_texture", "Hair texture", {"straight", "slanted", "braided"}, false),
        uniform_factor("shirt_pattern", "Shirt pattern", {"vertical stripes", "horizontal stripes", "checks"},
                       false),
        uniform_factor("glasses", "Glasses", {"none", "round", "square"}, false),
        uniform_factor("eye_colour", "Eye colour", {"brown", "blue", "green"}, false),
        uniform_factor("mouth", "Mouth", {"neutral", "smile", "open"}, false),
    };
    return factors;
}

/// What may lie on the skin takes part in its jitter: else one would see where glasses could be.
Class jittered_as(std::uint8_t label) {
    const bool on_skin = label == Glasses || label == Mouth || label == Iris || label == Brow;
    return on_skin ? Skin : static_cast<Class>(label);
}

/// In whole levels, as are the stripes: box means of patterns stay equal to the last bit.
void add_random_part(Image& picture, const LabelMap& labels, Rng& rng) {
    std::array<std::array<double, 3>, ClassCount> jitter;
    for (auto& colour : jitter)
        for (double& channel : colour) channel = rng.normal() * colour_jitter;
    for (std::size_t pixel = 0; pixel < labels.data.size(); ++pixel) {
        const auto& colour = jitter[jittered_as(labels.data[pixel])];
        const double grain = rng.normal() * pixel_noise;
        for (int c = 0; c < 3; ++c) {
            auto& level = picture.data[3 * pixel + c];
            const int noise = static_cast<int>(std::lround(255 * (colour[c] + grain)));
            level = static_cast<std::uint8_t>(
                std::clamp(level + std::clamp(noise, -most_noise, most_noise), 0, 255));
        }
    }
}

class FacesWorld : public World {
public:
    const std::string& id() const override { return id_; }
    const std::string& name() const override { return name_; }
    const Palette& classes() const override { return face_classes(); }
    const std::vector<Factor>& factors() const override { return face_factors(); }
    bool paintable() const override { return false; }

    Layout layout(int size, Rng& rng) const override {
        Layout layout;
        layout.traits = draw_traits(rng);
        layout.labels = Scene(size, layout.traits).labels;
        return layout;
    }

    Image render(const Layout& layout, const Style& style, Rng& rng) const override {
        Image picture = scene_of(layout).picture(style);
        add_random_part(picture, layout.labels, rng);
        return picture;
    }

    std::vector<Image> expected(const Layout& layout, std::span<const Style> styles) const override {
        const Scene scene = scene_of(layout);
        std::vector<Image> pictures;
        for (const Style& style : styles) pictures.push_back(scene.picture(style));
        return pictures;
    }

    Deciders deciders(const Layout& layout) const override { return scene_of(layout).deciders; }

    LabelMap jittered_together(const Layout& layout) const override {
        LabelMap classes = layout.labels;
        std::ranges::transform(classes.data, classes.data.begin(), [](std::uint8_t label) {
            return static_cast<std::uint8_t>(jittered_as(label));
        });
        return classes;
    }

    double tolerance(const Style&) const override { return pixel_tolerance; }

private:
    static Scene scene_of(const Layout& layout) { return {layout.labels.width, layout.traits}; }

    const std::string id_ = "faces";
    const std::string name_ = "Faces";
};

}  // namespace

const World& faces_world() {
    static const FacesWorld world;
    return world;
}

}  // namespace modescope
