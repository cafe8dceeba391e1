// The networks: fast layers against LibTorch's plain ones, and what G, D and P promise.
#include "core/networks/networks.h"

#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "core/networks/layers.h"
#include "tests/support.h"

Q_DECLARE_METATYPE(modescope::Upsampling)

namespace modescope {

namespace {

using torch::Tensor;

at::Generator fixed_random(std::uint64_t seed = 11) { return at::detail::createCPUGenerator(seed); }

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

Spec street(const std::string& upsampling = "resize") {
    auto spec = tiny_street("gan+10*pmr2");
    set_field(spec, "network.upsampling=" + upsampling);
    return spec;
}

Tensor conditions(const Spec& spec, std::int64_t count) {
    return make_data(spec)->batch(Split::train, 0, count).x;
}

/// Statistics and scales as after a training, so that a batch normalisation is not the identity.
void make_norms_matter(torch::nn::Module& module) {
    torch::NoGradGuard no_grad;
    auto random = fixed_random(5);
    for (auto& item : module.named_buffers())
        if (item.value().is_floating_point()) item.value().uniform_(0.5, 2, random);
    for (auto& item : module.named_parameters())
        if (says(item.key(), "norm")) item.value().uniform_(-1, 1, random);
}

Tensor one_row(const Tensor& tensor, std::int64_t row) { return tensor.narrow(0, row, 1); }

}  // namespace

class NetworksTest : public QObject {
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
        ConvLayer down(6, 4, 4, 2, 1, true, random);
        UpConvLayer up(6, 4, Upsampling::resize, true, random);
        const std::vector<Tensor> parts{normal({rows[0], 1, 6, 8}, 1), normal({rows[1], 2, 6, 8}, 2),
                                        normal({rows[2], 3, 6, 8}, 3)};
        for (auto* layer : {static_cast<PartedConvolution*>(&down), static_cast<PartedConvolution*>(&up)}) {
            layer->to(torch::kDouble);
            layer->named_parameters()["bias"].uniform_(-1, 1, random);
            QVERIFY(largest_difference(layer->forward(parts), concatenated(*layer, parts)) < 1e-10);
        }
    }

    void generator_gives_k_pictures_of_each_condition() {
        const auto spec = street();
        auto random = fixed_random();
        const auto g = build_generator(spec, random);
        const auto out = g->forward(conditions(spec, 2), g->draw_noise(6, random));
        QCOMPARE(out.sizes().vec(), (std::vector<std::int64_t>{6, 3, 32, 32}));
        QVERIFY(out.abs().max().item<float>() <= 1);
    }

    void k_samples_equal_k_separate_calls_data() { add_upsamplings(); }

    void k_samples_equal_k_separate_calls() {
        QFETCH(Upsampling, upsampling);
        const auto spec = street(upsampling == Upsampling::resize ? "resize" : "transposed");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto g = build_generator(spec, random);
        make_norms_matter(*g);
        g->eval();
        const auto x = conditions(spec, 2);
        const auto noise = g->draw_noise(6, random);
        const auto together = g->forward(x, noise);
        for (std::int64_t i = 0; i < 6; ++i) {
            Noise alone;
            for (const auto& level : noise) alone.push_back(one_row(level, i));
            QVERIFY(largest_difference(g->forward(one_row(x, i / 3), alone), one_row(together, i)) < 1e-5);
        }
    }

    void folding_leaves_the_pictures_as_they_were_data() { add_upsamplings(); }

    void folding_leaves_the_pictures_as_they_were() {
        QFETCH(Upsampling, upsampling);
        const auto spec = street(upsampling == Upsampling::resize ? "resize" : "transposed");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto g = build_generator(spec, random);
        make_norms_matter(*g);
        g->eval();
        const auto x = conditions(spec, 2);
        const auto noise = g->draw_noise(6, random);
        const auto before = g->forward(x, noise);
        g->trunk().fold();
        const auto after = g->forward(x, noise);
        QVERIFY(before.std().item<double>() > 0.01);
        QVERIFY(largest_difference(before, after) < 1e-4);
        g->trunk().fold();
        QVERIFY(same_bits(g->forward(x, noise), after));
    }

    void every_noise_level_reaches_the_picture() {
        const auto spec = street();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto g = build_generator(spec, random);
        const auto x = conditions(spec, 2);
        const auto noise = g->draw_noise(6, random), other = g->draw_noise(6, random);
        const auto before = g->forward(x, noise);
        QCOMPARE(std::ssize(noise), spec.network.noise_levels);
        for (std::size_t level = 0; level < noise.size(); ++level) {
            auto changed = noise;
            changed[level] = other[level];
            QVERIFY(largest_difference(g->forward(x, changed), before) > 1e-3);
        }
    }

    void every_parameter_learns_data() {
        QTest::addColumn<bool>("toy");
        QTest::newRow("toy") << true;
        QTest::newRow("street") << false;
    }

