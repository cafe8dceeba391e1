#include "core/experiments/plain_unet.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr double leak = 0.2, norm_epsilon = 1e-5;

std::string block(const char* kind, int level) { return fmt::format("{}{}.", kind, level); }

}  // namespace

PlainUNet::PlainUNet(const Checkpoint& checkpoint) : network_(checkpoint.spec.network) {
    if (network_.kind != "pix2pix")
        throw Error(fmt::format("{} is no U-Net; time one such as street-64-gan+pmr2.", checkpoint.origin));
    const std::string prefix = "average.trunk.";
    for (const auto& [name, tensor] : checkpoint.tensors)
        if (name.starts_with(prefix) && tensor.is_floating_point())
            weights_[name.substr(prefix.size())] = tensor.to(torch::kFloat);
}

Tensor PlainUNet::weight(const std::string& name) const {
    const auto found = weights_.find(name);
    return found == weights_.end() ? Tensor() : found->second;
}

Tensor PlainUNet::normalise(const Tensor& x, const std::string& block) const {
    if (!weight(block + "norm.weight").defined()) return x;
    return torch::batch_norm(x, weight(block + "norm.weight"), weight(block + "norm.bias"),
                             weight(block + "norm.running_mean"), weight(block + "norm.running_var"), false,
                             0, norm_epsilon, false);
}

Tensor PlainUNet::down(const Tensor& x, int level) const {
    const auto name = block("down", level);
    return normalise(
        torch::conv2d(x, weight(name + "convolution.weight"), weight(name + "convolution.bias"), 2, 1), name);
}

/// A row of `style` for each sample: of the style's layer `index`, the scales' excess over 1 and the shifts.
Tensor PlainUNet::styled(const Tensor& h, const Tensor& style, int index) const {
    if (!style.defined()) return h;
    const auto parts = linear(style, fmt::format("modulation.layer{}.", index)).unsqueeze(2).unsqueeze(3);
    return h * (1 + parts.chunk(2, 1)[0]) + parts.chunk(2, 1)[1];
}

Tensor PlainUNet::linear(const Tensor& x, const std::string& name) const {
    return torch::linear(x, weight(name + "weight"), weight(name + "bias"));
}

Tensor PlainUNet::style(const Noise& noise) const {
    if (network_.modulation == 0) return {};
    const auto z = noise.front();
    const auto code = torch::leaky_relu(linear(z.mean({2, 3}) * z.size(2), "modulation.first."), leak);
    return torch::leaky_relu(linear(code, "modulation.second."), leak);
}

Tensor PlainUNet::up(const Tensor& x, int level) const {
    const auto name = block("up", level);
    const auto kernel = weight(name + "convolution.weight"), bias = weight(name + "convolution.bias");
    if (network_.upsampling == "transposed")
        return normalise(torch::conv_transpose2d(x, kernel.transpose(0, 1), bias, 2, 1), name);
    const auto larger = torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
    return normalise(torch::conv2d(larger, kernel, bias, 1, 1), name);
}

Tensor PlainUNet::refine(const Tensor& h, const Tensor& x, const Tensor& style) const {
    const auto refined =
        torch::conv2d(torch::cat({x, h.relu()}, 1), weight("refine.convolution.weight"), {}, 1, 1);
    const auto own = styled(normalise(refined, "refine."), style, static_cast<int>(network_.downs));
    return torch::conv2d(own.relu(), weight("head.weight"), weight("head.bias"), 1, 1);
}

std::vector<Tensor> PlainUNet::encode(const Tensor& x) const {
    std::vector<Tensor> features;
    for (int level = 0; level < network_.downs; ++level)
        features.push_back(torch::leaky_relu(down(features.empty() ? x : features.back(), level), leak));
    features.push_back(x);
    return features;
}

Tensor PlainUNet::decode(const std::vector<Tensor>& features, const Noise& noise) const {
    const auto style = this->style(noise);
    Tensor h;
    for (int level = static_cast<int>(network_.downs) - 1; level >= 0; --level) {
        const auto depth = static_cast<std::size_t>(network_.downs - 1 - level);
        std::vector<Tensor> parts{features[static_cast<std::size_t>(level)]};
        if (h.defined()) parts.push_back(h);
        if (depth < noise.size()) parts.push_back(noise[depth]);
        h = styled(up(torch::cat(parts, 1), level), style, level);
        if (level > 0) h = h.relu();
    }
    return (network_.refine > 0 ? refine(h, features.back(), style) : h).tanh();
}

Tensor PlainUNet::forward(const Tensor& x, const Noise& noise) const { return decode(encode(x), noise); }

}  // namespace modescope
