#include "core/networks/modulation.h"

#include <cmath>
#include <string>

#include "core/networks/tally.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr double leak = 0.2;

/// Standard normal as the noise is, whatever its side.
Tensor mean_over_positions(const Tensor& noise) {
    return noise.mean({2, 3}) * std::sqrt(static_cast<double>(noise.size(2) * noise.size(3)));
}

}  // namespace

Tensor in_style(const Styles& styles, std::int64_t layer, const Tensor& h) {
    if (styles.empty()) return h;
    auto styled = h * styles[layer].scale + styles[layer].shift;
    tally({styled});
    return styled;
}

Modulation::Modulation(std::int64_t noise_channels, std::int64_t features,
                       const std::vector<std::int64_t>& channels, at::Generator& random)
    : first_(register_module("first", std::make_shared<LinearLayer>(noise_channels, features, random))),
      second_(register_module("second", std::make_shared<LinearLayer>(features, features, random))) {
    for (const auto count : channels)
        layers_.push_back(register_module("layer" + std::to_string(layers_.size()),
                                          std::make_shared<LinearLayer>(features, 2 * count, random)));
}

Styles Modulation::forward(const Tensor& noise) const {
    auto code = torch::leaky_relu(first_->forward(mean_over_positions(noise)), leak);
    code = torch::leaky_relu(second_->forward(code), leak);
    Styles styles;
    for (const auto& layer : layers_) {
        const auto parts = layer->forward(code).unsqueeze(2).unsqueeze(3).chunk(2, 1);
        styles.push_back({1 + parts[0], parts[1]});
    }
    return styles;
}

}  // namespace modescope
