#include "core/networks/placed_noise.h"

namespace modescope {

PlacedNoise::PlacedNoise(const NetworkSpec& network, std::int64_t places, std::int64_t side)
    : places_(places),
      side_(side),
      channels_(network.noise_channels),
      vector_(places > 0 ? network.noise_vector : 0) {}

std::vector<std::vector<std::int64_t>> PlacedNoise::shapes() const {
    std::vector<std::vector<std::int64_t>> shapes(static_cast<std::size_t>(places_),
                                                  {channels_, side_, side_});
    if (vector_ > 0) shapes.push_back({vector_, 1, 1});
    return shapes;
}

std::int64_t PlacedNoise::channels(std::int64_t place) const {
    if (place >= places_) return 0;
    return channels_ + (place == 0 ? vector_ : 0);
}

std::vector<torch::Tensor> PlacedNoise::beside(const torch::Tensor& features, const Noise& noise,
                                               std::int64_t place) const {
    std::vector<torch::Tensor> parts{features};
    if (place < places_) parts.push_back(noise[place]);
    if (place == 0 && vector_ > 0) parts.push_back(noise.back().expand({-1, -1, side_, side_}));
    return parts;
}

}  // namespace modescope
