// Fast layers and the kernels below them against LibTorch's plain ones.
#include "core/networks/layers.h"

#include <torch/torch.h>

#include <QTest>
#include <algorithm>
#include <memory>

#include "core/networks/direct_convolution.h"
#include "core/networks/direct_kernel.h"
#include "tests/support.h"

Q_DECLARE_METATYPE(modescope::Upsampling)

namespace modescope {

namespace {

using torch::Tensor;

Tensor normal(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
    auto random = fixed_random(seed);
    return torch::randn(shape, random, torch::kDouble);
}

/// What an up-convolution stands for, in LibTorch's own operations.
Tensor plain_up(Upsampling upsampling, const Tensor& x, const Tensor& weight, const Tensor& bias) {
    if (upsampling == Upsampling::transposed)
        return torch::conv_transpose2d(x, weight.transpose(0, 1), bias, 2, 1);
    return torch::conv2d(torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}), weight, bias, 1, 1);
}

void add_upsamplings() {
    QTest::addColumn<Upsampling>("upsampling");
    QTest::newRow("resize") << Upsampling::resize;
    QTest::newRow("transposed") << Upsampling::transposed;
}

template <class Layer>
Tensor concatenated(Layer& layer, const std::vector<Tensor>& parts) {
    std::vector<Tensor> repeated;
    const auto rows = parts.back().size(0);
    for (const auto& part : parts) repeated.push_back(part.repeat_interleave(rows / part.size(0), 0));
    return layer.forward({torch::cat(repeated, 1)});
}

}  // namespace

class LayersTest : public QObject {
    Q_OBJECT

private slots:
    void up_convolution_equals_the_plain_one_data() { add_upsamplings(); }

    void up_convolution_equals_the_plain_one() {
        QFETCH(Upsampling, upsampling);
        auto random = fixed_random();
        UpConvLayer layer(3, 2, upsampling, true, random);
        layer.to(torch::kDouble);
        const auto weight = layer.named_parameters()["weight"], bias = layer.named_parameters()["bias"];
        torch::NoGradGuard no_grad;
        bias.uniform_(-1, 1, random);
        const auto x = normal({2, 3, 4, 5}, 1);
        QVERIFY(largest_difference(layer.forward({x}), plain_up(upsampling, x, weight, bias)) < 1e-10);
    }

    void up_convolution_learns_like_the_plain_one_data() { add_upsamplings(); }

    void up_convolution_learns_like_the_plain_one() {
        QFETCH(Upsampling, upsampling);
        auto random = fixed_random();
        UpConvLayer layer(3, 2, upsampling, false, random);
        layer.to(torch::kDouble);
        const auto weight = layer.named_parameters()["weight"];
        const auto x = normal({2, 3, 4, 5}, 1).requires_grad_(true), pull = normal({2, 2, 8, 10}, 2);
        const auto ours = torch::autograd::grad({(layer.forward({x}) * pull).sum()}, {x, weight});
        const auto plain =
            torch::autograd::grad({(plain_up(upsampling, x, weight, {}) * pull).sum()}, {x, weight});
        QVERIFY(largest_difference(ours[0], plain[0]) < 1e-10);
        QVERIFY(largest_difference(ours[1], plain[1]) < 1e-10);
    }

    void parts_equal_their_concatenation_data() {
        QTest::addColumn<std::vector<std::int64_t>>("rows");
        QTest::newRow("all of B·K") << std::vector<std::int64_t>{6, 6, 6};
        QTest::newRow("B and B·K") << std::vector<std::int64_t>{2, 2, 6};
        QTest::newRow("B, B·K and B·K") << std::vector<std::int64_t>{2, 6, 6};
        QTest::newRow("1 and B·K") << std::vector<std::int64_t>{1, 1, 6};
    }

    void parts_equal_their_concatenation() {
        QFETCH(std::vector<std::int64_t>, rows);
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        ConvLayer down({.inputs = 6, .outputs = 4, .kernel = 4, .stride = 2, .padding = 1}, random);
        UpConvLayer up(6, 4, Upsampling::resize, true, random);
        const std::vector<Tensor> parts{normal({rows[0], 1, 6, 8}, 1), normal({rows[1], 2, 6, 8}, 2),
                                        normal({rows[2], 3, 6, 8}, 3)};
        for (auto* layer : {static_cast<PartedConvolution*>(&down), static_cast<PartedConvolution*>(&up)}) {
            layer->to(torch::kDouble);
            layer->named_parameters()["bias"].uniform_(-1, 1, random);
            QVERIFY(largest_difference(layer->forward(parts), concatenated(*layer, parts)) < 1e-10);
        }
    }

