#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/sampling/noise_recipe.h"
#include "core/training/spec.h"
#include "core/worlds/style_reader.h"

namespace modescope {

/// One place at which noise enters a generator.
struct NoiseLevel {
    int channels = 0;
    int side = 0;  ///< of its square map; 1: the same at every position
};

/// An immutable snapshot of a trained generator (and its predictor), ready to draw from.
/// Methods may be called from any thread; calls on one sampler wait for each other.
class Sampler {
public:
    /// A checkpoint of a run or a shipped model. Throws Error naming the file.
    static std::shared_ptr<const Sampler> load(const std::string& path);
    ~Sampler();

    const Spec& spec() const;
    /// Generator steps it was trained for, with those of the models it started from.
    std::int64_t steps() const;
    Task task() const;
    /// The world it was trained on; null if that was a folder.
    const World* world() const;
    /// The classes of the label maps it takes; empty for the other tasks.
    const Palette& classes() const;
    /// The side of the pictures it draws, in pixels.
    int size() const { return static_cast<int>(spec().data.size); }
    /// In the order in which recipes count them.
    const std::vector<NoiseLevel>& noise_levels() const;
    /// The file it was loaded from, and the SHA-256 of the bytes that were loaded (hexadecimal). It is found
    /// out when it is first asked for, which takes a second for a large model; empty if the file is gone by
    /// then, or was saved again, as a training does.
    const std::string& path() const;
    const std::string& file_hash() const;
    /// Another model has been saved to that file since, as a training does.
    bool is_outdated() const;

    /// One picture for each recipe. A condition of another size or with unknown classes throws Error.
    std::vector<Image> sample(const Condition& condition, std::span<const NoiseRecipe> noises) const;
    /// The same for plain seeds.
    std::vector<Image> sample(const Condition& condition, std::span<const std::uint64_t> seeds,
                              double scale = 1) const;

    /// The predictor's μ̂ and σ̂, which is 0 around a hole; nothing if the model has none.
    std::optional<Moments> predict(const Condition& condition) const;

private:
    struct Parts;
    explicit Sampler(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Per-pixel mean and (n − 1) standard deviation of pictures of one size; n ≥ 2.
Moments sample_moments(const std::vector<Image>& pictures);

}  // namespace modescope
