#include "core/networks/srgan.h"

#include "core/networks/layers.h"
#include "core/networks/placed_noise.h"
#include "core/networks/tally.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr double leak = 0.2;
constexpr std::int64_t head_outputs = 6;  ///< centre and log-dispersion of three channels

/// Leaky, with one learnt slope for all channels (He et al. 2015).
class Prelu : public torch::nn::Module {
public:
    Prelu() : slope_(register_parameter("slope", torch::full({1}, 0.25))) {}
    Tensor forward(const Tensor& x) const { return torch::prelu(x, slope_); }

private:
    Tensor slope_;
};

ConvShape three_by_three(std::int64_t inputs, std::int64_t outputs, std::int64_t stride = 1) {
    return {.inputs = inputs, .outputs = outputs, .kernel = 3, .stride = stride, .padding = 1};
}

class ResidualBlock : public torch::nn::Module {
public:
    ResidualBlock(std::int64_t features, std::int64_t noise, at::Generator& random)
        : first_(register_module(
              "first", make_conv_block(three_by_three(features + noise, features), Norm::batch, random))),
          prelu_(register_module("prelu", std::make_shared<Prelu>())),
          second_(register_module(
              "second", make_conv_block(three_by_three(features, features), Norm::batch, random))) {}

    /// Features, to which the residual is added, and noise.
    Tensor forward(const std::vector<Tensor>& parts) {
        return add_shared(parts.front(), second_->forward({prelu_->forward(first_->forward(parts))}));
    }

    void fold() {
        first_->fold();
        second_->fold();
    }

private:
    std::shared_ptr<ConvBlock> first_;
    std::shared_ptr<Prelu> prelu_;
    std::shared_ptr<ConvBlock> second_;
};

/// A convolution and its PReLU, with a pixel shuffle in between if asked.
class PreluConv : public torch::nn::Module {
public:
    PreluConv(std::shared_ptr<PartedConvolution> convolution, bool shuffles)
        : shuffles_(shuffles),
          convolution_(register_module("convolution", std::move(convolution))),
          prelu_(register_module("prelu", std::make_shared<Prelu>())) {}

    Tensor forward(const std::vector<Tensor>& parts) {
        auto out = convolution_->forward(parts);
        if (shuffles_) out = torch::pixel_shuffle(out, 2);
        tally({out});
        return prelu_->forward(out);
    }

private:
    bool shuffles_;
    std::shared_ptr<PartedConvolution> convolution_;
    std::shared_ptr<Prelu> prelu_;
};

/// The wide convolution at the end. G and P are twins: both own the kernel of the centre and of the
/// log-dispersion, as in the reference, although G never asks for the second; it convolves with the rows
/// it needs only.
class TwinHead : public ConvLayer {
public:
    TwinHead(std::int64_t features, std::int64_t outputs, std::int64_t kernel, at::Generator& random)
        : ConvLayer({.inputs = features, .outputs = head_outputs, .kernel = kernel, .padding = kernel / 2},
                    random),
          outputs_(outputs) {}

    Tensor head(const Tensor& features) const {
        tally({features});
        return convolve(features, weight_.narrow(0, 0, outputs_)) +
               bias_.narrow(0, 0, outputs_).view({-1, 1, 1});
    }

private:
    std::int64_t outputs_;
};

class Srgan : public Trunk {
public:
    Srgan(const NetworkSpec& network, std::int64_t side, std::int64_t scale, bool noisy, std::int64_t outputs,
          at::Generator& random)
        : noise_(network, noisy ? network.blocks + 2 : 0, side) {
        const auto f = network.features;
        first_ = add("first", {.inputs = 3, .outputs = f, .kernel = 9, .padding = 4}, random);
        for (std::int64_t i = 0; i < network.blocks; ++i) add_block(f, random);
        const auto place = network.blocks;
        last_ = add("last", three_by_three(f + noise_.channels(place), f), random);
        add_ups(network, scale, noise_.channels(place + 1), random);
        head_ = register_module("head", std::make_shared<TwinHead>(f, outputs, network.head, random));
    }

    std::vector<Tensor> encode(const Tensor& x) override { return {first_->forward({x})}; }

