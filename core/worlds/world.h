#pragma once

#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/random.h"

namespace modescope {

/// A class of a label map: how it is painted.
struct LabelClass {
    std::string id;    ///< snake_case, stable
    std::string name;  ///< as shown
    Rgb colour;        ///< in label pictures
};

/// Something the condition hides and a rendering decides, with its distribution.
struct Factor {
    std::string id;                   ///< snake_case, stable; a key of `evaluate`'s JSON
    std::string name;                 ///< as shown
    std::vector<std::string> values;  ///< as shown
    std::vector<double> probabilities;
};

/// One value index per factor, in the order of World::factors().
using Style = std::vector<int>;

/// What a picture shows of a condition.
struct Reading {
    Style values;        ///< per factor; −1 where the condition has nothing that shows the factor
    double match = 0;    ///< share of pixels that agree with the rendering in that style, 0 … 1
    bool valid = false;  ///< the picture is a rendering of the condition in some style
};

/// Mean and standard deviation of y given x, per pixel and channel.
struct Moments {
    FloatImage mean;
    FloatImage deviation;
};

/// A procedural data set whose conditional distribution p(y | x) is known exactly.
/// Stateless: every method may be called from any thread.
class World {
public:
    virtual ~World() = default;

    virtual const std::string& id() const = 0;
    virtual const std::string& name() const = 0;
    virtual const std::vector<LabelClass>& classes() const = 0;
    virtual const std::vector<Factor>& factors() const = 0;

    /// A random condition of `size` × `size` pixels, size ≥ 16.
    virtual LabelMap layout(int size, Rng& rng) const = 0;

    /// y for the condition x in a style. Any label map will do, a painted one too.
    virtual Image render(const LabelMap& layout, const Style& style, Rng& rng) const = 0;

    /// Which style each picture of the condition shows; the pictures have the layout's size.
    /// Many pictures cost little more than one: the renderings to compare with are made once.
    virtual std::vector<Reading> read_all(const LabelMap& layout,
                                          const std::vector<Image>& pictures) const = 0;

    Reading read(const LabelMap& layout, const Image& picture) const;
    Style draw_style(Rng& rng) const;
};

/// The world with that id; throws Error naming the known ones.
const World& find_world(const std::string& id);
const std::vector<const World*>& worlds();

/// Monte Carlo over styles with n renderings.
Moments true_moments(const World& world, const LabelMap& layout, int n, Rng& rng);

/// The label map in its classes' colours.
Image colour_labels(const World& world, const LabelMap& layout);
/// The way back; a colour that no class has throws Error naming the colour and its first pixel.
LabelMap labels_from_colours(const World& world, const Image& picture);
/// Nearest neighbour to `size` × `size`.
LabelMap resized(const LabelMap& layout, int size);

}  // namespace modescope
