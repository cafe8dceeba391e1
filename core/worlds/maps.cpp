#include "core/worlds/maps.h"

#include "core/worlds/maps_parts.h"
#include "core/worlds/rendering.h"

namespace modescope {

namespace {

using namespace maps;

// Far above the grain, for networks' pictures are smoother than renderings, yet a compromise between the
// times of day misses it in most places. At night contrasts are smaller.
constexpr std::array<double, 3> pixel_tolerance = {0.15, 0.15, 0.09};

const Palette& map_classes() {
    static const Palette classes = {
        {"land", "Land", {228, 222, 202}},          {"road", "Road", {255, 255, 255}},
        {"main_road", "Main road", {250, 190, 80}}, {"water", "Water", {130, 184, 232}},
        {"park", "Park", {172, 220, 150}},          {"trees", "Trees", {92, 160, 96}},
        {"building", "Building", {190, 164, 148}},  {"parking", "Parking", {176, 176, 206}},
    };
    return classes;
}

const std::vector<Factor>& map_factors() {
    static const std::vector<Factor> factors = {
        uniform_factor("time_of_day", "Time of day", {"day", "dusk", "night"}, true),
        uniform_factor("sun_direction", "Light from", {"the left", "the right"}, true),
        uniform_factor("season", "Season", {"summer", "autumn", "winter"}, false),
        uniform_factor("roof_colour", "Roof colour", {"terracotta", "slate", "concrete"}, false),
        uniform_factor("water_tint", "Water tint", {"blue", "green", "muddy"}, false),
        uniform_factor("parking_state", "Parking lots", {"full", "empty"}, false),
    };
    return factors;
}

class MapsWorld : public World {
public:
    const std::string& id() const override { return id_; }
    const std::string& name() const override { return name_; }
    const Palette& classes() const override { return map_classes(); }
    const std::vector<Factor>& factors() const override { return map_factors(); }
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
        const Scene scene(layout.labels);
        Deciders deciders(scene.width, scene.height, 1);
        for (int y = 0; y < scene.height; ++y) {
            for (int x = 0; x < scene.width; ++x) deciders.at(x, y) = decider(scene, y, x);
        }
        return deciders;
    }

    double tolerance(const Style& style) const override { return pixel_tolerance[style[TimeOfDay]]; }

private:
    const std::string id_ = "maps";
    const std::string name_ = "Maps";
};

}  // namespace

const World& maps_world() {
    static const MapsWorld world;
    return world;
}

}  // namespace modescope
