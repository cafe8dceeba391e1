#include "core/networks/mlp.h"

#include "core/networks/layers.h"

namespace modescope {
namespace {

using torch::Tensor;

Tensor repeat_rows(const Tensor& x, std::int64_t rows) {
    return x.size(0) == rows ? x : x.repeat_interleave(rows / x.size(0), 0);
}

class Perceptron : public torch::nn::Module {
public:
    Perceptron(std::int64_t inputs, std::int64_t width, std::int64_t outputs, at::Generator& random)
        : first_(register_module("first", std::make_shared<LinearLayer>(inputs, width, random))),
          second_(register_module("second", std::make_shared<LinearLayer>(width, width, random))),
          last_(register_module("last", std::make_shared<LinearLayer>(width, outputs, random))) {}

    Tensor forward(const Tensor& x) const {
        return last_->forward(second_->forward(first_->forward(x).relu_()).relu_());
    }

private:
    std::shared_ptr<LinearLayer> first_, second_, last_;
};

class MlpTrunk : public Trunk {
public:
    MlpTrunk(std::int64_t width, std::int64_t noise, std::int64_t outputs, at::Generator& random)
        : noise_(noise),
          layers_(
              register_module("layers", std::make_shared<Perceptron>(1 + noise, width, outputs, random))) {}

    std::vector<Tensor> encode(const Tensor& x) override { return {x}; }

    Tensor decode(const std::vector<Tensor>& features, const Noise& noise) override {
        if (noise.empty()) return layers_->forward(features.front());
        const auto& z = noise.front();
        return layers_->forward(torch::cat({repeat_rows(features.front(), z.size(0)), z}, 1));
    }

    std::vector<std::vector<std::int64_t>> noise_shapes() const override {
        return noise_ > 0 ? std::vector<std::vector<std::int64_t>>{{noise_}}
                          : std::vector<std::vector<std::int64_t>>{};
    }

private:
    std::int64_t noise_;
    std::shared_ptr<Perceptron> layers_;
};

class MlpDiscriminator : public Discriminator {
public:
    MlpDiscriminator(std::int64_t width, at::Generator& random)
        : layers_(register_module("layers", std::make_shared<Perceptron>(2, width, 1, random))) {}

    Tensor forward(const Tensor& x, const Tensor& y) override {
        return layers_->forward(torch::cat({repeat_rows(x, y.size(0)), y}, 1));
    }

private:
    std::shared_ptr<Perceptron> layers_;
};

}  // namespace

std::shared_ptr<Trunk> make_mlp_trunk(std::int64_t width, std::int64_t noise, std::int64_t outputs,
                                      at::Generator& random) {
    return std::make_shared<MlpTrunk>(width, noise, outputs, random);
}

std::shared_ptr<Discriminator> make_mlp_discriminator(std::int64_t width, at::Generator& random) {
    return std::make_shared<MlpDiscriminator>(width, random);
}

}  // namespace modescope
