#include "core/networks/pix2pix.h"

#include "core/networks/layers.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr double leak = 0.2;

/// A convolution and the batch normalisation that may follow it.
template <class Convolution>
class Block : public torch::nn::Module {
public:
    Block(std::shared_ptr<Convolution> convolution, std::int64_t normalised_channels)
        : convolution_(register_module("convolution", std::move(convolution))) {
        if (normalised_channels > 0)
            norm_ = register_module("norm", torch::nn::BatchNorm2d(normalised_channels));
    }

    Tensor forward(const std::vector<Tensor>& parts) {
        const auto out = convolution_->forward(parts);
        return norm_ && !folded_ ? norm_->forward(out) : out;
    }

    void fold() {
        if (!norm_ || folded_) return;
        const auto scale = norm_->weight / (norm_->running_var + norm_->options.eps()).sqrt();
        convolution_->fold(scale, norm_->bias - norm_->running_mean * scale);
        folded_ = true;
    }

private:
    std::shared_ptr<Convolution> convolution_;
    torch::nn::BatchNorm2d norm_{nullptr};
    bool folded_ = false;
};

using Down = Block<ConvLayer>;
using Up = Block<UpConvLayer>;

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
    }

    std::vector<Tensor> encode(const Tensor& x) override {
        std::vector<Tensor> features;
        for (const auto& down : downs_)
            features.push_back(
                torch::leaky_relu(down->forward({features.empty() ? x : features.back()}), leak));
        return features;
    }

    Tensor decode(const std::vector<Tensor>& features, const Noise& noise) override {
        Tensor h;
        for (auto level = downs_count_ - 1; level >= 0; --level) {
            std::vector<Tensor> parts{features[level]};
            if (h.defined()) parts.push_back(h);
            if (has_noise(level)) parts.push_back(noise[downs_count_ - 1 - level]);
            h = ups_[level]->forward(parts);
            if (level > 0) h = h.relu_();
        }
        return h;
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
        for (const auto& down : downs_) down->fold();
        for (const auto& up : ups_) up->fold();
    }

private:
    bool has_noise(std::int64_t level) const { return level >= downs_count_ - noise_levels_; }

    void add_down(const NetworkSpec& network, std::int64_t level, std::int64_t inputs,
                  at::Generator& random) {
        const auto in = level == 0 ? inputs : features_at(network, level - 1),
                   out = features_at(network, level);
        // The picture's edge and a 1×1 bottleneck of few conditions are no places for batch statistics.
        const bool normalised = level > 0 && level < downs_count_ - 1;
        auto convolution = std::make_shared<ConvLayer>(in, out, 4, 2, 1, !normalised, random);
        downs_.push_back(register_module("down" + std::to_string(level),
                                         std::make_shared<Down>(convolution, normalised ? out : 0)));
    }

    void add_up(const NetworkSpec& network, std::int64_t level, std::int64_t outputs, at::Generator& random) {
        const bool deepest = level == downs_count_ - 1, last = level == 0;
        const auto in = features_at(network, level) + (deepest ? 0 : features_at(network, level)) +
                        (has_noise(level) ? noise_channels_ : 0);
        const auto out = last ? outputs : features_at(network, level - 1);
        const auto upsampling =
            network.upsampling == "transposed" ? Upsampling::transposed : Upsampling::resize;
        auto convolution = std::make_shared<UpConvLayer>(in, out, upsampling, last, random);
        ups_.push_back(
            register_module("up" + std::to_string(level), std::make_shared<Up>(convolution, last ? 0 : out)));
    }

    std::int64_t size_, downs_count_, noise_levels_, noise_channels_;
    std::vector<std::shared_ptr<Down>> downs_;
    std::vector<std::shared_ptr<Up>> ups_;
};

class PatchGan : public Discriminator {
public:
    PatchGan(const NetworkSpec& network, std::int64_t inputs, std::int64_t outputs, at::Generator& random)
        : spectral_(network.discriminator_norm == "spectral") {
        const auto layers = network.discriminator_layers, width = network.discriminator_features;
        auto in = inputs + outputs;
        for (std::int64_t i = 0; i <= layers; ++i) {
            const auto out = width * std::min<std::int64_t>(std::int64_t{1} << i, network.widest);
            add(in, out, i < layers ? 2 : 1, i > 0, random);
            in = out;
        }
        add(in, 1, 1, false, random);
    }

    Tensor forward(const Tensor& x, const Tensor& y) override {
        auto h = blocks_.front()->forward({x, y});
        for (std::size_t i = 1; i < blocks_.size(); ++i)
            h = blocks_[i]->forward({torch::leaky_relu(h, leak)});
        return h;
    }

private:
    void add(std::int64_t in, std::int64_t out, std::int64_t stride, bool normalised, at::Generator& random) {
        const bool batch_norm = normalised && !spectral_;
        std::shared_ptr<ConvLayer> convolution;
        if (spectral_)
            convolution = std::make_shared<SpectralConvLayer>(in, out, 4, stride, 1, random);
        else
            convolution = std::make_shared<ConvLayer>(in, out, 4, stride, 1, !batch_norm, random);
        blocks_.push_back(register_module("block" + std::to_string(blocks_.size()),
                                          std::make_shared<Down>(convolution, batch_norm ? out : 0)));
    }

    bool spectral_;
    std::vector<std::shared_ptr<Down>> blocks_;
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
