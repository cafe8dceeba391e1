#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "core/networks/layers.h"

namespace modescope {

/// A scale and a shift of each channel for each of n samples, [n, channels, 1, 1].
struct ChannelStyle {
    torch::Tensor scale, shift;
};
/// One for each layer, or none.
using Styles = std::vector<ChannelStyle>;
/// h [n, channels, …] in the style of a layer; without styles h itself.
torch::Tensor in_style(const Styles& styles, std::int64_t layer, const torch::Tensor& h);

/// Noise as a style of several layers: two layers make a code of it, and of the code each layer gets scales
/// and shifts of its channels (FiLM, Perez et al. 2018). So what a picture looks like as a whole, such as the
/// time of day, reaches every layer by itself and need not come through all those before.
class Modulation : public torch::nn::Module {
public:
    /// `channels` of each layer; `features` of the code.
    Modulation(std::int64_t noise_channels, std::int64_t features, const std::vector<std::int64_t>& channels,
               at::Generator& random);
    /// noise [n, noise_channels, side, side] → the style of each layer. What differs by position only counts
    /// as far as its mean.
    Styles forward(const torch::Tensor& noise) const;

private:
    std::shared_ptr<LinearLayer> first_, second_;
    std::vector<std::shared_ptr<LinearLayer>> layers_;
};

}  // namespace modescope
