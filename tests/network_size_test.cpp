// What networks take: parameters, multiply-adds, the memory of a step, and the limit of weights.
#include "core/networks/network_size.h"

#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "core/networks/weight_limit.h"
#include "tests/tiny_networks.h"

namespace modescope {

namespace {

std::int64_t parameters_of(const Spec& spec, char network) {
    auto random = fixed_random();
    if (network == 'G') return count_parameters(*build_generator(spec, random));
    if (network == 'D') return count_parameters(*build_discriminator(spec, random));
    return count_parameters(*build_predictor(spec, random));
}

}  // namespace

class NetworkSizeTest : public QObject {
    Q_OBJECT

private slots:
    void layers_respect_the_limit_of_weights_data() { add_kinds(); }

    void layers_respect_the_limit_of_weights() {
        const auto spec = fetched_spec();
        const auto build = [&](std::int64_t most) {
            return error_of([&] {
                const WeightLimit limit(most, "too large");
                auto random = fixed_random();
                build_generator(spec, random);
            });
        };
        const auto count = parameters_of(spec, 'G');
        QCOMPARE(build(count), std::string());
        QCOMPARE(build(count / 2), std::string("too large"));
    }

    void parameters_are_counted() {
        // (1 + 1 noise) → 8 → 8 → 1, with biases.
        QCOMPARE(parameters_of(tiny_toy("l1"), 'G'), 2 * 8 + 8 + 8 * 8 + 8 + 8 + 1);
    }

    void the_papers_networks_have_the_papers_sizes_data() {
        QTest::addColumn<std::string>("preset");
        QTest::addColumn<std::string>("network");
        QTest::addColumn<double>("millions");
        QTest::addColumn<double>("digit");
        const auto add = [](const char* preset, const char* network, double millions, double digit) {
            QTest::addRow("%s %s", preset, network)
                << std::string(preset) << std::string(network) << millions << digit;
        };
        add("pix2pix-cityscapes", "G", 55.2, 0.1);
        add("pix2pix-cityscapes", "D", 2.8, 0.1);
        add("pix2pix-maps", "P", 54.4, 0.1);
        add("srgan-celeba", "G", 0.84, 0.01);
        add("srgan-celeba", "D", 5.2, 0.1);
        add("srgan-celeba", "P", 0.75, 0.01);
        add("glcic-celeba", "G", 6.3, 0.1);
        add("glcic-celeba", "D", 32.5, 0.1);
        add("glcic-celeba", "P", 6.1, 0.1);
    }

    void the_papers_networks_have_the_papers_sizes() {
        QFETCH(std::string, preset);
        QFETCH(std::string, network);
        QFETCH(double, millions);
        QFETCH(double, digit);
        const auto count = static_cast<double>(parameters_of(preset_spec(preset), network[0]));
        QVERIFY(std::abs(count / 1e6 - millions) <= digit / 2);
    }

    void all_three_networks_are_measured_data() { add_kinds(); }

    void all_three_networks_are_measured() {
        QFETCH(std::string, kind);
        const auto size = measure_networks(spec_of(kind, "l1"));
        QCOMPARE(size.generator, parameters_of(spec_of(kind), 'G'));
        QCOMPARE(size.discriminator, parameters_of(spec_of(kind), 'D'));
        QCOMPARE(size.predictor, parameters_of(spec_of(kind), 'P'));
    }

    void multiply_adds_are_counted() {
        const auto toy = measure_networks(tiny_toy("l1"));
        QCOMPARE(toy.encoder, 0);
        QCOMPARE(toy.decoder, 2 * 8 + 8 * 8 + 8 * 1);

        auto spec = spec_of("srgan");
        spec.network.blocks = 1;
        spec.network.upsampling = "transposed";
        const auto srgan = measure_networks(spec);
        const std::int64_t f = spec.network.features, z = spec.network.noise_channels, at = 8 * 8;
        // What sees no noise: the first layer, and the block's convolution of what that gives.
        QCOMPARE(srgan.encoder, at * (81 * 3 * f + 9 * f * f));
        // The block's noise and second layer, the layer after it, two up-convolutions and the head.
        QCOMPARE(srgan.decoder, at * (9 * z * f + 9 * f * f + 9 * (f + z) * f + 9 * (f + z) * 4 * f +
                                      4 * 9 * f * 4 * f + 16 * 81 * f * 3));
    }

    void a_step_needs_memory_for_the_state_and_the_samples_data() { add_kinds(); }

    void a_step_needs_memory_for_the_state_and_the_samples() {
        QFETCH(std::string, kind);
        auto spec = spec_of(kind, "mr1");
        const auto with_samples = [&](std::int64_t k) {
            spec.objective.samples = k;
            return measure_networks(spec);
        };
        const auto two = with_samples(2), four = with_samples(4), six = with_samples(6);
        const auto state = 6 * 4 * two.generator;
        QVERIFY(two.step_memory > state);
        // Every sample costs the same, and at least its picture.
        const auto y = 4 * torch::ones(pair_shape(spec).y).numel() * spec.training.conditions;
        QVERIFY(four.step_memory - two.step_memory >= 2 * y);
        QVERIFY(std::abs((six.step_memory - four.step_memory) - (four.step_memory - two.step_memory)) <= 2);
    }

    void a_step_needs_memory_for_d_and_p() {
        const auto alone = measure_networks(spec_of("labels", "mr1")),
                   with_d = measure_networks(spec_of("labels", "gan+mr1")),
                   with_p = measure_networks(spec_of("labels", "pmr1"));
        QCOMPARE(with_p.step_memory - alone.step_memory, 4 * alone.predictor);
        QVERIFY(with_d.step_memory - alone.step_memory > 5 * 4 * alone.discriminator);
    }
};

std::unique_ptr<QObject> network_size_test() { return std::make_unique<NetworkSizeTest>(); }

}  // namespace modescope

#include "network_size_test.moc"