    Tensor decode(const std::vector<Tensor>& features, const Noise& noise) override {
        auto h = features.front();
        std::int64_t place = 0;
        for (const auto& block : blocks_) h = block->forward(noise_.beside(h, noise, place++));
        h = add_shared(features.front(), last_->forward(noise_.beside(h, noise, place++)));
        for (const auto& up : ups_) h = up->forward(noise_.beside(h, noise, place++));
        return head_->head(h);
    }

    std::vector<std::vector<std::int64_t>> noise_shapes() const override { return noise_.shapes(); }

    void fold() override {
        for (const auto& block : blocks_) block->fold();
    }

private:
    std::shared_ptr<PreluConv> add(const std::string& name, const ConvShape& shape, at::Generator& random) {
        return register_module(
            name, std::make_shared<PreluConv>(std::make_shared<ConvLayer>(shape, random), false));
    }

    void add_block(std::int64_t features, at::Generator& random) {
        const auto place = std::ssize(blocks_);
        blocks_.push_back(
            register_module("block" + std::to_string(place),
                            std::make_shared<ResidualBlock>(features, noise_.channels(place), random)));
    }

    /// Doubles the size. The paper shuffles pixels, which starts as a checkerboard.
    std::shared_ptr<PreluConv> make_up(std::int64_t inputs, std::int64_t features, Upsampling upsampling,
                                       at::Generator& random) const {
        if (upsampling == Upsampling::resize)
            return std::make_shared<PreluConv>(
                std::make_shared<UpConvLayer>(inputs, features, upsampling, true, random), false);
        return std::make_shared<PreluConv>(
            std::make_shared<ConvLayer>(three_by_three(inputs, 4 * features), random), true);
    }

    /// Only the first has noise.
    void add_ups(const NetworkSpec& network, std::int64_t scale, std::int64_t noise, at::Generator& random) {
        const auto f = network.features;
        for (std::int64_t done = 1; done < scale; done *= 2) {
            const auto up = make_up(f + (done == 1 ? noise : 0), f, upsampling_of(network), random);
            ups_.push_back(register_module("up" + std::to_string(ups_.size()), up));
        }
    }

    PlacedNoise noise_;
    std::shared_ptr<PreluConv> first_, last_;
    std::vector<std::shared_ptr<ResidualBlock>> blocks_;
    std::vector<std::shared_ptr<PreluConv>> ups_;
    std::shared_ptr<TwinHead> head_;
};

class SrganDiscriminator : public Discriminator {
public:
    SrganDiscriminator(const NetworkSpec& network, at::Generator& random) {
        const auto f = network.discriminator_features;
        add(network, three_by_three(3, f), false, random);
        add(network, three_by_three(f, f, 2), true, random);
        for (std::int64_t width = f; width < 8 * f; width *= 2) {
            add(network, three_by_three(width, 2 * width), true, random);
            add(network, three_by_three(2 * width, 2 * width, 2), true, random);
        }
        if (!network.discriminator_patches) pooled_at_ = blocks_.size();
        add(network, {.inputs = 8 * f, .outputs = 16 * f, .kernel = 1}, false, random);
        add(network, {.inputs = 16 * f, .outputs = 1, .kernel = 1}, false, random);
    }

    Tensor forward(const Tensor&, const Tensor& y) override {
        auto h = blocks_.front()->forward({y});
        for (std::size_t i = 1; i < blocks_.size(); ++i) {
            h = torch::leaky_relu(h, leak);
            if (i == pooled_at_) h = h.mean({2, 3}, true);
            h = blocks_[i]->forward({h});
        }
        return h;
    }

private:
    void add(const NetworkSpec& network, const ConvShape& shape, bool normalised, at::Generator& random) {
        const auto norm = discriminator_norm(network, normalised);
        blocks_.push_back(
            register_module("block" + std::to_string(blocks_.size()), make_conv_block(shape, norm, random)));
    }

    std::vector<std::shared_ptr<ConvBlock>> blocks_;
    std::size_t pooled_at_ = 0;  ///< the first block after the global average; 0: there is none
};

}  // namespace

std::shared_ptr<Trunk> make_srgan(const NetworkSpec& network, std::int64_t side, std::int64_t scale,
                                  bool noisy, std::int64_t outputs, at::Generator& random) {
    return std::make_shared<Srgan>(network, side, scale, noisy, outputs, random);
}

std::shared_ptr<Discriminator> make_srgan_discriminator(const NetworkSpec& network, at::Generator& random) {
    return std::make_shared<SrganDiscriminator>(network, random);
}

}  // namespace modescope
