// What G, D and P of every kind promise.
#include "core/networks/networks.h"

#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "core/worlds/world.h"
#include "tests/tiny_networks.h"

namespace modescope {

namespace {

using torch::Tensor;

void add_pictures() {
    QTest::addColumn<std::string>("kind");
    for (const auto& [name, settings] : kinds)
        if (name != "toy") QTest::newRow(name.c_str()) << name;
}

Tensor one_row(const Tensor& tensor, std::int64_t row) { return tensor.narrow(0, row, 1); }

Noise one_row(const Noise& noise, std::int64_t row) {
    Noise alone;
    for (const auto& level : noise) alone.push_back(one_row(level, row));
    return alone;
}

bool all_learn(const torch::nn::Module& module) {
    for (const auto& item : module.named_parameters())
        if (!item.value().grad().defined() || item.value().grad().abs().sum().item<float>() == 0) {
            qWarning("%s does not learn", item.key().c_str());
            return false;
        }
    return true;
}

}  // namespace

class NetworksTest : public QObject {
    Q_OBJECT

private slots:
    void shapes_follow_the_task() {
        using Shape = std::vector<std::int64_t>;
        const auto x_of = [](const std::string& kind) { return pair_shape(spec_of(kind)).x; };
        const auto classes = std::ssize(find_world("street").classes());
        QCOMPARE(x_of("toy"), Shape{1});
        QCOMPARE(x_of("labels"), (Shape{classes, 32, 32}));
        QCOMPARE(x_of("picture"), (Shape{3, 32, 32}));
        QCOMPARE(x_of("holes"), (Shape{4, 32, 32}));
        QCOMPARE(x_of("srgan"), (Shape{3, 8, 8}));
        for (const auto& [kind, settings] : kinds)
            QCOMPARE(pair_shape(spec_of(kind)).y, kind == "toy" ? Shape{1} : (Shape{3, 32, 32}));
        auto folder = spec_of("labels");
        folder.data.source = "folder";
        folder.data.classes = "Sky #4682b4, Road #804080";
        QCOMPARE(pair_shape(folder).x, (Shape{2, 32, 32}));
    }

    void every_network_takes_and_gives_the_shapes_data() { add_kinds(); }

    void every_network_takes_and_gives_the_shapes() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto networks = build_networks(spec, random);
        const auto x = conditions(spec, 2);
        const auto samples = networks.generator->forward(x, noise_of(*networks.generator, 6));
        QCOMPARE(samples.sizes().vec(), rows_of(pair_shape(spec).y, 6));
        if (spec.data.source != "toy") QVERIFY(samples.abs().max().item<float>() <= 1);
        QCOMPARE(networks.discriminator->forward(x, samples).size(0), 6);
        const auto predicted = networks.predictor->forward(x);
        QCOMPARE(predicted.centre.sizes().vec(), rows_of(pair_shape(spec).y, 2));
        QCOMPARE(predicted.log_dispersion.sizes().vec(), predicted.centre.sizes().vec());
    }

    void k_samples_equal_k_separate_calls_data() { add_kinds(); }

