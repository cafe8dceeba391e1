// What a training keeps beside its live weights: statistics of batches, averages, and models made of them.
#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "core/base/variance.h"
#include "core/networks/layers.h"
#include "tests/short_training.h"

namespace modescope {

class AveragesTest : public QObject {
    Q_OBJECT

private slots:
    void sampling_the_average_changes_nothing() {
        const auto spec = tiny_street("gan");
        Trainer trainer(spec);
        for (int i = 0; i < all_steps; ++i) {
            trainer.step(StepKind::both);
            torch::NoGradGuard no_grad;
            auto random = at::detail::createCPUGenerator(1);
            auto& g = trainer.averaged_generator();
            g.forward(trainer.data().batch(Split::held_out, 0, 2).x, g.draw_noise(2, random));
        }
        QCOMPARE(first_difference(trainer.checkpoint(), trained(spec)), std::string());
    }

    void variance_equals_torchs() {
        auto random = at::detail::createCPUGenerator(1);
        const auto x = torch::randn({4, 6, 3, 5}, random) + 100, weight = torch::randn({4, 3, 5}, random);
        const auto ours = x.clone().requires_grad_(), torchs = x.clone().requires_grad_();
        const auto variance = variance_over(1, ours);
        QVERIFY(torch::allclose(variance, torchs.var(1), 1e-4));
        (variance * weight).sum().backward();
        (torchs.var(1) * weight).sum().backward();
        QVERIFY(torch::allclose(ours.grad(), torchs.grad(), 1e-4, 1e-5));
        QVERIFY(torch::allclose(variance_over({0, 2, 3}, x, 0), x.var({0, 2, 3}, false), 1e-4));
    }

    void batch_norm_equals_torchs() {
        const auto ours = std::make_shared<BatchNorm>(3);
        torch::nn::BatchNorm2d torchs(3);
        copy_state(*torchs, *ours);
        auto random = at::detail::createCPUGenerator(1);
        for (const bool training : {true, true, false}) {
            ours->train(training);
            torchs->train(training);
            const auto x = torch::randn({4, 3, 5, 2}, random);
            const auto a = x.clone().requires_grad_(), b = x.clone().requires_grad_();
            ours->forward(a).pow(3).sum().backward();
            torchs->forward(b).pow(3).sum().backward();
            QVERIFY(same_bits(a.grad(), b.grad()));
            for (const auto& item : torchs->named_parameters())
                QVERIFY(same_bits(ours->named_parameters()[item.key()].grad(), item.value().grad()));
            for (const auto& item : torchs->named_buffers())
                QVERIFY(same_bits(ours->named_buffers()[item.key()], item.value()));
        }
        ours->eval();
        const auto x = torch::randn({4, 3, 5, 2}, random);
        const auto folded = x * ours->scale().view({3, 1, 1}) + ours->shift().view({3, 1, 1});
        QVERIFY(largest_difference(folded, ours->forward(x)) < 1e-5);
    }

    void a_batch_norm_of_one_value_is_refused() {
        BatchNorm norm(2);
        QVERIFY(says(error_of([&] { norm.forward(torch::ones({1, 2, 1, 1})); }), "training.batch"));
        norm.eval();
        QCOMPARE(norm.forward(torch::ones({1, 2, 1, 1})).numel(), 2);
    }

    void the_statistics_of_G_stay_once_its_rate_has_halved() {
        auto spec = tiny_street("gan");
        set_field(spec, "training.steps=8");
        set_field(spec, "training.decay_from=0");
        Trainer trainer(spec);
        const auto statistics = [&] {
            const auto checkpoint = trainer.checkpoint();
            std::vector<torch::Tensor> all;
            for (const auto& [name, tensor] : checkpoint.tensors)
                if (name.starts_with("generator.") && name.ends_with("running_var"))
                    all.push_back(tensor.flatten());
            return torch::cat(all);
        };
        const auto start = statistics();
        train(trainer, 5);  // at the fifth half of the rate is left
        const auto half = statistics();
        QVERIFY(!same_bits(start, half));
        train(trainer, 3);
        QVERIFY(same_bits(statistics(), half));
        QCOMPARE(trainer.progress().step, 8);
    }

    void the_average_follows_the_live_weights() {
        Trainer trainer(tiny_toy("l2"));
        const auto live = [&] { return trainer.checkpoint().at("generator.trunk.layers.last.weight"); };
        const auto average = [&] { return trainer.checkpoint().at("average.trunk.layers.last.weight"); };
        train(trainer, 1);
        QVERIFY(same_bits(average(), live()));
        const auto first = average();
        train(trainer, 1);
        // The second step's decay is 1/11: averages forget their start quickly.
        QVERIFY(largest_difference(average(), first.lerp(live(), 10. / 11)) < 1e-6);
        QVERIFY(!same_bits(average(), live()));
    }

    void the_average_follows_batch_statistics_too() {
        const auto first = trained(tiny_street("l2"), 1);
        for (const auto& name : names_starting_with(first, "generator."))
            QVERIFY2(same_bits(first.at(name), first.at("average." + name.substr(10))), name.c_str());
        const auto later = trained(tiny_street("l2"), 3);
        const std::string mean = "trunk.down1.norm.running_mean";
        QVERIFY(!same_bits(later.at("average." + mean), first.at("average." + mean)));
        QVERIFY(!same_bits(later.at("average." + mean), later.at("generator." + mean)));
    }

    void inference_checkpoint_holds_the_average_and_the_predictor_only() {
        Trainer trainer(tiny_street("gan+10*pmr2"));
        train(trainer, 8);
        const auto all = trainer.checkpoint(), model = trainer.inference_checkpoint(false);
        const auto average = names_starting_with(model, "average."),
                   predictor = names_starting_with(model, "predictor.");
        QCOMPARE(average.size() + predictor.size(), model.tensors.size());
        QCOMPARE(average, names_starting_with(all, "average."));
        QCOMPARE(predictor, names_starting_with(all, "predictor."));
        QVERIFY(same_part(model, all, "average.") && same_part(model, all, "predictor."));
        for (const auto& item : trainer.averaged_generator().named_parameters())
            QVERIFY(same_bits(item.value().detach(), model.at("average." + item.key())));
    }

    void a_runs_checkpoint_as_start_brings_its_discriminator_along() {
        const auto model = trained(tiny_street("gan"), 4);
        Trainer trainer(tiny_street("gan"));
        trainer.start_from(model);
        QVERIFY(same_part(model, trainer.checkpoint(), "discriminator."));
    }

    void a_discriminator_that_is_built_otherwise_starts_afresh() {
        const auto model = trained(tiny_street("gan"), 4);
        auto spec = tiny_street("gan");
        set_field(spec, "network.discriminator_features=6");
        Trainer fresh(spec), started(spec);
        started.start_from(model);
        QVERIFY(same_part(model, started.checkpoint(), "average."));
        QVERIFY(same_part(fresh.checkpoint(), started.checkpoint(), "discriminator."));
    }

    void half_precision_halves_the_model() {
        Trainer trainer(tiny_street("gan"));
        const auto model = trainer.inference_checkpoint(true);
        for (const auto& [name, tensor] : model.tensors)
            QVERIFY(!tensor.is_floating_point() || tensor.scalar_type() == torch::kHalf);
    }
};

std::unique_ptr<QObject> averages_test() { return std::make_unique<AveragesTest>(); }

}  // namespace modescope

#include "averages_test.moc"
