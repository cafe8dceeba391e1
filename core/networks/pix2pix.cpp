#include "core/networks/pix2pix.h"

#include "core/networks/folded_unet.h"
#include "core/networks/layers.h"
#include "core/networks/modulation.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr double leak = 0.2;

/// Channels at depth `level` (0 = half the picture's size).
std::int64_t features_at(const NetworkSpec& network, std::int64_t level) {
    return network.features * std::min<std::int64_t>(std::int64_t{1} << level, network.widest);
}

class UNet : public Trunk {
public:
    UNet(const NetworkSpec& network, std::int64_t size, std::int64_t noise_levels, std::int64_t inputs,
         std::int64_t outputs, at::Generator& random)
        : size_(size),
          downs_count_(network.downs),
          noise_levels_(noise_levels),
          noise_channels_(network.noise_channels) {
        for (std::int64_t level = 0; level < downs_count_; ++level) add_down(network, level, inputs, random);
        for (std::int64_t level = 0; level < downs_count_; ++level) add_up(network, level, outputs, random);
        if (network.refine > 0) add_refinement(network.refine, inputs, outputs, random);
        if (network.modulation > 0 && noise_levels > 0) add_modulation(network, outputs, random);
    }

    std::vector<Tensor> encode(const Tensor& x) override {
        if (folded_) return folded_->encode(x);
        std::vector<Tensor> features;
        for (const auto& down : downs_)
            features.push_back(
                torch::leaky_relu(down->forward({features.empty() ? x : features.back()}), leak));
        if (refine_) features.push_back(x);
        return features;
    }

    Tensor decode(const std::vector<Tensor>& features, const Noise& noise) override {
        const auto styles = modulation_ ? modulation_->forward(noise.front()) : Styles();
        if (folded_) return folded_->decode(features, noise, styles);
        Tensor h;
        for (auto level = downs_count_ - 1; level >= 0; --level) {
            std::vector<Tensor> parts{features[level]};
            if (h.defined()) parts.push_back(h);
            if (has_noise(level)) parts.push_back(noise[downs_count_ - 1 - level]);
            h = in_style(styles, level, ups_[level]->forward(parts));
            if (level > 0) h = h.relu_();
        }
        if (!refine_) return h;
        h = in_style(styles, downs_count_, refine_->forward({features[downs_count_], h.relu_()}));
        return head_->forward({h.relu_()});
    }

    /// From the deepest level outwards.
    std::vector<std::vector<std::int64_t>> noise_shapes() const override {
        std::vector<std::vector<std::int64_t>> shapes;
        for (std::int64_t i = 0; i < noise_levels_; ++i) {
            const auto side = size_ >> (downs_count_ - i);
            shapes.push_back({noise_channels_, side, side});
        }
        return shapes;
    }

    void fold() override {
        if (folded_) return;
        FoldedLayers layers{.downs = folded(downs_), .ups = folded(ups_)};
        if (refine_) {
            refine_->fold();
            layers.refine = refine_->folded();
            layers.head = head_->folded();
        }
        folded_.emplace(layers);
    }

private:
    static std::vector<FoldedLayer> folded(const std::vector<std::shared_ptr<ConvBlock>>& blocks) {
        std::vector<FoldedLayer> layers;
        for (const auto& block : blocks) {
            block->fold();
            layers.push_back(block->folded());
        }
        return layers;
    }

    bool has_noise(std::int64_t level) const { return level >= downs_count_ - noise_levels_; }

    void add_down(const NetworkSpec& network, std::int64_t level, std::int64_t inputs,
                  at::Generator& random) {
        const auto in = level == 0 ? inputs : features_at(network, level - 1),
                   out = features_at(network, level);
        // The picture's edge and a 1×1 bottleneck of few conditions are no places for batch statistics.
        const bool normalised = level > 0 && level < downs_count_ - 1;
        const ConvShape shape{
            .inputs = in, .outputs = out, .kernel = 4, .stride = 2, .padding = 1, .bias = !normalised};
        downs_.push_back(
            register_module("down" + std::to_string(level),
                            make_conv_block(shape, normalised ? Norm::batch : Norm::none, random)));
    }

    static std::int64_t outputs_of_up(const NetworkSpec& network, std::int64_t level, std::int64_t outputs) {
        if (level > 0) return features_at(network, level - 1);
        return network.refine > 0 ? network.refine : outputs;
    }

