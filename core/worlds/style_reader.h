#pragma once

#include <vector>

#include "core/worlds/world.h"

namespace modescope {

/// What a picture shows of a layout.
struct Reading {
    Style values;  ///< per factor; −1 where it cannot be seen
    /// Share of the open pixels that agree with the rendering in that style, or of those among them that a
    /// hidden factor decides, whichever is less; 0 … 1.
    double match = 0;
    bool valid = false;  ///< the picture is a rendering of the layout in some style
};

/// Mean and standard deviation of y given x, per pixel and channel.
struct Moments {
    FloatImage mean;
    FloatImage deviation;
};

/// What a condition hides of the layout and style it was made from, and so what its samples may vary.
struct Hidden {
    std::vector<bool> factors;  ///< per factor: no value of it can be told from the condition
    LabelMap pixels;            ///< 1 where the condition leaves the target open
    Style style;                ///< the true one; the hidden factors are free, the others are not
    Condition x;                ///< what was derived from the target; nothing where x is a label map
};
/// A factor is hidden if the picture depends on its value and the condition does not. One of which the
/// condition tells some values apart counts as known.
Hidden hidden_from(const World& world, const Example& example, const TaskSettings& settings);
/// A label map hides everything.
Hidden all_hidden(const World& world, const Layout& layout);
/// Whether pictures can show any of it: something besides specks of a few pixels is hidden.
bool hides_something(const World& world, const Layout& layout, const Hidden& hidden);

/// A picture from p(y | x): a rendering in which the hidden factors are free and that shows what x shows.
/// Around a hole it is the known picture, bit for bit; its means over boxes are the small picture's, but for
/// rounding and cut-off values. The jitter of a class's colour is drawn given the pixels of x that show this
/// class alone. One approximation: a class that super-resolution shows in mixed pixels only, such as the
/// white of an eye, keeps its whole deviation of 0.015 against its neighbours, though x tells some of it.
Image draw_true(const World& world, const Layout& layout, const Hidden& hidden, Rng& rng);

/// Reads off pictures of one layout which style they show. The renderings to compare with are made once.
class StyleReader {
public:
    /// Only what is hidden is read and judged.
    StyleReader(const World& world, const Layout& layout, Hidden hidden);
    Reading read(const Image& picture) const;

private:
    struct Fit {
        double difference = 0;  ///< summed squares
        std::size_t combination = 0;
        Style style;
    };
    void render(const Layout& layout);
    /// Whether a picture may show that value of the factor.
    bool allowed(std::size_t factor, int value) const;
    const Image& rendering(std::size_t combination, int value) const;
    std::vector<double> differences(const Image& picture, const Image& rendering) const;
    Fit fit(const Image& picture, std::size_t combination) const;
    double match(const Image& picture, const Fit& fit) const;

    const World& world_;
    Hidden hidden_;
    Deciders deciders_;
    std::vector<Style> combinations_;  ///< of the factors that change everything; the others are 0
    int most_values_ = 1;              ///< of the other factors
    bool everything_hidden_ = false;   ///< a hidden factor changes every pixel
    std::vector<Image> renderings_;    ///< [combination · most_values + value of all other factors]
    std::vector<bool> readable_;       ///< per factor: hidden, and no speck
};

std::vector<Reading> read_all(const StyleReader& reader, const std::vector<Image>& pictures);

/// True mean and deviation of y given x: Monte Carlo with n pictures of draw_true().
Moments true_moments(const World& world, const Layout& layout, const Hidden& hidden, int n, Rng& rng);

}  // namespace modescope
