#include "core/networks/glcic.h"

#include <algorithm>

#include "core/networks/layers.h"
#include "core/networks/placed_noise.h"

namespace modescope {
namespace {

using torch::Tensor;

/// Convolutions that see noise: conv6 and the first two dilated ones.
constexpr std::int64_t noise_places = 3;

class Glcic : public Trunk {
public:
    Glcic(const NetworkSpec& network, std::int64_t size, bool noisy, std::int64_t outputs,
          at::Generator& random)
        : noise_(network, noisy ? noise_places : 0, size / 4) {
        const auto f = network.features;
        add_encoder(f, random);
        add_middle(4 * f, random);
        add_decoder(f, upsampling_of(network), random);
        const ConvShape head{
            .inputs = std::max<std::int64_t>(f / 2, 1), .outputs = outputs, .kernel = 3, .padding = 1};
        head_ = register_module("head", std::make_shared<ConvLayer>(head, random));
    }

    std::vector<Tensor> encode(const Tensor& x) override {
        auto h = x;
        for (const auto& block : encoder_) h = block->forward({h}).relu_();
        return {h};
    }

    Tensor decode(const std::vector<Tensor>& features, const Noise& noise) override {
        auto h = features.front();
        std::int64_t place = 0;
        for (const auto& block : middle_) h = block->forward(noise_.beside(h, noise, place++)).relu_();
        for (const auto& block : decoder_) h = block->forward({h}).relu_();
        return head_->forward({h});
    }

    std::vector<std::vector<std::int64_t>> noise_shapes() const override { return noise_.shapes(); }

    void fold() override {
        for (const auto* blocks : {&encoder_, &middle_, &decoder_})
            for (const auto& block : *blocks) block->fold();
    }

private:
    using Blocks = std::vector<std::shared_ptr<ConvBlock>>;

    void add(Blocks& blocks, const std::string& name, ConvShape shape, at::Generator& random) {
        shape.bias = false;
        shape.padding = shape.dilation * (shape.kernel / 2);
        blocks.push_back(register_module(name, make_conv_block(shape, Norm::batch, random)));
    }

    void add_encoder(std::int64_t f, at::Generator& random) {
        add(encoder_, "conv1", {.inputs = 4, .outputs = f, .kernel = 5}, random);
        add(encoder_, "conv2", {.inputs = f, .outputs = 2 * f, .kernel = 3, .stride = 2}, random);
        add(encoder_, "conv3", {.inputs = 2 * f, .outputs = 2 * f, .kernel = 3}, random);
        add(encoder_, "conv4", {.inputs = 2 * f, .outputs = 4 * f, .kernel = 3, .stride = 2}, random);
        add(encoder_, "conv5", {.inputs = 4 * f, .outputs = 4 * f, .kernel = 3}, random);
    }

    void add_middle(std::int64_t width, at::Generator& random) {
        const std::pair<const char*, std::int64_t> layers[] = {
            {"conv6", 1},     {"dilated1", 2}, {"dilated2", 4}, {"dilated3", 8},
            {"dilated4", 16}, {"conv7", 1},    {"conv8", 1},
        };
        for (const auto& [name, dilation] : layers) {
            const auto inputs = width + noise_.channels(std::ssize(middle_));
            add(middle_, name, {.inputs = inputs, .outputs = width, .kernel = 3, .dilation = dilation},
                random);
        }
    }

    void add_up(const std::string& name, std::int64_t inputs, std::int64_t outputs, Upsampling upsampling,
                at::Generator& random) {
        auto convolution = std::make_shared<UpConvLayer>(inputs, outputs, upsampling, false, random);
        decoder_.push_back(register_module(name, std::make_shared<ConvBlock>(convolution, outputs)));
    }

    void add_decoder(std::int64_t f, Upsampling upsampling, at::Generator& random) {
        add_up("up1", 4 * f, 2 * f, upsampling, random);
        add(decoder_, "conv9", {.inputs = 2 * f, .outputs = 2 * f, .kernel = 3}, random);
        add_up("up2", 2 * f, f, upsampling, random);
        const auto half = std::max<std::int64_t>(f / 2, 1);
        add(decoder_, "conv10", {.inputs = f, .outputs = half, .kernel = 3}, random);
    }