    void every_parameter_learns() {
        QFETCH(bool, toy);
        const auto spec = toy ? tiny_toy("gan+pmr2") : street();
        auto random = fixed_random();
        const auto networks = build_networks(spec, random);
        const auto batch = make_data(spec)->batch(Split::train, 0, 4);
        const auto samples = networks.generator->forward(batch.x, networks.generator->draw_noise(8, random));
        const auto predicted = networks.predictor->forward(batch.x);
        const auto loss = (samples * torch::randn(samples.sizes(), random)).sum() +
                          networks.discriminator->forward(batch.x, samples).square().sum() +
                          predicted.centre.square().sum() + predicted.log_dispersion.square().sum();
        loss.backward();
        for (const auto* module : std::initializer_list<torch::nn::Module*>{
                 networks.generator.get(), networks.discriminator.get(), networks.predictor.get()})
            for (const auto& item : module->named_parameters())
                QVERIFY2(item.value().grad().defined() && item.value().grad().abs().sum().item<float>() > 0,
                         item.key().c_str());
    }

    void predictor_takes_no_noise() {
        for (const auto& spec : {tiny_toy("pmr2"), street()}) {
            auto random = fixed_random();
            const auto p = build_predictor(spec, random);
            const auto batch = make_data(spec)->batch(Split::train, 0, 2);
            QVERIFY(p->trunk().noise_shapes().empty());
            const auto predicted = p->forward(batch.x);
            QCOMPARE(predicted.centre.sizes().vec(), batch.y.sizes().vec());
            QCOMPARE(predicted.log_dispersion.sizes().vec(), batch.y.sizes().vec());
        }
    }

    void predicted_dispersion_cannot_overflow() {
        const auto spec = tiny_toy("pmr2");
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto p = build_predictor(spec, random);
        for (auto& parameter : p->parameters()) parameter.mul_(100);
        const auto predicted = p->forward(torch::linspace(-1, 1, 50).unsqueeze(1)).log_dispersion;
        QVERIFY(predicted.min().item<float>() >= -8 && predicted.max().item<float>() <= 2);
    }

    void discriminator_judges_samples_beside_their_conditions() {
        const auto spec = street();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto d = build_networks(spec, random).discriminator;
        d->eval();
        const auto x = conditions(spec, 2);
        const auto y = torch::randn({6, 3, 32, 32}, random);
        const auto together = d->forward(x, y);
        QCOMPARE(together.dim(), 4);
        QCOMPARE(together.size(1), 1);
        QVERIFY(together.size(2) > 1);
        for (std::int64_t i = 0; i < 6; ++i)
            QVERIFY(largest_difference(d->forward(one_row(x, i / 3), one_row(y, i)), one_row(together, i)) <
                    1e-5);
    }

    void spectral_convolution_has_norm_one() {
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        SpectralConvLayer layer(3, 5, 4, 2, 1, random);
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
        SpectralConvLayer layer(3, 5, 4, 2, 1, random);
        const auto x = torch::randn({1, 3, 8, 8}, random);
        layer.eval();
        QVERIFY(same_bits(layer.forward({x}), layer.forward({x})));
        layer.train();
        QVERIFY(!same_bits(layer.forward({x}), layer.forward({x})));
    }

    void only_needed_networks_are_built() {
        auto random = fixed_random();
        const auto plain = build_networks(tiny_toy("l1"), random),
                   proxy = build_networks(tiny_toy("gan+pmr1"), random);
        QVERIFY(plain.generator && !plain.discriminator && !plain.predictor);
        QVERIFY(proxy.generator && proxy.discriminator && proxy.predictor);
    }

    void building_and_drawing_leave_the_global_random_numbers_alone() {
        const auto before = global_random_state();
        for (const auto& spec : {tiny_toy("gan+pmr2"), street(), street("transposed")}) {
            auto random = fixed_random();
            const auto networks = build_networks(spec, random);
            networks.generator->draw_noise(4, random);
        }
        QVERIFY(same_bits(global_random_state(), before));
    }

    void the_generator_decides_the_start_values() {
        const auto spec = street();
        const auto first_weight = [&](std::uint64_t seed) {
            auto random = fixed_random(seed);
            return build_generator(spec, random)->parameters().front();
        };
        QVERIFY(same_bits(first_weight(1), first_weight(1)));
        QVERIFY(!same_bits(first_weight(1), first_weight(2)));
    }

    void copied_state_draws_the_same_pictures() {
        const auto spec = street();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto from = build_generator(spec, random), to = build_generator(spec, random);
        make_norms_matter(*from);
        copy_state(*to, *from);
        from->eval();
        to->eval();
        const auto noise = from->draw_noise(2, random);
        QVERIFY(
            same_bits(to->forward(conditions(spec, 2), noise), from->forward(conditions(spec, 2), noise)));
    }

    void parameters_are_counted() {
        auto random = fixed_random();
        // (1 + 1 noise) → 8 → 8 → 1, with biases.
        QCOMPARE(count_parameters(*build_generator(tiny_toy("l1"), random)), 2 * 8 + 8 + 8 * 8 + 8 + 8 + 1);
    }
};

std::unique_ptr<QObject> networks_test() { return std::make_unique<NetworksTest>(); }

}  // namespace modescope

#include "networks_test.moc"
