#include "core/worlds/style_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>

#include "core/worlds/rendering.h"

namespace modescope {
namespace {

// Windows and outlines of one pixel may be off without the picture being wrong: a fifth of the pixels may
// disagree, and a fifth of those that hidden factors decide. In a hole most pixels are certain; without the
// second share the mean of all styles would pass.
constexpr double valid_match = 0.80;

// With fewer pixels a region is a speck whose colour says nothing, neither here nor to the eye.
constexpr int least_pixels = 6;
constexpr double least_share = 0.0015;

// Rounding, of 255: box means of equal patterns need not be equal to the last bit.
constexpr int same_value = 2;

/// Of the pixels that were looked at, those that agree.
struct Share {
    std::size_t agreeing = 0, all = 0;
    void add(bool agrees) {
        agreeing += agrees;
        ++all;
    }
    double value() const { return all == 0 ? 1 : static_cast<double>(agreeing) / static_cast<double>(all); }
};

int value_count(const Factor& factor) { return static_cast<int>(factor.values.size()); }

bool same_pictures(const Image& a, const Image& b) {
    const auto alike = [](int x, int y) { return std::abs(x - y) <= same_value; };
    return std::ranges::equal(a.data, b.data, alike);
}

bool all_the_same(const std::vector<Image>& pictures) {
    return std::ranges::all_of(
        pictures, [&](const Image& picture) { return same_pictures(picture, pictures.front()); });
}

/// What a condition derived from the target lets one see of it.
Image visible(const Image& y, const Condition& x, const TaskSettings& settings) {
    return derive_condition(settings.task, y, settings.scale, x.mask).picture;
}

bool is_hidden(const World& world, const Example& example, const TaskSettings& settings, std::size_t factor) {
    std::vector<Style> styles;
    for (int value = 0; value < value_count(world.factors()[factor]); ++value) {
        styles.push_back(example.style);
        styles.back()[factor] = value;
    }
    auto pictures = world.expected(example.layout, styles);
    if (all_the_same(pictures)) return false;  // the layout has nothing that it could change
    for (auto& picture : pictures) picture = visible(picture, example.pair.x, settings);
    return all_the_same(pictures);
}

/// Where the patterns are that a small picture hides.
LabelMap decided_by_hidden(const Deciders& deciders, const std::vector<bool>& hidden) {
    LabelMap open(deciders.width, deciders.height);
    std::ranges::transform(deciders.data, open.data.begin(),
                           [&](std::uint8_t f) { return f != no_factor && hidden[f] ? 1 : 0; });
    return open;
}

/// The hidden factors that change everything or decide enough of the open pixels.
std::vector<bool> readable_factors(const World& world, const Deciders& deciders, const Hidden& hidden) {
    const auto& factors = world.factors();
    std::vector<int> pixels(factors.size(), 0);
    for (std::size_t pixel = 0; pixel < deciders.data.size(); ++pixel)
        if (hidden.pixels.data[pixel] && deciders.data[pixel] != no_factor) ++pixels[deciders.data[pixel]];
    const double least =
        std::max<double>(least_pixels, least_share * static_cast<double>(deciders.data.size()));
    std::vector<bool> readable(factors.size());
    for (std::size_t f = 0; f < factors.size(); ++f)
        readable[f] = hidden.factors[f] && (factors[f].everywhere || pixels[f] >= least);
    return readable;
}

/// A random style in which only what is hidden is free.
Style draw_hidden(const World& world, const Hidden& hidden, Rng& rng) {
    auto style = world.draw_style(rng);
    for (std::size_t f = 0; f < style.size(); ++f)
        if (!hidden.factors[f]) style[f] = hidden.style[f];
    return style;
}

/// Side of the boxes whose means x shows; 1 around a hole.
int box_side(const Condition& x, int width) { return width / x.picture.width; }

bool is_shown(const Condition& x, int column, int row) { return x.mask.empty() || !x.mask.at(column, row); }

/// Whether a pixel of x shows nothing but one class.
bool is_one_class(const LabelMap& classes, int column, int row, int side) {
    const auto first = classes.at(side * column, side * row);
    for (int y = side * row; y < side * (row + 1); ++y)
        for (int x = side * column; x < side * (column + 1); ++x)
            if (classes.at(x, y) != first) return false;
    return true;
}

void shift(std::uint8_t& level, double by) {
    level = static_cast<std::uint8_t>(std::clamp(std::lround(level + by), 0L, 255L));
}

/// By how many levels x is brighter than a drawn picture in one class.
struct Gap {
    std::array<double, 3> sums{};  ///< per channel, over the pixels of x that show nothing but the class
    int count = 0;                 ///< of these pixels

    void add(const Image& x, const Image& drawn, int column, int row) {
        for (int c = 0; c < 3; ++c) sums[c] += x.at(column, row, c) - drawn.at(column, row, c);
        ++count;
    }

