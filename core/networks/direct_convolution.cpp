#include "core/networks/direct_convolution.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/networks/direct_kernel.h"
#include "core/networks/tally.h"

namespace modescope {
namespace {

using torch::Tensor;

void convolve(const DirectWork& work) {
    static const auto kernels = direct_kernels();
    static const auto fastest = *std::ranges::find_if(kernels, &DirectKernel::runs_here);
    fastest.convolve(work);
}

/// The inputs of a kernel where the map has them, with zeros between.
Tensor spread(const Tensor& kernel, const std::vector<std::int64_t>& parts) {
    std::vector<Tensor> padded;
    std::int64_t first = 0;
    for (const auto part : parts) {
        const auto gap = PixelMap::padded(part) - part;
        padded.push_back(torch::constant_pad_nd(kernel.narrow(1, first, part), {0, 0, 0, 0, 0, gap}));
        first += part;
    }
    return torch::cat(padded, 1);
}

/// As DirectWork::weights wants them.
Tensor arranged(const Tensor& kernel) {
    const auto outputs = PixelMap::padded(kernel.size(0));
    const auto taps = torch::constant_pad_nd(kernel.permute({2, 3, 1, 0}), {0, outputs - kernel.size(0)})
                          .reshape({-1, kernel.size(1), outputs});
    std::vector<Tensor> blocks;
    for (std::int64_t first = 0; first < outputs; first += 2 * vector_width)
        blocks.push_back(
            taps.narrow(2, first, std::min<std::int64_t>(2 * vector_width, outputs - first)).flatten());
    return torch::cat(blocks).contiguous();
}

}  // namespace

std::vector<DirectKernel> direct_kernels() {
    return {
#ifdef MODESCOPE_X86
        {"AVX-512", __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"), convolve_avx512},
        {"AVX2", __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"), convolve_avx2},
#endif
        {"any", true, convolve_any}};
}

std::int64_t PixelMap::padded(std::int64_t channels) {
    return (std::max<std::int64_t>(channels, 1) + vector_width - 1) / vector_width * vector_width;
}

PixelMap::PixelMap(std::int64_t rows, std::int64_t height, std::int64_t width, std::int64_t channels,
                   std::int64_t border)
    : PixelMap(torch::zeros({rows, height + 2 * border, width + 2 * border, padded(channels)}), border) {}

PixelMap::PixelMap(Tensor values, std::int64_t border) : values_(std::move(values)), border_(border) {}

Tensor PixelMap::inside() const { return values_.narrow(1, border_, height()).narrow(2, border_, width()); }

void PixelMap::put(const Tensor& x, std::int64_t first) {
    inside().narrow(3, first, x.size(1)).copy_(x.permute({0, 2, 3, 1}));
}

Tensor PixelMap::picture(std::int64_t channels) const {
    return inside().narrow(3, 0, channels).contiguous().permute({0, 3, 1, 2});
}

/// Where the pixels of a map are: numbers from one to the next, from line to line, from picture to picture.
struct DirectConvolution::View {
    float* first = nullptr;
    std::ptrdiff_t pixel = 0, line = 0, picture = 0;

    View() = default;
    explicit View(const PixelMap& map)
        : pixel(map.stride()), line(map.values().size(2) * pixel), picture(map.values().size(1) * line) {
        first = map.values().data_ptr<float>() + map.border() * (line + pixel);
    }

    float* at(std::int64_t row, std::int64_t y, std::int64_t x) const {
        return first + row * picture + y * line + x * pixel;
    }
};

/// The output pixels of a convolution in groups, line by line.
class DirectConvolution::Pixels {
public:
    Pixels(const DirectConvolution& convolution, const PixelMap& in, const PixelMap* shared,
           const DirectActivation& activation, const PixelMap& out)
        : geometry_(convolution.geometry_),
          activation_(activation),
          in_(in),
          start_(shared ? View(*shared) : View()),
          out_(out),
          rows_(out.rows()),
          height_((out.height() - geometry_.row + geometry_.out - 1) / geometry_.out),
          width_((out.width() - geometry_.column + geometry_.out - 1) / geometry_.out),
          samples_(shared ? out.rows() / shared->rows() : 1) {
        if (!shared) start_.first = convolution.bias_.data_ptr<float>();
    }

    std::int64_t count() const { return rows_ * height_ * width_; }

    /// The pixels from `first` on as work of whole groups: the last one is repeated to fill its group.
    DirectWork take(std::int64_t first, std::int64_t count) {
        auto j = first % width_, i = first / width_ % height_, row = first / width_ / height_;
        int filled = 0;
        while (filled < count) {
            const auto end = std::min(count, filled + width_ - j);
            fill(filled, end, row, i, j);
            filled = static_cast<int>(end);
            j = 0;
            if (++i < height_) continue;
            i = 0;
            ++row;
        }
        for (; filled % direct_group != 0; ++filled) repeat(filled);
        DirectWork work{
            .inputs = inputs_.data(), .starts = starts_.data(), .outputs = outputs_.data(), .pixels = filled};
        work.slope = activation_.slope;
        if (!activation_.scale.defined()) return work;
        work.scales = scales_.data();
        work.shifts = shifts_.data();
        return work;
    }

private:
    /// Neighbours of one line.
    void fill(int begin, std::int64_t end, std::int64_t row, std::int64_t i, std::int64_t j) {
        const auto y = geometry_.out * i + geometry_.row, x = geometry_.out * j + geometry_.column;
        const float* in =
            in_.at(row, geometry_.in * i + geometry_.row - 1, geometry_.in * j + geometry_.column - 1);
        const float* start = start_.at(row / samples_, y, x);
        float* out = out_.at(row, y, x);
        if (activation_.scale.defined()) {
            std::fill(scales_.data() + begin, scales_.data() + end, row_of(activation_.scale, row));
            std::fill(shifts_.data() + begin, shifts_.data() + end, row_of(activation_.shift, row));
        }
        for (int at = begin; at < end; ++at) {
            inputs_[at] = std::exchange(in, in + geometry_.in * in_.pixel);
            starts_[at] = std::exchange(start, start + geometry_.out * start_.pixel);
            outputs_[at] = std::exchange(out, out + geometry_.out * out_.pixel);
        }
    }

    void repeat(int at) {
        inputs_[at] = inputs_[at - 1];
        starts_[at] = starts_[at - 1];
        outputs_[at] = outputs_[at - 1];
        scales_[at] = scales_[at - 1];
        shifts_[at] = shifts_[at - 1];
    }

    static const float* row_of(const Tensor& style, std::int64_t row) {
        return style.data_ptr<float>() + row * style.size(1);
    }

    const DirectGeometry geometry_;
    const DirectActivation& activation_;
    View in_, start_, out_;  ///< start: the bias has the same place for all
    std::int64_t rows_, height_, width_, samples_;
    std::array<const float*, direct_chunk> inputs_, starts_, scales_{}, shifts_{};
    std::array<float*, direct_chunk> outputs_;
};

DirectConvolution::DirectConvolution(const Tensor& kernel, const std::vector<std::int64_t>& parts,
                                     const Tensor& bias, DirectGeometry geometry)
    : inputs_(kernel.size(1)),
      outputs_(kernel.size(0)),
      side_(kernel.size(2)),
      geometry_(geometry),
      weights_(arranged(spread(kernel.detach(), parts))),
      bias_(torch::zeros(PixelMap::padded(outputs_))) {
    if (bias.defined()) bias_.narrow(0, 0, outputs_).copy_(bias.detach());
}

void DirectConvolution::apply(const PixelMap& in, const PixelMap* shared, const DirectActivation& activation,
                              const PixelMap& out) const {
    std::vector<std::ptrdiff_t> taps;
    const View view(in);
    for (std::int64_t s = 0; s < side_; ++s)
        for (std::int64_t t = 0; t < side_; ++t) taps.push_back(s * view.line + t * view.pixel);
    const auto count = Pixels(*this, in, shared, activation, out).count();
    at::parallel_for(0, (count + direct_chunk - 1) / direct_chunk, 1, [&](auto begin, auto end) {
        Pixels pixels(*this, in, shared, activation, out);
        for (auto chunk = begin; chunk < end; ++chunk) {
            const auto first = chunk * direct_chunk;
            auto work = pixels.take(first, std::min<std::int64_t>(direct_chunk, count - first));
            work.taps = taps.data();
            work.tap_count = static_cast<int>(taps.size());
            work.channels = static_cast<int>(in.stride());
            work.output_channels = static_cast<int>(bias_.size(0));
            work.weights = weights_.data_ptr<float>();
            convolve(work);
        }
    });
    tally_multiply_adds(static_cast<double>(count * outputs_ * inputs_ * side_ * side_));
}

}  // namespace modescope
