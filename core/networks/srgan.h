#pragma once

#include "core/networks/networks.h"

namespace modescope {

/// SRGAN's residual network (Ledig et al. 2017) with a noise map before each of its `network.blocks` + 2
/// places (paper §5.2), in the order they are passed; network.noise_vector as in PlacedNoise.
/// x [B, 3, side, side] → [B·K, outputs, side·scale, side·scale]; scale is a power of two, outputs ≤ 6.
std::shared_ptr<Trunk> make_srgan(const NetworkSpec& network, std::int64_t side, std::int64_t scale,
                                  bool noisy, std::int64_t outputs, at::Generator& random);

/// Looks at y [N, 3, h, w] only; one logit for each picture, [N, 1, 1, 1].
std::shared_ptr<Discriminator> make_srgan_discriminator(const NetworkSpec& network, at::Generator& random);

}  // namespace modescope
