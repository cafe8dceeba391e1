#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/training/safetensors.h"

namespace modescope {

/// What the lpips package saves, with random values that keep activations of about one size.
class LpipsWeights {
public:
    explicit LpipsWeights(const std::string& net) {
        add("scaling_layer.shift", torch::tensor({-.030f, -.088f, -.188f}).view({1, 3, 1, 1}));
        add("scaling_layer.scale", torch::tensor({.458f, .448f, .450f}).view({1, 3, 1, 1}));
        if (net == "alex") add_alex();
        if (net == "squeeze") add_squeeze();
        if (net == "vgg") add_vgg();
    }

    Safetensors file{.metadata = {{"format", "pt"}}};

private:
    void add(const std::string& name, const torch::Tensor& tensor) { file.tensors[name] = tensor; }

    void convolution(const std::string& name, const std::vector<std::int64_t>& shape) {
        const double bound = std::sqrt(6.0 / static_cast<double>(shape[1] * shape[2] * shape[3]));
        add(name + ".weight", torch::empty(shape).uniform_(-bound, bound, random_));
        add(name + ".bias", torch::empty({shape[0]}).uniform_(-0.1, 0.1, random_));
    }

    void fire(const std::string& name, std::int64_t inputs, std::int64_t squeeze, std::int64_t outputs) {
        convolution(name + ".squeeze", {squeeze, inputs, 1, 1});
        convolution(name + ".expand1x1", {outputs, squeeze, 1, 1});
        convolution(name + ".expand3x3", {outputs, squeeze, 3, 3});
    }

    void channel_weights(const std::vector<std::int64_t>& channels) {
        for (std::size_t i = 0; i < channels.size(); ++i)
            add("lin" + std::to_string(i) + ".model.1.weight",
                torch::empty({1, channels[i], 1, 1}).uniform_(0, 1, random_));
    }

    void add_alex() {
        convolution("net.slice1.0", {64, 3, 11, 11});
        convolution("net.slice2.3", {192, 64, 5, 5});
        convolution("net.slice3.6", {384, 192, 3, 3});
        convolution("net.slice4.8", {256, 384, 3, 3});
        convolution("net.slice5.10", {256, 256, 3, 3});
        channel_weights({64, 192, 384, 256, 256});
    }

    void add_squeeze() {
        convolution("net.slice1.0", {64, 3, 3, 3});
        fire("net.slice2.3", 64, 16, 64);
        fire("net.slice2.4", 128, 16, 64);
        fire("net.slice3.6", 128, 32, 128);
        fire("net.slice3.7", 256, 32, 128);
        fire("net.slice4.9", 256, 48, 192);
        fire("net.slice5.10", 384, 48, 192);
        fire("net.slice6.11", 384, 64, 256);
        fire("net.slice7.12", 512, 64, 256);
        channel_weights({64, 128, 256, 384, 384, 512, 512});
    }

    void add_vgg() {
        const std::pair<const char*, std::int64_t> layers[]{
            {"net.slice1.0", 64},   {"net.slice1.2", 64},   {"net.slice2.5", 128},  {"net.slice2.7", 128},
            {"net.slice3.10", 256}, {"net.slice3.12", 256}, {"net.slice3.14", 256}, {"net.slice4.17", 512},
            {"net.slice4.19", 512}, {"net.slice4.21", 512}, {"net.slice5.24", 512}, {"net.slice5.26", 512},
            {"net.slice5.28", 512}};
        std::int64_t inputs = 3;
        for (const auto& [name, outputs] : layers) {
            convolution(name, {outputs, inputs, 3, 3});
            inputs = outputs;
        }
        channel_weights({64, 128, 256, 512, 512});
    }

    at::Generator random_ = at::detail::createCPUGenerator(3);
};

}  // namespace modescope
