#pragma once

#include "core/networks/networks.h"

namespace modescope {

/// The toy's networks: multilayer perceptrons with two hidden layers of `width` (paper §5.1).
std::shared_ptr<Trunk> make_mlp_trunk(std::int64_t width, std::int64_t noise, std::int64_t outputs,
                                      at::Generator& random);
std::shared_ptr<Discriminator> make_mlp_discriminator(std::int64_t width, at::Generator& random);

}  // namespace modescope
