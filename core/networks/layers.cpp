#include "core/networks/layers.h"

#include <functional>
#include <numeric>

#include "core/base/error.h"
#include "core/base/variance.h"
#include "core/networks/tally.h"
#include "core/networks/weight_limit.h"

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

Tensor tallied_convolution(const Tensor& x, const Tensor& kernel, std::int64_t stride, std::int64_t padding,
                           std::int64_t dilation) {
    const auto out = torch::conv2d(x, kernel, {}, stride, padding, dilation);
    tally_multiply_adds(static_cast<double>(out.numel()) * static_cast<double>(kernel[0].numel()));
    return out;
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
                         phases.options().memory_format(phases.suggest_memory_format()));
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 2; ++b) phase_of_picture(picture, a, b).copy_(phase_of_phases(phases, a, b));
        return picture;
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext*,
                                                 torch::autograd::tensor_list grads) {
        const auto& picture = grads[0];
        auto phases = torch::zeros(
            {picture.size(0), 4 * picture.size(1), picture.size(2) / 2 + 1, picture.size(3) / 2 + 1},
            picture.options().memory_format(picture.suggest_memory_format()));
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 2; ++b) phase_of_phases(phases, a, b).copy_(phase_of_picture(picture, a, b));
        return {phases};
    }
};

/// As of torch::nn::BatchNorm2d.
constexpr double norm_momentum = 0.1, norm_epsilon = 1e-5;

double values_per_channel(const Tensor& x, const Processes& processes) {
    return static_cast<double>(processes.count() * x.numel() / x.size(1));
}

/// What the context of a backward pass can hold.
struct ProcessesHolder : torch::CustomClassHolder {
    explicit ProcessesHolder(const Processes& all) : processes(all) {}
    const Processes processes;
};

Processes processes_of(torch::autograd::AutogradContext* context) {
    const auto held = context->saved_data["processes"].toCapsule();
    return static_cast<const ProcessesHolder&>(*held).processes;
}

/// Per channel (x − mean) / √(variance + ε) · weight + bias, where mean and variance are those of the x of
/// all processes together. Backward sums the loss's gradient over the processes.
struct SharedNormalisation : torch::autograd::Function<SharedNormalisation> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                          const Tensor& bias, const Tensor& mean, const Tensor& variance,
                          const Processes& processes) {
        context->save_for_backward({x, weight, mean, variance});
        context->saved_data["processes"] =
            c10::IValue::make_capsule(c10::make_intrusive<ProcessesHolder>(processes));
        return torch::batch_norm(x, weight, bias, mean, variance, false, 0, norm_epsilon, false);
    }

    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::tensor_list grads) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &mean = saved[2], &variance = saved[3];
        // As if the statistics were constants; grad_weight is Σ grad · x̂ and grad_bias Σ grad.
        auto [grad_x, grad_weight, grad_bias] =
            at::native_batch_norm_backward(grads[0].contiguous(x.suggest_memory_format()), x, weight, mean,
                                           variance, {}, {}, false, norm_epsilon, {true, true, true});
        const auto processes = processes_of(context);
        const auto sums = torch::stack({grad_weight, grad_bias});
        processes.sum(sums);
        // The way through mean and variance is per channel linear in x.
        const auto deviation = (variance + norm_epsilon).sqrt();
        const auto scale = weight / deviation / values_per_channel(x, processes);
        const auto slope = -scale * sums[0] / deviation;
        const auto offset = -scale * sums[1] - slope * mean;
        const auto through = x * slope.view({-1, 1, 1}) + offset.view({-1, 1, 1});
        return {(grad_x + through).to(x.scalar_type()), grad_weight, grad_bias, {}, {}, {}};
    }
};

}  // namespace

LinearLayer::LinearLayer(std::int64_t inputs, std::int64_t outputs, at::Generator& random) {
    claim_weights(inputs * outputs);
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    weight_ = register_parameter("weight", torch::empty({outputs, inputs}).uniform_(-bound, bound, random));
    bias_ = register_parameter("bias", torch::empty({outputs}).uniform_(-bound, bound, random));
}

