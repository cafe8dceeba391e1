#pragma once

#include <torch/torch.h>

#include <vector>

#include "core/networks/networks.h"
#include "core/training/checkpoint.h"

namespace modescope {

/// The generator of a U-Net model as one writes it down with LibTorch's own operations: features, the decoder
/// so far and noise concatenated, then upsampled and convolved, batch normalisation as a step of its own.
/// What the program's own network is measured against; it draws the same pictures.
class PlainUNet {
public:
    /// Throws Error naming the model's file if it is no U-Net.
    explicit PlainUNet(const Checkpoint& checkpoint);

    /// x [n, inputs, h, w] and noise of n rows → [n, 3, h, w].
    torch::Tensor forward(const torch::Tensor& x, const Noise& noise) const;
    std::vector<torch::Tensor> encode(const torch::Tensor& x) const;
    /// Features of n rows.
    torch::Tensor decode(const std::vector<torch::Tensor>& features, const Noise& noise) const;

private:
    torch::Tensor weight(const std::string& name) const;  ///< undefined where there is none
    torch::Tensor normalise(const torch::Tensor& x, const std::string& block) const;
    torch::Tensor down(const torch::Tensor& x, int level) const;
    torch::Tensor up(const torch::Tensor& x, int level) const;
    torch::Tensor refine(const torch::Tensor& h, const torch::Tensor& x, const torch::Tensor& style) const;
    /// The code that modulates; undefined without network.modulation.
    torch::Tensor style(const Noise& noise) const;
    torch::Tensor styled(const torch::Tensor& h, const torch::Tensor& style, int index) const;
    torch::Tensor linear(const torch::Tensor& x, const std::string& name) const;

    NetworkSpec network_;
    std::map<std::string, torch::Tensor> weights_;
};

}  // namespace modescope