    void spectral_convolution_has_norm_one() {
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        SpectralConvLayer layer({.inputs = 3, .outputs = 5, .kernel = 4, .stride = 2, .padding = 1}, random);
        const auto x = torch::randn({1, 3, 8, 8}, random);
        for (int pass = 0; pass < 100; ++pass) layer.forward({x});
        const auto weight = layer.named_parameters()["weight"], bias = layer.named_parameters()["bias"];
        const auto largest = torch::linalg_svdvals(weight.flatten(1)).max();
        const auto expected = torch::conv2d(x, weight / largest, bias, 2, 1);
        QVERIFY(largest_difference(layer.forward({x}), expected) < 1e-4);
    }

    void spectral_convolution_rests_in_eval_mode() {
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        SpectralConvLayer layer({.inputs = 3, .outputs = 5, .kernel = 4, .stride = 2, .padding = 1}, random);
        const auto x = torch::randn({1, 3, 8, 8}, random);
        layer.eval();
        QVERIFY(same_bits(layer.forward({x}), layer.forward({x})));
        layer.train();
        QVERIFY(!same_bits(layer.forward({x}), layer.forward({x})));
    }

    void every_processor_s_kernel_convolves_the_same_data() {
        QTest::addColumn<int>("outputs");
        QTest::addColumn<bool>("styled");
        for (const int outputs : {8, 16, 24, 48})
            for (const bool styled : {false, true})
                QTest::addRow("%d outputs%s", outputs, styled ? ", styled" : "") << outputs << styled;
    }

    /// A line of pixels with three taps on it.
    void every_processor_s_kernel_convolves_the_same() {
        QFETCH(int, outputs);
        QFETCH(bool, styled);
        constexpr int channels = 8, pixels = 2 * direct_group, taps = 3;
        constexpr float slope = 0.2f;
        const auto x = normal({pixels + taps - 1, channels}, 1).to(torch::kFloat);
        const auto kernel = normal({taps, channels, outputs}, 2).to(torch::kFloat);
        const auto start = normal({outputs}, 3).to(torch::kFloat);
        std::vector<Tensor> blocks;
        for (int first = 0; first < outputs; first += 2 * vector_width)
            blocks.push_back(kernel.narrow(2, first, std::min(2 * vector_width, outputs - first)).flatten());
        const auto weights = torch::cat(blocks);
        const auto rows = x.unfold(0, taps, 1).transpose(1, 2).reshape({pixels, taps * channels});
        // The pixels belong to two pictures of different styles.
        const auto scale = styled ? normal({2, outputs}, 4).to(torch::kFloat) : torch::ones({2, outputs}),
                   shift = styled ? normal({2, outputs}, 5).to(torch::kFloat) : torch::zeros({2, outputs});
        const auto sums = (rows.matmul(kernel.flatten(0, 1)) + start).view({2, pixels / 2, outputs});
        const auto expected =
            torch::leaky_relu(sums * scale.unsqueeze(1) + shift.unsqueeze(1), slope).view({pixels, outputs});

        for (const auto& [processor, runs_here, convolve] : direct_kernels()) {
            if (!runs_here) continue;
            const auto found = torch::zeros({pixels, outputs});
            std::vector<const float*> inputs, starts(pixels, start.data_ptr<float>());
            std::vector<const float*> scales, shifts;
            std::vector<float*> results;
            for (int p = 0; p < pixels; ++p) {
                scales.push_back(scale.data_ptr<float>() + 2 * p / pixels * outputs);
                shifts.push_back(shift.data_ptr<float>() + 2 * p / pixels * outputs);
                inputs.push_back(x.data_ptr<float>() + p * channels);
                results.push_back(found.data_ptr<float>() + p * outputs);
            }
            const std::vector<std::ptrdiff_t> offsets{0, channels, 2 * channels};
            convolve({.inputs = inputs.data(),
                      .starts = starts.data(),
                      .outputs = results.data(),
                      .pixels = pixels,
                      .taps = offsets.data(),
                      .tap_count = taps,
                      .channels = channels,
                      .output_channels = outputs,
                      .weights = weights.data_ptr<float>(),
                      .scales = styled ? scales.data() : nullptr,
                      .shifts = styled ? shifts.data() : nullptr,
                      .slope = slope});
            QVERIFY2(torch::allclose(found, expected, 1e-4, 1e-5), processor);
        }
    }
};

std::unique_ptr<QObject> layers_test() { return std::make_unique<LayersTest>(); }

}  // namespace modescope

#include "layers_test.moc"
