#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "core/objective/losses.h"
#include "core/training/spec.h"

namespace modescope {

/// One tensor per noise level, [B·K, channels, height, width] (toy: [B·K, 1]); a level that is the same
/// at every position has height and width 1.
using Noise = std::vector<torch::Tensor>;

/// The trunk of a generator or predictor: features of x, and from them and noise the output.
/// Only `decode` runs K times; `encode` holds everything before the first noise.
class Trunk : public torch::nn::Module {
public:
    /// x [B, …] → features, each of B rows.
    virtual std::vector<torch::Tensor> encode(const torch::Tensor& x) = 0;
    /// Features of B conditions and noise of B·K rows → [B·K, outputs, …]; without noise, B rows.
    /// What follows the trunk's own features in `features` is not looked at.
    virtual torch::Tensor decode(const std::vector<torch::Tensor>& features, const Noise& noise) = 0;
    /// Shape of one row of each noise level; empty for a predictor.
    virtual std::vector<std::vector<std::int64_t>> noise_shapes() const = 0;
    /// Folds what sampling can precompute (batch norms in eval mode). Irreversible.
    virtual void fold() {}
};

/// What becomes of a trunk's output.
struct OutputForm {
    bool bounded = false;     ///< a picture: in [−1, 1] by tanh
    bool fills_hole = false;  ///< x is [B, 4, h, w], the known picture and the mask (1 in the hole), and the
                              ///< known pixels stay exactly as they are
};

/// G(x, z).
class Generator : public torch::nn::Module {
public:
    Generator(std::shared_ptr<Trunk> trunk, OutputForm form);
    /// x of B rows and noise of B·K rows → B·K samples, the K of a condition next to each other.
    torch::Tensor forward(const torch::Tensor& x, const Noise& noise);
    /// The part of `forward` that knows no noise, and the rest: forward(x, z) is decode(encode(x), z).
    std::vector<torch::Tensor> encode(const torch::Tensor& x);
    torch::Tensor decode(const std::vector<torch::Tensor>& features, const Noise& noise);
    /// Folds what sampling can precompute. In eval mode, without gradients; irreversible.
    void fold() { trunk_->fold(); }
    /// Standard normal noise for `rows` samples, the same numbers on every device.
    Noise draw_noise(std::int64_t rows, at::Generator& random, torch::Device device = torch::kCPU) const;

private:
    std::shared_ptr<Trunk> trunk_;
    OutputForm form_;
};

/// D(x, y): logits of B·K rows, large for "real". x has B rows, y B·K.
class Discriminator : public torch::nn::Module {
public:
    virtual torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& y) = 0;
};

/// P(x): centre and log-dispersion of y given x; G's trunk without noise. What is known of y is the centre
/// itself with the least dispersion.
class Predictor : public torch::nn::Module {
public:
    Predictor(std::shared_ptr<Trunk> trunk, OutputForm form);
    Prediction forward(const torch::Tensor& x);
    /// As Generator::fold.
    void fold() { trunk_->fold(); }

private:
    std::shared_ptr<Trunk> trunk_;
    OutputForm form_;
};

/// Shapes of one x and one y of a spec: [channels, height, width] (toy: [1]).
struct PairShape {
    std::vector<std::int64_t> x, y;
};
PairShape pair_shape(const Spec& spec);

/// The networks of a spec, freshly initialised from the generator; D and P are null when the
/// objective does not need them.
struct Networks {
    std::shared_ptr<Generator> generator;
    std::shared_ptr<Discriminator> discriminator;
    std::shared_ptr<Predictor> predictor;
};
Networks build_networks(const Spec& spec, at::Generator& random);
std::shared_ptr<Generator> build_generator(const Spec& spec, at::Generator& random);
std::shared_ptr<Discriminator> build_discriminator(const Spec& spec, at::Generator& random);
std::shared_ptr<Predictor> build_predictor(const Spec& spec, at::Generator& random);

/// Copies parameters and buffers by name; the modules must be built from the same spec.
void copy_state(torch::nn::Module& to, const torch::nn::Module& from);
std::int64_t count_parameters(const torch::nn::Module& module);

}  // namespace modescope
