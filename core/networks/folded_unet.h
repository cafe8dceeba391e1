#pragma once

#include <torch/torch.h>

#include <mutex>
#include <optional>
#include <vector>

#include "core/networks/direct_convolution.h"
#include "core/networks/layers.h"
#include "core/networks/modulation.h"
#include "core/networks/networks.h"

namespace modescope {

/// The layers of a U-Net, from the picture's size to the deepest. Up kernels are [outputs·4, inputs, 2, 2] as
/// UpConvLayer folds them, for inputs in the order features, the decoder so far, noise.
struct FoldedLayers {
    std::vector<FoldedLayer> downs, ups;
    std::optional<FoldedLayer> refine, head;
};

/// A trained U-Net for drawing many samples of a condition quickly: what the features of a condition
/// contribute to each layer of the decoder is computed with them, once for all samples and all their noise,
/// and each layer's bias, activation and interleaving happens where its sums are still in registers. It draws
/// what the layers draw, but for rounding. From any thread; calls of decode() wait for each other.
class FoldedUNet {
public:
    explicit FoldedUNet(const FoldedLayers& layers);

    /// x [B, inputs, h, w] → what `decode` needs of it, each of B rows.
    std::vector<torch::Tensor> encode(const torch::Tensor& x) const;
    /// As Trunk::decode. `styles` of the layers from the picture's size to the deepest and of the refinement,
    /// or none.
    torch::Tensor decode(const std::vector<torch::Tensor>& features, const Noise& noise,
                         const Styles& styles) const;

private:
    /// A layer of the decoder in two halves, of the condition and of the samples so far. Each has one
    /// convolution, or one for each output phase.
    struct Layer {
        std::vector<DirectConvolution> condition, samples;
        std::int64_t outputs = 0;
        std::int64_t scale = 1;  ///< side of its output over that of its input
        float slope = 0;         ///< of its activation
    };

    static Layer up(const FoldedLayers& layers, std::size_t level);
    static Layer refinement(const FoldedLayers& layers);
    void prepare(std::int64_t rows, const std::vector<torch::Tensor>& shares, const Noise& noise) const;
    std::size_t style_of(std::size_t layer) const;
    static torch::Tensor share(const Layer& layer, const PixelMap& features);

    std::vector<DirectConvolution> downs_;
    std::vector<Layer> layers_;  ///< the deepest first, as they run
    std::optional<DirectConvolution> head_;
    mutable std::mutex mutex_;            ///< guards the maps
    mutable std::vector<PixelMap> maps_;  ///< what enters each layer, and what leaves the last one
};

}  // namespace modescope