Tensor LinearLayer::forward(const Tensor& x) const {
    const auto out = torch::linear(x, weight_, bias_);
    tally({x, out});
    tally_multiply_adds(static_cast<double>(x.numel() * weight_.size(0)));
    return out;
}

PartedConvolution::PartedConvolution(const std::vector<std::int64_t>& weight_shape, bool bias,
                                     at::Generator& random) {
    claim_weights(
        std::accumulate(weight_shape.begin(), weight_shape.end(), std::int64_t{1}, std::multiplies<>()));
    weight_ = register_parameter("weight", torch::empty(weight_shape).normal_(0, start_deviation, random));
    if (bias) bias_ = register_parameter("bias", torch::zeros({weight_shape[0]}));
}

Tensor PartedConvolution::forward(const std::vector<Tensor>& parts) const {
    const auto kernel = folded().kernel;
    Tensor sum;
    std::int64_t channel = 0;
    for (const auto& part : parts) {
        const auto out = convolve(part, kernel.narrow(1, channel, part.size(1)));
        sum = sum.defined() ? add_shared(sum, out) : out;
        channel += part.size(1);
    }
    const auto arranged = arrange(sum);
    const auto out = bias_.defined() ? arranged + bias_.view({-1, 1, 1}) : arranged;
    tally(parts);
    tally({kernel, out});
    return out;
}

void PartedConvolution::fold(const Tensor& scale, const Tensor& shift) {
    const auto unfolded = kernel();
    const auto phases = unfolded.size(0) / scale.size(0);
    folded_kernel_ = unfolded * scale.repeat_interleave(phases).view({-1, 1, 1, 1});
    bias_ = bias_.defined() ? bias_ * scale + shift : shift;
}

FoldedLayer PartedConvolution::folded() const {
    return {folded_kernel_.defined() ? folded_kernel_ : kernel(), bias_};
}

ConvLayer::ConvLayer(const ConvShape& shape, at::Generator& random)
    : PartedConvolution({shape.outputs, shape.inputs, shape.kernel, shape.kernel}, shape.bias, random),
      shape_(shape) {}

Tensor ConvLayer::convolve(const Tensor& x, const Tensor& kernel) const {
    return tallied_convolution(x, kernel, shape_.stride, shape_.padding, shape_.dilation);
}

