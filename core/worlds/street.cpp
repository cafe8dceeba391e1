#include "core/worlds/street.h"

#include "core/worlds/rendering.h"
#include "core/worlds/street_parts.h"

namespace modescope {

namespace {

using namespace street;

// The tolerance of the times of day is far above the grain, for networks' pictures are smoother than
// renderings, yet a compromise between the times misses it in most places. At night contrasts are half as
// large: with the tolerance of the day a flat dark blue would pass.
constexpr std::array<double, 3> pixel_tolerance = {0.15, 0.15, 0.08};

const Palette& street_classes() {
    static const Palette classes = {
        {"sky", "Sky", {70, 130, 180}},
        {"road", "Road", {128, 64, 128}},
        {"sidewalk", "Sidewalk", {244, 35, 232}},
        {"building", "Building", {70, 70, 70}},
        {"tree", "Tree", {107, 142, 35}},
        {"car", "Car", {0, 0, 142}},
        {"lane_marking", "Lane marking", {220, 220, 220}},
        {"person", "Person", {220, 20, 60}},
    };
    return classes;
}

const std::vector<Factor>& street_factors() {
    static const std::vector<Factor> factors = {
        uniform_factor("time_of_day", "Time of day", {"day", "sunset", "night"}, true),
        uniform_factor("building_colour", "Building colour", {"brick", "sandstone", "slate"}, false),
        uniform_factor("tree_season", "Season of the trees", {"summer", "autumn", "spring blossom"}, false),
        uniform_factor("car_colour", "Car colour", {"red", "blue", "white", "black", "yellow"}, false),
        uniform_factor("clothes", "Clothes", {"red", "teal", "yellow"}, false),
    };
    return factors;
}

class StreetWorld : public World {
public:
    const std::string& id() const override { return id_; }
    const std::string& name() const override { return name_; }
    const Palette& classes() const override { return street_classes(); }
    const std::vector<Factor>& factors() const override { return street_factors(); }
    bool paintable() const override { return true; }

    Layout layout(int size, Rng& rng) const override { return draw_layout(size, rng); }

    Image render(const Layout& layout, const Style& style, Rng& rng) const override {
        const Scene scene(layout.labels);
        cv::Mat3f picture = shade(scene, style);
        add_random_part(picture, scene.labels, ClassCount, rng);
        return to_image(picture);
    }

    std::vector<Image> expected(const Layout& layout, std::span<const Style> styles) const override {
        const Scene scene(layout.labels);
        std::vector<Image> pictures;
        for (const Style& style : styles) pictures.push_back(to_image(shade(scene, style)));
        return pictures;
    }

    Deciders deciders(const Layout& layout) const override {
        Deciders deciders(layout.labels.width, layout.labels.height, 1, no_factor);
        for (std::size_t pixel = 0; pixel < deciders.data.size(); ++pixel) {
            const auto factor = factor_of_class[layout.labels.data[pixel]];
            if (factor != TimeOfDay) deciders.data[pixel] = static_cast<std::uint8_t>(factor);
        }
        return deciders;
    }

    double tolerance(const Style& style) const override { return pixel_tolerance[style[TimeOfDay]]; }

private:
    const std::string id_ = "street";
    const std::string name_ = "Street";
};

}  // namespace

const World& street_world() {
    static const StreetWorld world;
    return world;
}

}  // namespace modescope