    void k_samples_equal_k_separate_calls() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto together = g->decode(g->encode(x), noise);
        QVERIFY(together.std().item<double>() > 1e-3);
        for (std::int64_t i = 0; i < 6; ++i)
            QVERIFY(largest_difference(g->forward(one_row(x, i / 3), one_row(noise, i)),
                                       one_row(together, i)) < 1e-5);
    }

    void the_encoder_runs_once_for_each_condition_data() { add_kinds(); }

    void the_encoder_runs_once_for_each_condition() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        for (const auto& features : g->encode(conditions(spec, 2))) QCOMPARE(features.size(0), 2);
    }

    void a_network_keeps_the_memory_format_data() { add_pictures(); }

    /// Else every layer after the one that lost it would compute in the slower one.
    void a_network_keeps_the_memory_format() {
        const auto spec = fetched_spec();
        auto random = fixed_random();
        const auto networks = build_networks(spec, random);
        const auto x = conditions(spec, 2), y = pictures(spec, 6);
        const auto noise = noise_of(*networks.generator, 6);
        const auto channels_last = [](const Tensor& t) {
            return t.contiguous(torch::MemoryFormat::ChannelsLast);
        };
        Noise noise_last;
        for (const auto& level : noise) noise_last.push_back(channels_last(level));
        const auto samples = networks.generator->forward(channels_last(x), noise_last);
        QVERIFY(samples.is_contiguous(torch::MemoryFormat::ChannelsLast));
        QVERIFY(networks.predictor->forward(channels_last(x)).centre.suggest_memory_format() ==
                torch::MemoryFormat::ChannelsLast);
        ripen(*networks.generator);
        ripen(*networks.discriminator);
        QVERIFY(largest_difference(networks.generator->forward(channels_last(x), noise_last),
                                   networks.generator->forward(x, noise)) < 1e-5);
        QVERIFY(largest_difference(networks.discriminator->forward(channels_last(x), channels_last(y)),
                                   networks.discriminator->forward(x, y)) < 1e-5);
    }

    void folding_leaves_the_pictures_as_they_were_data() { add_kinds(); }

    void folding_leaves_the_pictures_as_they_were() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto before = g->forward(x, noise);
        g->fold();
        const auto after = g->forward(x, noise);
        QVERIFY(largest_difference(before, after) < 1e-5);
        g->fold();
        QVERIFY(same_bits(g->forward(x, noise), after));
    }

    void folded_norms_are_gone_data() { add_pictures(); }

    void folded_norms_are_gone() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto g = trained_generator(spec);
        g->fold();
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6);
        const auto before = g->forward(x, noise);
        for (auto& item : g->named_parameters())
            if (says(item.key(), "norm")) item.value().zero_();
        QVERIFY(same_bits(g->forward(x, noise), before));
    }

    void folding_leaves_the_prediction_as_it_was_data() { add_pictures(); }

    void folding_leaves_the_prediction_as_it_was() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto p = build_predictor(spec, random);
        ripen(*p);
        const auto x = conditions(spec, 2);
        const auto before = p->forward(x);
        p->fold();
        const auto after = p->forward(x);
        QVERIFY(!same_bits(before.log_dispersion, after.log_dispersion));
        QVERIFY(largest_difference(before.centre, after.centre) < 1e-5);
        QVERIFY(largest_difference(before.log_dispersion, after.log_dispersion) < 1e-5);
    }

    void every_noise_level_reaches_the_picture_data() { add_kinds(); }

    void every_noise_level_reaches_the_picture() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto g = build_generator(spec, random);
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*g, 6), other = noise_of(*g, 6, 32);
        const auto before = g->forward(x, noise);
        for (std::size_t level = 0; level < noise.size(); ++level) {
            auto changed = noise;
            changed[level] = other[level];
            const auto difference = (g->forward(x, changed) - before).abs();
            // Every sample has its own.
            QVERIFY(difference.flatten(1).amax(1).min().item<float>() > 1e-4);
        }
    }

    void every_parameter_learns_data() { add_kinds(); }

    /// In eval mode: a batch norm that sees its own batch takes the bias before it out again.
    void every_parameter_learns() {
        const auto spec = fetched_spec();
        auto random = fixed_random();
        const auto networks = build_networks(spec, random);
        const std::initializer_list<torch::nn::Module*> modules{
            networks.generator.get(), networks.discriminator.get(), networks.predictor.get()};
        for (auto* module : modules) ripen(*module);
        const auto x = conditions(spec, 2);
        const auto samples = networks.generator->forward(x, noise_of(*networks.generator, 4));
        const auto predicted = networks.predictor->forward(x);
        const auto loss = (samples * pictures(spec, 4)).sum() +
                          networks.discriminator->forward(x, samples).square().sum() +
                          predicted.centre.square().sum() + predicted.log_dispersion.square().sum();
        loss.backward();
        for (const auto* module : modules) QVERIFY(all_learn(*module));
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

    void discriminator_judges_samples_beside_their_conditions_data() { add_kinds(); }

    void discriminator_judges_samples_beside_their_conditions() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        auto random = fixed_random();
        const auto d = build_discriminator(spec, random);
        ripen(*d);
        const auto x = conditions(spec, 2), y = pictures(spec, 6);
        const auto together = d->forward(x, y);
        for (std::int64_t i = 0; i < 6; ++i)
            QVERIFY(largest_difference(d->forward(one_row(x, i / 3), one_row(y, i)), one_row(together, i)) <
                    1e-5);
    }

    void spectral_norm_takes_the_place_of_batch_norm_data() { add_pictures(); }

    void spectral_norm_takes_the_place_of_batch_norm() {
        auto spec = fetched_spec();
        const auto has_norms = [&] {
            auto random = fixed_random();
            const auto d = build_discriminator(spec, random);
            int batch = 0, spectral = 0, kernels = 0;
            for (const auto& item : d->named_parameters()) {
                batch += says(item.key(), "norm");
                kernels += item.value().dim() == 4;
            }
            for (const auto& item : d->named_buffers()) spectral += says(item.key(), "left");
            return std::tuple{batch > 0, spectral, kernels};
        };
        const auto [batch, none, layers] = has_norms();
        QVERIFY(batch && none == 0);
        spec.network.discriminator_norm = "spectral";
        QVERIFY(has_norms() == (std::tuple{false, layers, layers}));
    }

    void only_needed_networks_are_built() {
        auto random = fixed_random();
        const auto plain = build_networks(tiny_toy("l1"), random),
                   proxy = build_networks(tiny_toy("gan+pmr1"), random);
        QVERIFY(plain.generator && !plain.discriminator && !plain.predictor);
        QVERIFY(proxy.generator && proxy.discriminator && proxy.predictor);
    }

    void building_and_drawing_leave_the_global_random_numbers_alone_data() { add_kinds(); }

    void building_and_drawing_leave_the_global_random_numbers_alone() {
        const auto before = global_random_state();
        auto random = fixed_random();
        build_networks(fetched_spec(), random).generator->draw_noise(4, random);
        QVERIFY(same_bits(global_random_state(), before));
    }

    void the_generator_decides_the_start_values_data() { add_kinds(); }

    void the_generator_decides_the_start_values() {
        const auto spec = fetched_spec();
        const auto first_weight = [&](std::uint64_t seed) {
            auto random = fixed_random(seed);
            return build_generator(spec, random)->parameters().front();
        };
        QVERIFY(same_bits(first_weight(1), first_weight(1)));
        QVERIFY(!same_bits(first_weight(1), first_weight(2)));
    }

    void copied_state_draws_the_same_pictures_data() { add_kinds(); }

    void copied_state_draws_the_same_pictures() {
        const auto spec = fetched_spec();
        torch::NoGradGuard no_grad;
        const auto from = trained_generator(spec);
        auto random = fixed_random(12);
        const auto to = build_generator(spec, random);
        to->eval();
        const auto x = conditions(spec, 2);
        const auto noise = noise_of(*from, 2);
        QVERIFY(!same_bits(to->forward(x, noise), from->forward(x, noise)));
        copy_state(*to, *from);
        QVERIFY(same_bits(to->forward(x, noise), from->forward(x, noise)));
    }
};

std::unique_ptr<QObject> networks_test() { return std::make_unique<NetworksTest>(); }

}  // namespace modescope

#include "networks_test.moc"
