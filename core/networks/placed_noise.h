#pragma once

#include "core/networks/networks.h"

namespace modescope {

/// Noise that enters a trunk at several places of one size: a map for each place and, at the first, a
/// vector that is the same at every position (network.noise_vector). The vector is the last entry of
/// shapes() and Noise, so that the maps' numbers do not depend on whether there is one.
class PlacedNoise {
public:
    /// `places` 0 is a predictor's: no noise at all.
    PlacedNoise(const NetworkSpec& network, std::int64_t places, std::int64_t side);

    std::vector<std::vector<std::int64_t>> shapes() const;
    /// Noise channels that the convolution at a place has beside its features.
    std::int64_t channels(std::int64_t place) const;
    /// Input of the convolution at a place: the features and the noise that enters there.
    std::vector<torch::Tensor> beside(const torch::Tensor& features, const Noise& noise,
                                      std::int64_t place) const;

private:
    std::int64_t places_, side_, channels_, vector_;
};

}  // namespace modescope
