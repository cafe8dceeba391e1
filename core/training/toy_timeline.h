#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/training/toy_view.h"

namespace modescope {

/// The looks at one toy training from its beginning, kept compactly (4 KB each) to go back to: y in 16 bits
/// of [−4, 4], D's surface in 8. Copies share the looks and are cheap. For one thread.
class ToyTimeline {
public:
    /// When full, every other look goes and later ones are thinned alike: at most 17 MB.
    static constexpr std::size_t most = 4000;

    /// A look at or before the last step means that the run went back: later ones are dropped. Of several at
    /// one step the last is kept.
    void append(const ToyView& view);
    /// The last look at or before the step, within rounding; the first for earlier steps, null if there is
    /// none.
    std::shared_ptr<const ToyView> at(std::int64_t step) const;
    void clear() { *this = {}; }

    bool empty() const { return looks_.empty(); }
    std::size_t size() const { return looks_.size(); }
    std::int64_t last_step() const { return looks_.empty() ? 0 : looks_.back()->step; }
    std::size_t bytes() const;

private:
    using Packed = std::vector<std::uint16_t>;
    struct Look {
        std::int64_t step = 0;
        ToyScore score;
        Packed samples, moments, predictor;  ///< y; centre and deviation by turns
        std::vector<std::uint8_t> surface;
    };

    void thin_out();

    std::vector<std::shared_ptr<const Look>> looks_;
    std::vector<float> sample_x_, moments_x_, predictor_x_;  ///< the same in all looks
    int surface_width_ = 0, surface_height_ = 0;
    std::int64_t least_distance_ = 1;  ///< in steps, between looks
};

}  // namespace modescope
