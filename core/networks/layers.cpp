#include "core/networks/layers.h"

namespace modescope {

using torch::Tensor;

namespace {

/// Standard deviation of pix2pix's start values.
constexpr double start_deviation = 0.02;

/// One axis of the phase kernels: row (phase, tap) says which kernel taps it sums.
Tensor phase_taps(Upsampling upsampling) {
    if (upsampling == Upsampling::resize)
        return torch::tensor({{1., 0., 0.}, {0., 1., 1.}, {1., 1., 0.}, {0., 0., 1.}});
    return torch::tensor({{0., 0., 0., 1.}, {0., 1., 0., 0.}, {0., 0., 1., 0.}, {1., 0., 0., 0.}});
}

/// [k·k, 16], columns ordered (row phase, column phase, row tap, column tap).
Tensor phase_matrix(Upsampling upsampling) {
    const auto axis = phase_taps(upsampling);
    const auto taps = axis.size(1);
    const auto split = axis.view({2, 2, taps});
    return torch::einsum("asu,btv->uvabst", {split, split}).reshape({taps * taps, 16}).to(torch::kFloat);
}

std::int64_t taps(Upsampling upsampling) { return upsampling == Upsampling::resize ? 3 : 4; }

Tensor unit(const Tensor& vector) { return vector / (vector.norm() + 1e-12); }

/// a [n, …] + b [n·K, …], a's rows shared by K rows of b.
Tensor add_shared(const Tensor& a, const Tensor& b) {
    if (a.size(0) == b.size(0)) return a + b;
    return (a.unsqueeze(1) + b.unflatten(0, {a.size(0), b.size(0) / a.size(0)})).flatten(0, 1);
}

/// The pixels of phase (a, b) in a picture [n, c, 2h, 2w] and in the four padded phase pictures
/// [n, 4c, h + 1, w + 1]: output pixel (2i + a, 2j + b) lies at (i + a, j + b).
Tensor phase_of_picture(const Tensor& picture, int a, int b) {
    return picture.unflatten(3, {-1, 2}).unflatten(2, {-1, 2}).select(5, b).select(3, a);
}
Tensor phase_of_phases(const Tensor& phases, int a, int b) {
    const auto height = phases.size(2) - 1, width = phases.size(3) - 1;
    return phases.unflatten(1, {-1, 2, 2}).select(3, b).select(2, a).narrow(2, a, height).narrow(3, b, width);
}

/// Weaves four phases into one picture. Written out because the gradients of as many slices would
/// each be as large as the whole.
struct Interleave : torch::autograd::Function<Interleave> {
    static Tensor forward(torch::autograd::AutogradContext*, const Tensor& phases) {
        auto picture =
            torch::empty({phases.size(0), phases.size(1) / 4, 2 * phases.size(2) - 2, 2 * phases.size(3) - 2},
                         phases.options());
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 2; ++b) phase_of_picture(picture, a, b).copy_(phase_of_phases(phases, a, b));
        return picture;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext*,
                                                 torch::autograd::tensor_list grads) {
        const auto& picture = grads[0];
        auto phases = torch::zeros(
            {picture.size(0), 4 * picture.size(1), picture.size(2) / 2 + 1, picture.size(3) / 2 + 1},
            picture.options());
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 2; ++b) phase_of_phases(phases, a, b).copy_(phase_of_picture(picture, a, b));
        return {phases};
    }
};

}  // namespace

LinearLayer::LinearLayer(std::int64_t inputs, std::int64_t outputs, at::Generator& random) {
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    weight_ = register_parameter("weight", torch::empty({outputs, inputs}).uniform_(-bound, bound, random));
    bias_ = register_parameter("bias", torch::empty({outputs}).uniform_(-bound, bound, random));
}

Tensor LinearLayer::forward(const Tensor& x) const { return torch::linear(x, weight_, bias_); }

PartedConvolution::PartedConvolution(const std::vector<std::int64_t>& weight_shape, bool bias,
                                     at::Generator& random) {
    weight_ = register_parameter("weight", torch::empty(weight_shape).normal_(0, start_deviation, random));
    if (bias) bias_ = register_parameter("bias", torch::zeros({weight_shape[0]}));
}

Tensor PartedConvolution::forward(const std::vector<Tensor>& parts) const {
    const auto kernel = folded_kernel_.defined() ? folded_kernel_ : this->kernel();
    Tensor sum;
    std::int64_t channel = 0;
    for (const auto& part : parts) {
        const auto out = convolve(part, kernel.narrow(1, channel, part.size(1)));
        sum = sum.defined() ? add_shared(sum, out) : out;
        channel += part.size(1);
    }
    const auto arranged = arrange(sum);
    return bias_.defined() ? arranged + bias_.view({-1, 1, 1}) : arranged;
}

void PartedConvolution::fold(const Tensor& scale, const Tensor& shift) {
    const auto unfolded = kernel();
    const auto phases = unfolded.size(0) / scale.size(0);
    folded_kernel_ = unfolded * scale.repeat_interleave(phases).view({-1, 1, 1, 1});
    bias_ = bias_.defined() ? bias_ * scale + shift : shift;
}

ConvLayer::ConvLayer(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel, std::int64_t stride,
                     std::int64_t padding, bool bias, at::Generator& random)
    : PartedConvolution({outputs, inputs, kernel, kernel}, bias, random),
      stride_(stride),
      padding_(padding) {}

Tensor ConvLayer::convolve(const Tensor& x, const Tensor& kernel) const {
    return torch::conv2d(x, kernel, {}, stride_, padding_);
}

SpectralConvLayer::SpectralConvLayer(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel,
                                     std::int64_t stride, std::int64_t padding, at::Generator& random)
    : ConvLayer(inputs, outputs, kernel, stride, padding, true, random) {
    left_ = register_buffer("left", unit(torch::empty({outputs}).normal_(0, 1, random)));
}

Tensor SpectralConvLayer::kernel() const {
    const auto matrix = weight_.flatten(1);
    Tensor right;
    {
        torch::NoGradGuard no_grad;
        right = unit(matrix.t().mv(left_));
        if (is_training()) left_.copy_(unit(matrix.mv(right)));
    }
    // A copy: backward must see the vector of this pass although the next one moves it on.
    return weight_ / left_.clone().dot(matrix.mv(right));
}

UpConvLayer::UpConvLayer(std::int64_t inputs, std::int64_t outputs, Upsampling upsampling, bool bias,
                         at::Generator& random)
    : PartedConvolution({outputs, inputs, taps(upsampling), taps(upsampling)}, bias, random),
      to_phases_(phase_matrix(upsampling)) {}

/// [outputs·4, inputs, 2, 2]; the four phases of an output channel lie side by side.
Tensor UpConvLayer::kernel() const {
    const auto outputs = weight_.size(0), inputs = weight_.size(1);
    const auto phases = weight_.reshape({outputs * inputs, -1}).matmul(to_phases_.to(weight_.options()));
    return phases.view({outputs, inputs, 4, 2, 2}).transpose(1, 2).reshape({outputs * 4, inputs, 2, 2});
}

Tensor UpConvLayer::convolve(const Tensor& x, const Tensor& kernel) const {
    return torch::conv2d(x, kernel, {}, 1, 1);
}

Tensor UpConvLayer::arrange(const Tensor& sum) const { return Interleave::apply(sum); }

}  // namespace modescope
