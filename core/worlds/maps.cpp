#include "core/worlds/maps.h"

#include "core/worlds/maps_parts.h"

namespace modescope {

namespace {

using namespace maps;

// Far above the grain, for networks' pictures are smoother than renderings, yet a compromise between the
// times of day misses it in most places. At night contrasts are smaller.
constexpr std::array<double, 3> pixel_tolerance = {0.15, 0.15, 0.09};

// The random part of a rendering: visible as grain, far below the differences between styles.
constexpr double pixel_noise = 0.012;
constexpr double colour_jitter = 0.015;

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

Image to_image(const cv::Mat3f& picture) {
    Image image(picture.cols, picture.rows, 3);
    picture.convertTo(cv::Mat3b(picture.rows, picture.cols, reinterpret_cast<cv::Vec3b*>(image.data.data())),
                      CV_8U, 255);
    return image;
}

void add_random_part(cv::Mat3f& picture, const cv::Mat1b& labels, Rng& rng) {
    std::array<cv::Vec3f, ClassCount> jitter;
    for (cv::Vec3f& colour : jitter) {
        for (int c = 0; c < 3; ++c) colour[c] = static_cast<float>(rng.normal() * colour_jitter);
    }
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) {
            const float grain = static_cast<float>(rng.normal() * pixel_noise);
            picture(y, x) += jitter[labels(y, x)] + cv::Vec3f::all(grain);
        }
    }
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
        add_random_part(picture, scene.labels, rng);
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
