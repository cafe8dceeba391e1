#pragma once

#include <torch/torch.h>

#include <vector>

namespace modescope {

/// A batch of pictures as direct convolutions read and write them: the channels of a pixel side by side,
/// their number rounded up to whole vectors, and around each picture a border of zeros.
class PixelMap {
public:
    /// All zero. Fewer than one channel counts as one.
    PixelMap(std::int64_t rows, std::int64_t height, std::int64_t width, std::int64_t channels,
             std::int64_t border);
    /// The map of `values()` again.
    PixelMap(torch::Tensor values, std::int64_t border);

    /// Writes x [rows, channels, height, width] to the channels from `first` on.
    void put(const torch::Tensor& x, std::int64_t first = 0);
    /// The first `channels`, [rows, channels, height, width].
    torch::Tensor picture(std::int64_t channels) const;

    /// [rows, height + 2·border, width + 2·border, stride]
    const torch::Tensor& values() const { return values_; }
    std::int64_t rows() const { return values_.size(0); }
    std::int64_t height() const { return values_.size(1) - 2 * border_; }
    std::int64_t width() const { return values_.size(2) - 2 * border_; }
    /// Numbers of a pixel: from one to the next.
    std::int64_t stride() const { return values_.size(3); }
    std::int64_t border() const { return border_; }

    static std::int64_t padded(std::int64_t channels);

private:
    torch::Tensor inside() const;

    torch::Tensor values_;
    std::int64_t border_;
};

/// Which pixels a direct convolution reads and writes: output pixel (out·i + row, out·j + column) is what the
/// kernel sees when its first tap lies at pixel (in·i + row − 1, in·j + column − 1) of the input.
struct DirectGeometry {
    std::int64_t in = 1, out = 1, row = 0, column = 0;
};

/// What becomes of the sums of a direct convolution: each row of its output scales and shifts the channels,
/// [rows, padded channels], where that is defined; then what is negative is multiplied by `slope`.
struct DirectActivation {
    float slope = 1;
    torch::Tensor scale = {}, shift = {};
};

/// A convolution for sampling, on the processor and without gradients. It needs neither an intermediate copy
/// of the input (as matrix multiplication does) nor passes of its own for the bias, what other parts of the
/// input contribute, and the activation; weights are arranged once. Twice as fast as LibTorch's for the few
/// channels of small U-Nets.
class DirectConvolution {
public:
    /// kernel [outputs, inputs, k, k], whose inputs lie in parts of so many channels, each of which begins
    /// with a vector of its own in the map; bias [outputs] or undefined.
    DirectConvolution(const torch::Tensor& kernel, const std::vector<std::int64_t>& parts,
                      const torch::Tensor& bias, DirectGeometry geometry);

    std::int64_t outputs() const { return outputs_; }

    /// Writes the pixels of `out` that the geometry names: the activation of the sum. It begins with the bias
    /// or, where `shared` is given, with its pixel; B rows of it are for B·K rows of the input, K after one
    /// another. The maps have borders of 1, 0 and any width.
    void apply(const PixelMap& in, const PixelMap* shared, const DirectActivation& activation,
               const PixelMap& out) const;

private:
    struct View;
    class Pixels;

    std::int64_t inputs_, outputs_, side_;
    DirectGeometry geometry_;
    torch::Tensor weights_, bias_;
};

struct DirectWork;

/// The inner loop, compiled for one kind of processor.
struct DirectKernel {
    const char* processor;
    bool runs_here;
    void (*convolve)(const DirectWork& work);
};
/// The fastest first; the last one runs everywhere.
std::vector<DirectKernel> direct_kernels();

}  // namespace modescope
