#pragma once

#include <cstdint>
#include <string>

namespace modescope {

/// While it lives, the layers that this thread builds may have `most` weights in all; the one that exceeds
/// them throws Error(message) before it takes memory. So a stranger's spec cannot ask for more than his file
/// could fill. The innermost limit counts.
class WeightLimit {
public:
    WeightLimit(std::int64_t most, std::string message);
    ~WeightLimit();
    WeightLimit(const WeightLimit&) = delete;
    WeightLimit& operator=(const WeightLimit&) = delete;

private:
    friend void claim_weights(std::int64_t count);

    std::int64_t left_;
    std::string message_;
    WeightLimit* outer_;
};

/// Every layer calls it before it makes its weights.
void claim_weights(std::int64_t count);

}  // namespace modescope
