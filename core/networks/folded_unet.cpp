#include "core/networks/folded_unet.h"

#include <numeric>

namespace modescope {
namespace {

using torch::Tensor;

constexpr float leak = 0.2f, rectified = 0, linear = 1;

/// A layer's kernel [outputs (· 4), inputs, k, k] for some of its inputs.
struct InputRange {
    std::int64_t first;
    std::vector<std::int64_t> parts;

    Tensor of(const Tensor& kernel) const {
        return kernel.narrow(1, first, std::accumulate(parts.begin(), parts.end(), std::int64_t{0}));
    }
};

/// The convolutions of the four output phases.
std::vector<DirectConvolution> phases(const Tensor& kernel, const InputRange& inputs, const Tensor& bias) {
    const auto of_phases = inputs.of(kernel).unflatten(0, {-1, 4});
    std::vector<DirectConvolution> convolutions;
    for (std::int64_t row = 0; row < 2; ++row)
        for (std::int64_t column = 0; column < 2; ++column)
            convolutions.emplace_back(of_phases.select(1, 2 * row + column), inputs.parts, bias,
                                      DirectGeometry{.out = 2, .row = row, .column = column});
    return convolutions;
}

void apply(const std::vector<DirectConvolution>& convolutions, const PixelMap& in, const PixelMap* shared,
           const DirectActivation& activation, const PixelMap& out) {
    for (const auto& convolution : convolutions) convolution.apply(in, shared, activation, out);
}

DirectActivation styled(const ChannelStyle& style, float slope) {
    const auto rows = [](const Tensor& channels) {
        const auto unused = PixelMap::padded(channels.size(1)) - channels.size(1);
        return torch::constant_pad_nd(channels.flatten(1), {0, unused}).contiguous();
    };
    return {slope, rows(style.scale), rows(style.shift)};
}

PixelMap bordered(const Tensor& x) {
    PixelMap map(x.size(0), x.size(2), x.size(3), x.size(1), 1);
    map.put(x);
    return map;
}

}  // namespace

FoldedUNet::FoldedUNet(const FoldedLayers& layers) {
    for (const auto& [kernel, bias] : layers.downs)
        downs_.emplace_back(kernel, std::vector{kernel.size(1)}, bias, DirectGeometry{.in = 2});
    for (auto level = layers.ups.size(); level-- > 0;) layers_.push_back(up(layers, level));
    if (!layers.refine) return;
    layers_.push_back(refinement(layers));
    const auto& [kernel, bias] = *layers.head;
    head_.emplace(kernel, std::vector{kernel.size(1)}, bias, DirectGeometry());
}

FoldedUNet::Layer FoldedUNet::up(const FoldedLayers& layers, std::size_t level) {
    const auto& [kernel, bias] = layers.ups[level];
    const bool deepest = level + 1 == layers.ups.size(), last = level == 0 && !layers.refine;
    const auto features = layers.downs[level].kernel.size(0);
    const auto before = deepest ? 0 : layers.ups[level + 1].kernel.size(0) / 4;
    const auto noise = kernel.size(1) - features - before;
    InputRange samples{features, {}};
    if (before > 0) samples.parts.push_back(before);
    if (noise > 0 || before == 0) samples.parts.push_back(noise);
    return {.condition = phases(kernel, {0, {features}}, bias),
            .samples = phases(kernel, samples, {}),
            .outputs = kernel.size(0) / 4,
            .scale = 2,
            .slope = last ? linear : rectified};
}

FoldedUNet::Layer FoldedUNet::refinement(const FoldedLayers& layers) {
    const auto& [kernel, bias] = *layers.refine;
    const auto inputs = layers.downs.front().kernel.size(1);
    const InputRange condition{0, {inputs}}, samples{inputs, {kernel.size(1) - inputs}};
    return {.condition = {{condition.of(kernel), condition.parts, bias, {}}},
            .samples = {{samples.of(kernel), samples.parts, {}, {}}},
            .outputs = kernel.size(0),
            .slope = rectified};
}

Tensor FoldedUNet::share(const Layer& layer, const PixelMap& features) {
    const PixelMap out(features.rows(), layer.scale * features.height(), layer.scale * features.width(),
                       layer.outputs, 0);
    apply(layer.condition, features, nullptr, {linear}, out);
    return out.values();
}

std::vector<Tensor> FoldedUNet::encode(const Tensor& x) const {
    std::vector<PixelMap> maps{bordered(x)};
    for (const auto& down : downs_) {
        const auto& in = maps.back();
        const PixelMap out(in.rows(), in.height() / 2, in.width() / 2, down.outputs(), 1);
        down.apply(in, nullptr, {leak}, out);
        maps.push_back(out);
    }
    // The decoder goes back through the maps; a refinement looks at x itself.
    std::vector<Tensor> shares;
    for (std::size_t i = 0; i < layers_.size(); ++i)
        shares.push_back(share(layers_[i], maps[downs_.size() - i]));
    return shares;
}

/// Memory that is new costs more than what is computed in it, so it stays from one call to the next. Borders
/// and unused channels keep their zeros: nothing ever writes there.
void FoldedUNet::prepare(std::int64_t rows, const std::vector<Tensor>& shares, const Noise& noise) const {
    const PixelMap deepest(shares.front(), 0);
    const auto height = deepest.height() / 2, width = deepest.width() / 2;
    if (!maps_.empty() && maps_.front().rows() == rows && maps_.front().height() == height &&
        maps_.front().width() == width)
        return;
    const auto noise_channels = [&](std::size_t layer) {
        return layer < noise.size() ? noise[layer].size(1) : 0;
    };
    maps_ = {PixelMap(rows, height, width, noise_channels(0), 1)};
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        const PixelMap shared(shares[i], 0);
        maps_.emplace_back(rows, shared.height(), shared.width(),
                           PixelMap::padded(layers_[i].outputs) + noise_channels(i + 1), 1);
    }
    if (head_) maps_.emplace_back(rows, maps_.back().height(), maps_.back().width(), head_->outputs(), 1);
}

/// Layers run from the deepest on, the refinement last.
std::size_t FoldedUNet::style_of(std::size_t layer) const {
    return layer < downs_.size() ? downs_.size() - 1 - layer : layer;
}

Tensor FoldedUNet::decode(const std::vector<Tensor>& shares, const Noise& noise, const Styles& styles) const {
    const std::lock_guard lock(mutex_);
    prepare(noise.empty() ? shares.front().size(0) : noise.front().size(0), shares, noise);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        // Noise lies beside what the layers before have written.
        if (i < noise.size()) maps_[i].put(noise[i], i == 0 ? 0 : PixelMap::padded(layers_[i - 1].outputs));
        const PixelMap shared(shares[i], 0);
        const auto& layer = layers_[i];
        const auto activation =
            styles.empty() ? DirectActivation{layer.slope} : styled(styles[style_of(i)], layer.slope);
        apply(layer.samples, maps_[i], &shared, activation, maps_[i + 1]);
    }
    if (!head_) return maps_.back().picture(layers_.back().outputs);
    head_->apply(maps_[layers_.size()], nullptr, {linear}, maps_.back());
    return maps_.back().picture(head_->outputs());
}

}  // namespace modescope
