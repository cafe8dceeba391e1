#include "core/worlds/street.h"

#include "core/worlds/street_parts.h"

namespace modescope {

namespace {

using namespace street;

// The tolerance of the times of day is far above the grain, for networks' pictures are smoother than
// renderings, yet a compromise between the times misses it in most places. At night contrasts are half as
// large: with the tolerance of the day a flat dark blue would pass.
constexpr std::array<double, 3> pixel_tolerance = {0.15, 0.15, 0.08};

// The random part of a rendering: visible as grain, far below the differences between styles.
constexpr double pixel_noise = 0.012;
constexpr double colour_jitter = 0.015;

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