    void add_up(const NetworkSpec& network, std::int64_t level, std::int64_t outputs, at::Generator& random) {
        const bool deepest = level == downs_count_ - 1, last = level == 0 && network.refine == 0;
        const auto in = features_at(network, level) + (deepest ? 0 : features_at(network, level)) +
                        (has_noise(level) ? noise_channels_ : 0);
        const auto out = outputs_of_up(network, level, outputs);
        auto convolution = std::make_shared<UpConvLayer>(in, out, upsampling_of(network), last, random);
        ups_.push_back(register_module("up" + std::to_string(level),
                                       std::make_shared<ConvBlock>(convolution, last ? 0 : out)));
    }

    /// The last up-convolution sees x at half the picture's size only, so edges of one pixel would have to
    /// come out of its four phases; two more layers see x as it is.
    void add_refinement(std::int64_t channels, std::int64_t inputs, std::int64_t outputs,
                        at::Generator& random) {
        const ConvShape refine{
            .inputs = inputs + channels, .outputs = channels, .kernel = 3, .padding = 1, .bias = false};
        const ConvShape head{.inputs = channels, .outputs = outputs, .kernel = 3, .padding = 1};
        refine_ = register_module("refine", make_conv_block(refine, Norm::batch, random));
        head_ = register_module("head", std::make_shared<ConvLayer>(head, random));
    }

    /// Of the up-convolutions from the picture's size on, and of the refinement.
    void add_modulation(const NetworkSpec& network, std::int64_t outputs, at::Generator& random) {
        std::vector<std::int64_t> channels;
        for (std::int64_t level = 0; level < downs_count_; ++level)
            channels.push_back(outputs_of_up(network, level, outputs));
        if (refine_) channels.push_back(network.refine);
        modulation_ = register_module(
            "modulation",
            std::make_shared<Modulation>(noise_channels_, network.modulation, channels, random));
    }

    std::int64_t size_, downs_count_, noise_levels_, noise_channels_;
    std::vector<std::shared_ptr<ConvBlock>> downs_, ups_;
    std::shared_ptr<ConvBlock> refine_;       ///< null as in the paper
    std::shared_ptr<ConvLayer> head_;         ///< after refine_
    std::shared_ptr<Modulation> modulation_;  ///< null as in the paper
    std::optional<FoldedUNet> folded_;        ///< what draws once it is folded
};

class PatchGan : public Discriminator {
public:
    PatchGan(const NetworkSpec& network, std::int64_t inputs, std::int64_t outputs, at::Generator& random) {
        const auto layers = network.discriminator_layers, width = network.discriminator_features;
        auto in = inputs + outputs;
        for (std::int64_t i = 0; i <= layers; ++i) {
            const auto out = width * std::min<std::int64_t>(std::int64_t{1} << i, network.widest);
            add(in, out, i < layers ? 2 : 1, discriminator_norm(network, i > 0), random);
            in = out;
        }
        add(in, 1, 1, discriminator_norm(network, false), random);
    }

    Tensor forward(const Tensor& x, const Tensor& y) override {
        auto h = blocks_.front()->forward({x, y});
        for (std::size_t i = 1; i < blocks_.size(); ++i)
            h = blocks_[i]->forward({torch::leaky_relu(h, leak)});
        return h;
    }

private:
    void add(std::int64_t in, std::int64_t out, std::int64_t stride, Norm norm, at::Generator& random) {
        const ConvShape shape{.inputs = in,
                              .outputs = out,
                              .kernel = 4,
                              .stride = stride,
                              .padding = 1,
                              .bias = norm != Norm::batch};
        blocks_.push_back(
            register_module("block" + std::to_string(blocks_.size()), make_conv_block(shape, norm, random)));
    }

    std::vector<std::shared_ptr<ConvBlock>> blocks_;
};

}  // namespace

std::shared_ptr<Trunk> make_unet(const NetworkSpec& network, std::int64_t size, std::int64_t noise_levels,
                                 std::int64_t inputs, std::int64_t outputs, at::Generator& random) {
    return std::make_shared<UNet>(network, size, noise_levels, inputs, outputs, random);
}

std::shared_ptr<Discriminator> make_patch_gan(const NetworkSpec& network, std::int64_t inputs,
                                              std::int64_t outputs, at::Generator& random) {
    return std::make_shared<PatchGan>(network, inputs, outputs, random);
}

}  // namespace modescope