SpectralConvLayer::SpectralConvLayer(const ConvShape& shape, at::Generator& random)
    : ConvLayer(shape, random) {
    left_ = register_buffer("left", unit(torch::empty({shape.outputs}).normal_(0, 1, random)));
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

Upsampling upsampling_of(const NetworkSpec& network) {
    return network.upsampling == "transposed" ? Upsampling::transposed : Upsampling::resize;
}

UpConvLayer::UpConvLayer(std::int64_t inputs, std::int64_t outputs, Upsampling upsampling, bool bias,
                         at::Generator& random)
    : PartedConvolution({outputs, inputs, taps(upsampling), taps(upsampling)}, bias, random),
      to_phases_(phase_matrix(upsampling)) {}

/// [outputs·4, inputs, 2, 2]; the four phases of an output channel lie side by side.
Tensor UpConvLayer::kernel() const {
    const auto outputs = weight_.size(0), inputs = weight_.size(1);
    // Copied once: a copy to a device in each pass would make the processor wait for it.
    if (to_phases_.device() != weight_.device() || to_phases_.dtype() != weight_.dtype())
        to_phases_ = to_phases_.to(weight_.options());
    const auto phases = weight_.reshape({outputs * inputs, -1}).matmul(to_phases_);
    return phases.view({outputs, inputs, 4, 2, 2}).transpose(1, 2).reshape({outputs * 4, inputs, 2, 2});
}

Tensor UpConvLayer::convolve(const Tensor& x, const Tensor& kernel) const {
    return tallied_convolution(x, kernel, 1, 1, 1);
}

Tensor UpConvLayer::arrange(const Tensor& sum) const { return Interleave::apply(sum); }

BatchNorm::BatchNorm(std::int64_t channels) {
    weight_ = register_parameter("weight", torch::ones({channels}));
    bias_ = register_parameter("bias", torch::zeros({channels}));
    running_mean_ = register_buffer("running_mean", torch::zeros({channels}));
    running_var_ = register_buffer("running_var", torch::ones({channels}));
    num_batches_tracked_ = register_buffer("num_batches_tracked", torch::zeros({}, torch::kLong));
}

Tensor BatchNorm::forward(const Tensor& x) {
    if (is_training()) {
        if (values_per_channel(x, processes_) == 1)
            throw Error("Batch normalisation needs more than one value a channel: raise training.batch.");
        num_batches_tracked_.add_(1);
        if (processes_.count() > 1) return shared_forward(x);
    }
    return torch::batch_norm(x, weight_, bias_, running_mean_, running_var_, is_training(), norm_momentum,
                             norm_epsilon, at::globalContext().userEnabledCuDNN());
}

Tensor BatchNorm::shared_forward(const Tensor& x) {
    Tensor mean, variance;
    {
        torch::NoGradGuard no_grad;
        // Of rounded sums the statistics would be coarse, and Gloo adds no bfloat16.
        const auto values = x.to(weight_.scalar_type());
        const auto moments =
            processes_.gather(torch::stack({values.mean({0, 2, 3}), variance_over({0, 2, 3}, values, 0)}));
        mean = moments.select(1, 0).mean(0);
        variance = moments.select(1, 1).mean(0) + moments.select(1, 0).var(0, false);
        const double count = values_per_channel(x, processes_);
        running_mean_.lerp_(mean, norm_momentum);
        running_var_.lerp_(variance * (count / (count - 1)), norm_momentum);
    }
    return SharedNormalisation::apply(x, weight_, bias_, mean, variance, processes_);
}

Tensor BatchNorm::scale() const { return weight_ / (running_var_ + norm_epsilon).sqrt(); }

Tensor BatchNorm::shift() const { return bias_ - running_mean_ * scale(); }

void share_batch_norms(torch::nn::Module& network, const Processes& processes) {
    for (const auto& module : network.modules())
        if (auto* norm = dynamic_cast<BatchNorm*>(module.get())) norm->share(processes);
}

ConvBlock::ConvBlock(std::shared_ptr<PartedConvolution> convolution, std::int64_t normalised_channels)
    : convolution_(register_module("convolution", std::move(convolution))) {
    if (normalised_channels > 0)
        norm_ = register_module("norm", std::make_shared<BatchNorm>(normalised_channels));
}

Tensor ConvBlock::forward(const std::vector<Tensor>& parts) {
    auto out = convolution_->forward(parts);
    if (norm_ && !folded_) {
        out = norm_->forward(out);
        tally({out});
    }
    return out;
}

void ConvBlock::fold() {
    if (!norm_ || folded_) return;
    convolution_->fold(norm_->scale(), norm_->shift());
    folded_ = true;
}

Norm discriminator_norm(const NetworkSpec& network, bool normalised) {
    if (network.discriminator_norm == "spectral") return Norm::spectral;
    return normalised ? Norm::batch : Norm::none;
}

std::shared_ptr<ConvBlock> make_conv_block(const ConvShape& shape, Norm norm, at::Generator& random) {
    if (norm == Norm::spectral)
        return std::make_shared<ConvBlock>(std::make_shared<SpectralConvLayer>(shape, random), 0);
    const auto normalised = norm == Norm::batch ? shape.outputs : 0;
    return std::make_shared<ConvBlock>(std::make_shared<ConvLayer>(shape, random), normalised);
}

Tensor add_shared(const Tensor& a, const Tensor& b) {
    if (a.size(0) == b.size(0)) return a + b;
    return (a.unsqueeze(1) + b.unflatten(0, {a.size(0), b.size(0) / a.size(0)})).flatten(0, 1);
}

}  // namespace modescope