    PlacedNoise noise_;
    Blocks encoder_, middle_, decoder_;
    std::shared_ptr<ConvLayer> head_;
};

/// Halves a square until its side is 2 and describes it by 16 times the first layer's features.
class Stack : public torch::nn::Module {
public:
    Stack(const NetworkSpec& network, std::int64_t side, at::Generator& random) {
        const auto f = network.discriminator_features;
        const auto norm = discriminator_norm(network, true);
        std::int64_t in = 3;
        for (auto out = f; side > 2; side /= 2, out = std::min(2 * out, 8 * f)) {
            add({.inputs = in,
                 .outputs = out,
                 .kernel = 5,
                 .stride = 2,
                 .padding = 2,
                 .bias = norm != Norm::batch},
                norm, random);
            in = out;
        }
        // As large as what it sees: a fully connected layer.
        add({.inputs = in, .outputs = 16 * f, .kernel = 2}, discriminator_norm(network, false), random);
    }

    Tensor forward(const Tensor& y) {
        auto h = blocks_.front()->forward({y});
        for (std::size_t i = 1; i < blocks_.size(); ++i) h = blocks_[i]->forward({h.relu_()});
        return h;
    }

private:
    void add(const ConvShape& shape, Norm norm, at::Generator& random) {
        blocks_.push_back(
            register_module("block" + std::to_string(blocks_.size()), make_conv_block(shape, norm, random)));
    }

    std::vector<std::shared_ptr<ConvBlock>> blocks_;
};

/// The local squares of y [B·K, 3, h, w], where x [B, 4, h, w] has its holes.
Tensor crop(const Tensor& x, const Tensor& y, std::int64_t box) {
    const auto corners = local_boxes(x.select(1, 3), box);
    const auto groups = y.unflatten(0, {x.size(0), y.size(0) / x.size(0)}).unbind(0);
    std::vector<Tensor> squares;
    for (std::size_t i = 0; i < groups.size(); ++i)
        squares.push_back(groups[i].narrow(2, corners[i].top, box).narrow(3, corners[i].left, box));
    return torch::cat(squares);
}

class GlcicDiscriminator : public Discriminator {
public:
    GlcicDiscriminator(const NetworkSpec& network, std::int64_t size, std::int64_t box, at::Generator& random)
        : box_(box),
          global_(register_module("global", std::make_shared<Stack>(network, size, random))),
          local_(register_module("local", std::make_shared<Stack>(network, box, random))),
          last_(register_module(
              "last",
              make_conv_block({.inputs = 32 * network.discriminator_features, .outputs = 1, .kernel = 1},
                              discriminator_norm(network, false), random))) {}

    Tensor forward(const Tensor& x, const Tensor& y) override {
        return last_->forward({global_->forward(y), local_->forward(crop(x, y, box_))}).flatten(1);
    }

private:
    std::int64_t box_;
    std::shared_ptr<Stack> global_, local_;
    std::shared_ptr<ConvBlock> last_;
};

/// Where `box` begins on one axis of `size` pixels, given which of them are in the hole.
std::int64_t box_start(const Tensor& in_hole, std::int64_t box) {
    const auto size = in_hole.size(0);
    const auto hit = in_hole.nonzero();
    const auto first = hit.size(0) > 0 ? hit[0].item<std::int64_t>() : 0;
    const auto end = hit.size(0) > 0 ? hit[-1].item<std::int64_t>() + 1 : size;
    return std::clamp<std::int64_t>((first + end - box) / 2, 0, size - box);
}

}  // namespace

std::vector<BoxCorner> local_boxes(const Tensor& masks, std::int64_t box) {
    const auto in_hole = masks.detach().cpu().ne(0);
    std::vector<BoxCorner> corners;
    for (const auto& mask : in_hole.unbind(0))
        corners.push_back({box_start(mask.any(1), box), box_start(mask.any(0), box)});
    return corners;
}

std::shared_ptr<Trunk> make_glcic(const NetworkSpec& network, std::int64_t size, bool noisy,
                                  std::int64_t outputs, at::Generator& random) {
    return std::make_shared<Glcic>(network, size, noisy, outputs, random);
}

std::shared_ptr<Discriminator> make_glcic_discriminator(const NetworkSpec& network, std::int64_t size,
                                                        std::int64_t box, at::Generator& random) {
    return std::make_shared<GlcicDiscriminator>(network, size, box, random);
}

}  // namespace modescope
