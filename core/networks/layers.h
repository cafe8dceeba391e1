#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "core/training/processes.h"
#include "core/training/spec.h"

namespace modescope {

/// Layers whose start values come from an explicit generator; LibTorch's own draw from the global one.

class LinearLayer : public torch::nn::Module {
public:
    LinearLayer(std::int64_t inputs, std::int64_t outputs, at::Generator& random);
    torch::Tensor forward(const torch::Tensor& x) const;

private:
    torch::Tensor weight_, bias_;
};

/// A convolution's kernel, into which the batch normalisation after it is folded, and its bias, which may be
/// undefined.
struct FoldedLayer {
    torch::Tensor kernel, bias;
};

/// Convolution whose input is given in parts, as if they were concatenated along the channels.
/// A part with fewer rows than the last one (the noise-free features of B conditions beside
/// B·K samples) is convolved once per condition and its result shared by the K samples.
class PartedConvolution : public torch::nn::Module {
public:
    /// Parts [rows, channels, h, w] in ascending order of rows; the rows divide each other.
    torch::Tensor forward(const std::vector<torch::Tensor>& parts) const;

    /// Folds what follows, y·scale + shift per output channel, into the kernel. For sampling only.
    void fold(const torch::Tensor& scale, const torch::Tensor& shift);
    FoldedLayer folded() const;

protected:
    PartedConvolution(const std::vector<std::int64_t>& weight_shape, bool bias, at::Generator& random);
    /// Kernel in the form `convolve` wants, [outputs (· phases), inputs, height, width].
    virtual torch::Tensor kernel() const { return weight_; }
    virtual torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& kernel) const = 0;
    /// What `convolve` left to do once for the sum of all parts.
    virtual torch::Tensor arrange(const torch::Tensor& sum) const { return sum; }

    torch::Tensor weight_, bias_;

private:
    torch::Tensor folded_kernel_;
};

/// Channels and geometry of a convolution with a square kernel.
struct ConvShape {
    std::int64_t inputs, outputs, kernel;
    std::int64_t stride = 1, padding = 0, dilation = 1;
    bool bias = true;
};

class ConvLayer : public PartedConvolution {
public:
    ConvLayer(const ConvShape& shape, at::Generator& random);

protected:
    torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& kernel) const override;

private:
    ConvShape shape_;
};

/// A convolution whose kernel is divided by its largest singular value, which one power iteration per
/// training pass follows (Miyato et al. 2018): D stays Lipschitz without batch statistics.
class SpectralConvLayer : public ConvLayer {
public:
    SpectralConvLayer(const ConvShape& shape, at::Generator& random);

private:
    torch::Tensor kernel() const override;

    torch::Tensor left_;  ///< running estimate of the left singular vector
};

/// How a decoder doubles the size. Both are computed as one 2×2 convolution for each of the four
/// output phases, four ninths of the work of a 3×3 convolution at the doubled size.
enum class Upsampling {
    resize,      ///< nearest neighbour, then a 3×3 convolution: no checkerboard
    transposed,  ///< 4×4 transposed convolution with stride 2, as in the paper
};
Upsampling upsampling_of(const NetworkSpec& network);

class UpConvLayer : public PartedConvolution {
public:
    UpConvLayer(std::int64_t inputs, std::int64_t outputs, Upsampling upsampling, bool bias,
                at::Generator& random);

private:
    torch::Tensor kernel() const override;
    torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& kernel) const override;

    torch::Tensor arrange(const torch::Tensor& sum) const override;

    /// [k·k, 16]: kernel taps to the taps of the four 2×2 phase kernels; follows the weights to their device.
    mutable torch::Tensor to_phases_;
};

/// Batch normalisation (Ioffe & Szegedy 2015) with the names and numbers of torch::nn::BatchNorm2d, whose
/// training can take the statistics of the batches of several processes together.
class BatchNorm : public torch::nn::Module {
public:
    explicit BatchNorm(std::int64_t channels);
    /// [n, channels, h, w], in training with the same n, h and w in all processes and more than one value a
    /// channel; else throws Error.
    torch::Tensor forward(const torch::Tensor& x);
    void share(const Processes& processes) { processes_ = processes; }

    /// What it does in eval mode is x · scale + shift.
    torch::Tensor scale() const;
    torch::Tensor shift() const;

private:
    torch::Tensor shared_forward(const torch::Tensor& x);

    torch::Tensor weight_, bias_, running_mean_, running_var_, num_batches_tracked_;
    Processes processes_;
};

/// All batch norms of a network take the statistics of all processes from now on.
void share_batch_norms(torch::nn::Module& network, const Processes& processes);

/// A convolution and the batch normalisation that may follow it.
class ConvBlock : public torch::nn::Module {
public:
    /// `normalised_channels` is what the convolution puts out, or 0 for no batch normalisation.
    ConvBlock(std::shared_ptr<PartedConvolution> convolution, std::int64_t normalised_channels);
    torch::Tensor forward(const std::vector<torch::Tensor>& parts);
    /// Makes the batch normalisation's running statistics part of the kernel. For sampling only.
    void fold();
    FoldedLayer folded() const { return convolution_->folded(); }

private:
    std::shared_ptr<PartedConvolution> convolution_;
    std::shared_ptr<BatchNorm> norm_;  ///< null without
    bool folded_ = false;
};

enum class Norm { none, batch, spectral };
/// Of a discriminator's layer: spectral in all of them, or batch in those that the reference normalises.
Norm discriminator_norm(const NetworkSpec& network, bool normalised);

std::shared_ptr<ConvBlock> make_conv_block(const ConvShape& shape, Norm norm, at::Generator& random);

/// a [n, …] + b [n·K, …], each row of a added to K rows of b.
torch::Tensor add_shared(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace modescope
