#include "core/worlds/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/worlds/street.h"

namespace modescope {

namespace {

int draw_value(const std::vector<double>& probabilities, Rng& rng) {
    double left = rng.uniform();
    const int last = static_cast<int>(probabilities.size()) - 1;
    for (int value = 0; value < last; ++value) {
        left -= probabilities[value];
        if (left < 0) return value;
    }
    return last;
}

}  // namespace

Reading World::read(const LabelMap& layout, const Image& picture) const {
    return read_all(layout, {picture}).front();
}

Style World::draw_style(Rng& rng) const {
    Style style;
    for (const Factor& factor : factors()) style.push_back(draw_value(factor.probabilities, rng));
    return style;
}

const std::vector<const World*>& worlds() {
    static const std::vector<const World*> all = {&street_world()};
    return all;
}

const World& find_world(const std::string& id) {
    std::string known;
    for (const World* world : worlds()) {
        if (world->id() == id) return *world;
        known += (known.empty() ? "" : ", ") + world->id();
    }
    throw Error("There is no world “" + id + "”; choose one of: " + known + ".");
}

Moments true_moments(const World& world, const LabelMap& layout, int n, Rng& rng) {
    const std::size_t count = layout.data.size() * 3;
    std::vector<double> sums(count), squares(count);
    for (int i = 0; i < n; ++i) {
        const Image picture = world.render(layout, world.draw_style(rng), rng);
        for (std::size_t k = 0; k < count; ++k) {
            const double value = picture.data[k] / 255.0;
            sums[k] += value;
            squares[k] += value * value;
        }
    }
    Moments moments{{layout.width, layout.height, 3}, {layout.width, layout.height, 3}};
    for (std::size_t k = 0; k < count; ++k) {
        const double mean = sums[k] / n;
        moments.mean.data[k] = static_cast<float>(mean);
        moments.deviation.data[k] =
            static_cast<float>(std::sqrt(std::max(0.0, squares[k] / n - mean * mean)));
    }
    return moments;
}

Image colour_labels(const World& world, const LabelMap& layout) {
    Image picture(layout.width, layout.height, 3);
    for (std::size_t pixel = 0; pixel < layout.data.size(); ++pixel) {
        const Rgb& colour = world.classes()[layout.data[pixel]].colour;
        std::ranges::copy(colour, picture.data.begin() + 3 * pixel);
    }
    return picture;
}

LabelMap labels_from_colours(const World& world, const Image& picture) {
    LabelMap labels(picture.width, picture.height);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            const Rgb colour{picture.at(x, y, 0), picture.at(x, y, 1), picture.at(x, y, 2)};
            const auto found = std::ranges::find(world.classes(), colour, &LabelClass::colour);
            if (found == world.classes().end())
                throw Error(fmt::format("the colour #{:02x}{:02x}{:02x} at x {}, y {} belongs to no class of {}; use the "
                                        "colours of its label pictures.",
                                        colour[0], colour[1], colour[2], x, y, world.name()));
            labels.at(x, y) = static_cast<std::uint8_t>(found - world.classes().begin());
        }
    return labels;
}

LabelMap resized(const LabelMap& layout, int size) {
    LabelMap result(size, size);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x)
            result.at(x, y) = layout.at(x * layout.width / size, y * layout.height / size);
    return result;
}

}  // namespace modescope