    /// What of it is jitter to expect where a pixel of x is the mean of `box` pixels: all but a share of its
    /// grey, which is grain.
    std::array<double, 3> jitter(int box) const {
        std::array<double, 3> expected{};
        if (count == 0) return expected;
        const double ratio = pixel_noise / colour_jitter, grain = 3 * ratio * ratio / (count * box);
        const double grey = (sums[0] + sums[1] + sums[2]) / 3 * grain / (1 + grain);
        for (int c = 0; c < 3; ++c) expected[c] = (sums[c] - grey) / count;
        return expected;
    }
};

using Gaps = std::array<Gap, 256>;  ///< per class

Gaps gaps_between(const Condition& x, const Image& drawn, const LabelMap& classes) {
    const int side = box_side(x, classes.width);
    const auto means = shrink(drawn, side);
    Gaps gaps;
    for (int row = 0; row < x.picture.height; ++row)
        for (int column = 0; column < x.picture.width; ++column)
            if (is_shown(x, column, row) && is_one_class(classes, column, row, side))
                gaps[classes.at(side * column, side * row)].add(x.picture, means, column, row);
    return gaps;
}

/// Matheron's rule: as jitter and grain are normal, a draw that is moved by what its distance from the
/// observation makes one expect is a draw given the observation.
void take_jitter(const Condition& x, const LabelMap& classes, Image& drawn) {
    const int side = box_side(x, drawn.width);
    std::array<std::array<double, 3>, 256> jitter{};
    std::ranges::transform(gaps_between(x, drawn, classes), jitter.begin(),
                           [&](const Gap& gap) { return gap.jitter(side * side); });
    for (std::size_t k = 0; k < drawn.data.size(); ++k)
        shift(drawn.data[k], jitter[classes.data[k / 3]][k % 3]);
}

/// Shifts each box to the mean that x shows; of single pixels that is a copy.
void take_means(const Condition& x, Image& drawn) {
    const int side = box_side(x, drawn.width);
    const auto means = shrink(drawn, side);
    for (int row = 0; row < drawn.height; ++row)
        for (int column = 0; column < drawn.width; ++column) {
            const int left = column / side, top = row / side;
            if (!is_shown(x, left, top)) continue;
            for (int c = 0; c < 3; ++c)
                shift(drawn.at(column, row, c), x.picture.at(left, top, c) - means.at(left, top, c));
        }
}

}  // namespace

Hidden all_hidden(const World& world, const Layout& layout) {
    return {std::vector<bool>(world.factors().size(), true),
            LabelMap(layout.labels.width, layout.labels.height, 1), Style(world.factors().size(), 0)};
}

Hidden hidden_from(const World& world, const Example& example, const TaskSettings& settings) {
    if (settings.task == Task::labels) return all_hidden(world, example.layout);
    Hidden hidden{.style = example.style, .x = example.pair.x};
    for (std::size_t f = 0; f < world.factors().size(); ++f)
        hidden.factors.push_back(is_hidden(world, example, settings, f));
    hidden.pixels = settings.task == Task::inpainting
                        ? example.pair.x.mask
                        : decided_by_hidden(world.deciders(example.layout), hidden.factors);
    return hidden;
}

bool hides_something(const World& world, const Layout& layout, const Hidden& hidden) {
    return std::ranges::any_of(readable_factors(world, world.deciders(layout), hidden), std::identity());
}

Image draw_true(const World& world, const Layout& layout, const Hidden& hidden, Rng& rng) {
    auto picture = world.render(layout, draw_hidden(world, hidden, rng), rng);
    if (hidden.x.picture.empty()) return picture;
    take_jitter(hidden.x, world.jittered_together(layout), picture);
    take_means(hidden.x, picture);
    return picture;
}

StyleReader::StyleReader(const World& world, const Layout& layout, Hidden hidden)
    : world_(world),
      hidden_(std::move(hidden)),
      deciders_(world.deciders(layout)),
      combinations_{Style(world.factors().size(), 0)},
      readable_(readable_factors(world, deciders_, hidden_)) {
    render(layout);
    for (std::size_t f = 0; f < readable_.size(); ++f)
        everything_hidden_ |= world_.factors()[f].everywhere && hidden_.factors[f];
}

/// As the other factors are local to their pixels, one rendering shows value v of all of them at once, and
/// the rendering in any style is put together from these.
void StyleReader::render(const Layout& layout) {
    const auto& factors = world_.factors();
    for (std::size_t f = 0; f < factors.size(); ++f) {
        if (!factors[f].everywhere) {
            most_values_ = std::max(most_values_, value_count(factors[f]));
            continue;
        }
        std::vector<Style> more;
        for (const auto& combination : combinations_)
            for (int value = 0; value < value_count(factors[f]); ++value) {
                more.push_back(combination);
                more.back()[f] = value;
            }
        combinations_ = more;
    }
    std::vector<Style> styles;
    for (auto style : combinations_)
        for (int value = 0; value < most_values_; ++value) {
            for (std::size_t f = 0; f < factors.size(); ++f)
                if (!factors[f].everywhere) style[f] = std::min(value, value_count(factors[f]) - 1);
            styles.push_back(style);
        }
    renderings_ = world_.expected(layout, styles);
}

bool StyleReader::allowed(std::size_t factor, int value) const {
    return value < value_count(world_.factors()[factor]) &&
           (hidden_.factors[factor] || hidden_.style[factor] == value);
}

const Image& StyleReader::rendering(std::size_t combination, int value) const {
    return renderings_[combination * most_values_ + value];
}

/// Summed squared differences of the open pixels, per factor that decides them; last those of no factor.
std::vector<double> StyleReader::differences(const Image& picture, const Image& rendering) const {
    std::vector<double> sums(world_.factors().size() + 1, 0);
    for (std::size_t pixel = 0; pixel < deciders_.data.size(); ++pixel) {
        if (!hidden_.pixels.data[pixel]) continue;
        int sum = 0;
        for (std::size_t k = 3 * pixel; k < 3 * pixel + 3; ++k) {
            const int difference = picture.data[k] - rendering.data[k];
            sum += difference * difference;
        }
        const auto decider = deciders_.data[pixel];
        sums[decider == no_factor ? sums.size() - 1 : decider] += sum;
    }
    return sums;
}

/// The style that is nearest among those of one combination.
StyleReader::Fit StyleReader::fit(const Image& picture, std::size_t combination) const {
    const auto& factors = world_.factors();
    Fit fit{.combination = combination, .style = combinations_[combination]};
    std::vector<double> least(factors.size(), std::numeric_limits<double>::infinity());
    for (int value = 0; value < most_values_; ++value) {
        const auto sums = differences(picture, rendering(combination, value));
        if (value == 0) fit.difference = sums.back();
        for (std::size_t f = 0; f < factors.size(); ++f)
            if (!factors[f].everywhere && allowed(f, value) && sums[f] < least[f]) {
                least[f] = sums[f];
                fit.style[f] = value;
            }
    }
    for (std::size_t f = 0; f < factors.size(); ++f)
        if (!factors[f].everywhere) fit.difference += least[f];
    return fit;
}

double StyleReader::match(const Image& picture, const Fit& fit) const {
    const double tolerance = 255 * world_.tolerance(fit.style);
    Share open, decided;
    for (std::size_t pixel = 0; pixel < deciders_.data.size(); ++pixel) {
        if (!hidden_.pixels.data[pixel]) continue;
        const auto decider = deciders_.data[pixel];
        const auto& expected = rendering(fit.combination, decider == no_factor ? 0 : fit.style[decider]).data;
        int largest = 0;
        for (std::size_t k = 3 * pixel; k < 3 * pixel + 3; ++k)
            largest = std::max(largest, std::abs(picture.data[k] - expected[k]));
        open.add(largest < tolerance);
        if (decider == no_factor ? everything_hidden_ : hidden_.factors[decider])
            decided.add(largest < tolerance);
    }
    return std::min(open.value(), decided.value());
}

Reading StyleReader::read(const Image& picture) const {
    const auto& factors = world_.factors();
    Fit best{.difference = std::numeric_limits<double>::infinity()};
    for (std::size_t c = 0; c < combinations_.size(); ++c) {
        const auto possible = [&](std::size_t f) {
            return !factors[f].everywhere || allowed(f, combinations_[c][f]);
        };
        bool all = true;
        for (std::size_t f = 0; f < factors.size(); ++f) all = all && possible(f);
        if (!all) continue;
        if (auto candidate = fit(picture, c); candidate.difference < best.difference) best = candidate;
    }
    Reading reading{best.style, match(picture, best)};
    reading.valid = reading.match >= valid_match;
    for (std::size_t f = 0; f < factors.size(); ++f)
        if (!readable_[f]) reading.values[f] = -1;
    return reading;
}

std::vector<Reading> read_all(const StyleReader& reader, const std::vector<Image>& pictures) {
    std::vector<Reading> readings;
    for (const auto& picture : pictures) readings.push_back(reader.read(picture));
    return readings;
}

Moments true_moments(const World& world, const Layout& layout, const Hidden& hidden, int n, Rng& rng) {
    const int width = layout.labels.width, height = layout.labels.height;
    const std::size_t count = layout.labels.data.size() * 3;
    std::vector<double> sums(count), squares(count);
    for (int i = 0; i < n; ++i) {
        const Image picture = draw_true(world, layout, hidden, rng);
        for (std::size_t k = 0; k < count; ++k) {
            const double value = picture.data[k] / 255.0;
            sums[k] += value;
            squares[k] += value * value;
        }
    }
    Moments moments{{width, height, 3}, {width, height, 3}};
    for (std::size_t k = 0; k < count; ++k) {
        const double mean = sums[k] / n;
        moments.mean.data[k] = static_cast<float>(mean);
        moments.deviation.data[k] =
            static_cast<float>(std::sqrt(std::max(0.0, squares[k] / n - mean * mean)));
    }
    return moments;
}

}  // namespace modescope
