#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/random.h"
#include "core/tasks/condition.h"
#include "core/tasks/palette.h"

namespace modescope {

/// Something a rendering decides, with its distribution; drawn independently of the others.
struct Factor {
    std::string id;                   ///< snake_case, stable; a key of `evaluate`'s JSON
    std::string name;                 ///< as shown
    std::vector<std::string> values;  ///< as shown
    std::vector<double> probabilities;
    bool everywhere = false;  ///< changes all pixels; else only those that World::deciders() gives it
};

/// One value index per factor, in the order of World::factors().
using Style = std::vector<int>;

/// What a rendering is made of besides its style.
struct Layout {
    LabelMap labels;
    std::vector<double> traits;  ///< what the classes do not say, in the world's own order; often empty

    Layout() = default;
    Layout(LabelMap labels) : labels(std::move(labels)) {}
    bool operator==(const Layout&) const = default;
};

/// Which factor decides a pixel, 1 channel; `no_factor` where only those do that change everything.
using Deciders = Raster<std::uint8_t>;
inline constexpr std::uint8_t no_factor = 255;

/// A procedural data set whose conditional distribution p(y | x) is known exactly.
/// Stateless: every method may be called from any thread.
class World {
public:
    virtual ~World() = default;

    virtual const std::string& id() const = 0;
    virtual const std::string& name() const = 0;
    virtual const Palette& classes() const = 0;
    virtual const std::vector<Factor>& factors() const = 0;
    /// Label maps alone say everything but the style, so any label map can be rendered, a painted one too.
    virtual bool paintable() const = 0;

    /// A random layout of `size` × `size` pixels, size ≥ 16.
    virtual Layout layout(int size, Rng& rng) const = 0;

    /// y in a style, with its random part (grain, a little of chance in the colours).
    virtual Image render(const Layout& layout, const Style& style, Rng& rng) const = 0;
    /// The same without the random part, in each of the styles: what pictures are compared with.
    virtual std::vector<Image> expected(const Layout& layout, std::span<const Style> styles) const = 0;
    virtual Deciders deciders(const Layout& layout) const = 0;
    /// Pixels with the same number have the same jitter of colour in a rendering, others another.
    virtual LabelMap jittered_together(const Layout& layout) const { return layout.labels; }
    /// Largest difference of a channel, of 0 … 1, at which a pixel still agrees with a rendering in the
    /// style.
    virtual double tolerance(const Style& style) const = 0;

    bool serves(Task task) const;
    Style draw_style(Rng& rng) const;
};

/// The world with that id; throws Error naming the known ones.
const World& find_world(const std::string& id);
const std::vector<const World*>& worlds();

/// A factor whose values are equally probable.
Factor uniform_factor(std::string id, std::string name, std::vector<std::string> values, bool everywhere);

/// A pair and what it was made from.
struct Example {
    Layout layout;
    Style style;
    Pair pair;
};
Example draw_example(const World& world, const TaskSettings& settings, Rng& rng);

/// Pairs of a world; throws Error if it does not serve the task.
std::unique_ptr<PairSource> world_pairs(const World& world, const TaskSettings& settings, std::uint64_t seed);

/// Nearest neighbour to `size` × `size`.
LabelMap resized(const LabelMap& labels, int size);

}  // namespace modescope
