#pragma once

#include "core/networks/networks.h"

namespace modescope {

/// U-Net with skip connections; noise maps enter the `noise_levels` deepest up-convolutions
/// (paper §5.2; Isola et al. 2017). `noise_levels` 0 gives the predictor's trunk.
/// x [B, inputs, size, size] → [B·K, outputs, size, size].
std::shared_ptr<Trunk> make_unet(const NetworkSpec& network, std::int64_t size, std::int64_t noise_levels,
                                 std::int64_t inputs, std::int64_t outputs, at::Generator& random);

/// PatchGAN: logits [N, 1, h, w], one for each overlapping patch of (x, y).
std::shared_ptr<Discriminator> make_patch_gan(const NetworkSpec& network, std::int64_t inputs,
                                              std::int64_t outputs, at::Generator& random);

}  // namespace modescope
