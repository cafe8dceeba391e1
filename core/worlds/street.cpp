#include "core/worlds/street.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/worlds/street_parts.h"

namespace modescope {

namespace {

using namespace street;

// How a picture is judged. The tolerance (of the largest channel, per time of day) is far above the
// grain, for networks' pictures are smoother than renderings, yet a compromise between the times of
// day misses it in most places. At night contrasts are half as large: with the tolerance of the day a
// flat dark blue would pass. Windows and outlines of one pixel may be off without the picture being
// wrong: a fifth of the pixels may disagree. The mean of all styles agrees in two thirds of the pixels
// at most, as does a flat colour.
constexpr std::array<double, 3> pixel_tolerance = {0.15, 0.15, 0.08};
constexpr double valid_match = 0.80;

// With fewer pixels a region is a speck whose colour says nothing, neither here nor to the eye.
constexpr int least_pixels = 6;
constexpr double least_share = 0.0015;

// The random part of a rendering: visible as grain, far below the differences between styles.
constexpr double pixel_noise = 0.012;
constexpr double colour_jitter = 0.015;

Factor uniform_factor(std::string id, std::string name, std::vector<std::string> values) {
    std::vector<double> probabilities(values.size(), 1.0 / static_cast<double>(values.size()));
    return {std::move(id), std::move(name), std::move(values), std::move(probabilities)};
}

const std::vector<LabelClass>& street_classes() {
    static const std::vector<LabelClass> classes = {
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
        uniform_factor("time_of_day", "Time of day", {"day", "sunset", "night"}),
        uniform_factor("building_colour", "Building colour", {"brick", "sandstone", "slate"}),
        uniform_factor("tree_season", "Season of the trees", {"summer", "autumn", "spring blossom"}),
        uniform_factor("car_colour", "Car colour", {"red", "blue", "white", "black", "yellow"}),
        uniform_factor("clothes", "Clothes", {"red", "teal", "yellow"}),
    };
    return factors;
}

int value_count(int factor) { return static_cast<int>(street_factors()[factor].values.size()); }

/// The noise-free renderings of a layout that a picture is compared with. As factors are local to
/// their class, one rendering shows value v of all of them at once, and the rendering in any style
/// is put together from three times × five.
class Reader {
public:
    explicit Reader(const LabelMap& layout) : layout_(layout) {
        const Scene scene(layout);
        for (int time = 0; time < times; ++time) {
            for (int value = 0; value < most_values; ++value) render(scene, time, value);
        }
        for (std::uint8_t label : layout.data) ++pixels_[label];
    }

    Reading read(const Image& picture) const {
        const Style style = closest_style(picture);
        Reading reading{style, match(picture, style)};
        reading.valid = reading.match >= valid_match;
        for (int label = 0; label < ClassCount; ++label) {
            if (!shows(label)) reading.values[factor_of_class[label]] = -1;
        }
        return reading;
    }

private:
    static constexpr int times = 3;
    static constexpr int most_values = 5;

    void render(const Scene& scene, int time, int value) {
        Style style(FactorCount, time);
        for (int factor = TimeOfDay + 1; factor < FactorCount; ++factor) {
            style[factor] = std::min(value, value_count(factor) - 1);
        }
        renderings_.emplace_back();
        shade(scene, style).convertTo(renderings_.back(), CV_8U, 255);
    }

    /// The rendering that shows a class in the style.
    const std::uint8_t* rendering(const Style& style, int label) const {
        const FactorIndex factor = factor_of_class[label];
        const int value = factor == TimeOfDay ? 0 : style[factor];
        return renderings_[style[TimeOfDay] * most_values + value].ptr<std::uint8_t>();
    }

    bool shows(int label) const {
        const double area = static_cast<double>(layout_.data.size());
        return factor_of_class[label] == TimeOfDay ||
               pixels_[label] >= std::max<double>(least_pixels, least_share * area);
    }

    /// Summed squared differences per class.
    std::array<double, ClassCount> differences(const Image& picture, const cv::Mat3b& rendering) const {
        std::array<double, ClassCount> sums{};
        const std::uint8_t* expected = rendering.ptr<std::uint8_t>();
        for (std::size_t pixel = 0; pixel < layout_.data.size(); ++pixel) {
            int sum = 0;
            for (std::size_t k = 3 * pixel; k < 3 * pixel + 3; ++k) {
                const int difference = picture.data[k] - expected[k];
                sum += difference * difference;
            }
            sums[layout_.data[pixel]] += sum;
        }
        return sums;
    }

    /// The best style at a time of day, and how far the picture is from it.
    std::pair<double, Style> closest_at(const Image& picture, int time) const {
        Style style(FactorCount, time);
        std::array<double, ClassCount> least;
        least.fill(std::numeric_limits<double>::infinity());
        for (int value = 0; value < most_values; ++value) {
            const auto sums = differences(picture, renderings_[time * most_values + value]);
            for (int label = 0; label < ClassCount; ++label) {
                if (sums[label] >= least[label]) continue;
                least[label] = sums[label];
                if (factor_of_class[label] != TimeOfDay) style[factor_of_class[label]] = value;
            }
        }
        double total = 0;
        for (double sum : least) total += sum;
        return {total, style};
    }

    Style closest_style(const Image& picture) const {
        auto best = closest_at(picture, 0);
        for (int time = 1; time < times; ++time) best = std::min(best, closest_at(picture, time));
        return best.second;
    }

    double match(const Image& picture, const Style& style) const {
        const double tolerance = 255 * pixel_tolerance[style[TimeOfDay]];
        std::size_t agreeing = 0;
        for (std::size_t pixel = 0; pixel < layout_.data.size(); ++pixel) {
            const std::uint8_t* expected = rendering(style, layout_.data[pixel]) + 3 * pixel;
            const std::uint8_t* actual = picture.data.data() + 3 * pixel;
            int largest = 0;
            for (int c = 0; c < 3; ++c) largest = std::max(largest, std::abs(actual[c] - expected[c]));
            agreeing += largest < tolerance;
        }
        return static_cast<double>(agreeing) / static_cast<double>(layout_.data.size());
    }

    const LabelMap& layout_;
    std::vector<cv::Mat3b> renderings_;  // [time * most_values + value]
    std::array<int, ClassCount> pixels_{};
};

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
    const std::vector<LabelClass>& classes() const override { return street_classes(); }
    const std::vector<Factor>& factors() const override { return street_factors(); }

    LabelMap layout(int size, Rng& rng) const override { return draw_layout(size, rng); }

    Image render(const LabelMap& layout, const Style& style, Rng& rng) const override {
        const Scene scene(layout);
        cv::Mat3f picture = shade(scene, style);
        add_random_part(picture, scene.labels, rng);
        Image image(layout.width, layout.height, 3);
        cv::Mat3b pixels(layout.height, layout.width, reinterpret_cast<cv::Vec3b*>(image.data.data()));
        picture.convertTo(pixels, CV_8U, 255);
        return image;
    }

    std::vector<Reading> read_all(const LabelMap& layout, const std::vector<Image>& pictures) const override {
        const Reader reader(layout);
        std::vector<Reading> readings;
        for (const Image& picture : pictures) readings.push_back(reader.read(picture));
        return readings;
    }

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
