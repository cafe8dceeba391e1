#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/training/spec.h"
#include "core/worlds/style_reader.h"

namespace modescope {

/// An immutable snapshot of a trained generator (and its predictor), ready to draw from.
/// Methods may be called from any thread; calls on one sampler wait for each other.
class Sampler {
public:
    /// A checkpoint of a run or a shipped model. Throws Error naming the file.
    static std::shared_ptr<const Sampler> load(const std::string& path);
    ~Sampler();

    const Spec& spec() const;
    /// Generator steps it was trained for.
    std::int64_t steps() const;
    Task task() const;
    /// The world it was trained on; null if that was a folder.
    const World* world() const;
    /// The classes of the label maps it takes; empty for the other tasks.
    const Palette& classes() const;
    /// The side of the pictures it draws, in pixels.
    int size() const { return static_cast<int>(spec().data.size); }

    /// One picture for each seed; the same seed gives the same noise in every model of the same noise
    /// shapes. `scale` multiplies the noise: 0 gives the most typical picture, 1 is as trained.
    /// A condition of another size or with unknown classes throws Error.
    std::vector<Image> sample(const Condition& condition, std::span<const std::uint64_t> seeds,
                              double scale = 1) const;

    /// The predictor's μ̂ and σ̂; nothing if the model has none.
    std::optional<Moments> predict(const Condition& condition) const;

private:
    struct Parts;
    explicit Sampler(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Per-pixel mean and (n − 1) standard deviation of pictures of one size; n ≥ 2.
Moments sample_moments(const std::vector<Image>& pictures);

}  // namespace modescope
