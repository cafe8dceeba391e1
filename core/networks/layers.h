#pragma once

#include <torch/torch.h>

namespace modescope {

/// Layers whose start values come from an explicit generator; LibTorch's own draw from the global one.

class LinearLayer : public torch::nn::Module {
public:
    LinearLayer(std::int64_t inputs, std::int64_t outputs, at::Generator& random);
    torch::Tensor forward(const torch::Tensor& x) const;

private:
    torch::Tensor weight_, bias_;
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

class ConvLayer : public PartedConvolution {
public:
    ConvLayer(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel, std::int64_t stride,
              std::int64_t padding, bool bias, at::Generator& random);

private:
    torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& kernel) const override;

    std::int64_t stride_, padding_;
};

/// A convolution whose kernel is divided by its largest singular value, which one power iteration per
/// training pass follows (Miyato et al. 2018): D stays Lipschitz without batch statistics.
class SpectralConvLayer : public ConvLayer {
public:
    SpectralConvLayer(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel, std::int64_t stride,
                      std::int64_t padding, at::Generator& random);

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

class UpConvLayer : public PartedConvolution {
public:
    UpConvLayer(std::int64_t inputs, std::int64_t outputs, Upsampling upsampling, bool bias,
                at::Generator& random);

private:
    torch::Tensor kernel() const override;
    torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& kernel) const override;

    torch::Tensor arrange(const torch::Tensor& sum) const override;

    torch::Tensor to_phases_;  ///< [k·k, 16]: kernel taps to the taps of the four 2×2 phase kernels
};

}  // namespace modescope
