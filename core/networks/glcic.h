#pragma once

#include "core/networks/networks.h"

namespace modescope {

/// GLCIC's encoder-decoder with dilated convolutions (Iizuka et al. 2017); noise maps of a quarter of the
/// side enter before conv6 and the first two dilated convolutions (paper §5.2), in this order;
/// network.noise_vector as in PlacedNoise.
/// x [B, 4, size, size] (known picture and mask) → [B·K, outputs, size, size].
std::shared_ptr<Trunk> make_glcic(const NetworkSpec& network, std::int64_t size, bool noisy,
                                  std::int64_t outputs, at::Generator& random);

/// One logit for each picture, [N, 1], from the whole of y and from its square of side `box` around the hole
/// (local_boxes). x only says where the hole is. Size and box are powers of two ≥ 8.
std::shared_ptr<Discriminator> make_glcic_discriminator(const NetworkSpec& network, std::int64_t size,
                                                        std::int64_t box, at::Generator& random);

struct BoxCorner {
    std::int64_t top, left;
};
/// Where the square of side `box` lies for each row of masks [B, h, w]: centred on the bounding box of the
/// non-zero pixels (half a pixel up and left if it cannot be), of the whole picture if there are none, and
/// moved to lie inside the picture.
std::vector<BoxCorner> local_boxes(const torch::Tensor& masks, std::int64_t box);

}  // namespace modescope
