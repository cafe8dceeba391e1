// The steps of a training: what each trains and logs, the optimiser, divergence, retuning.
#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "tests/short_training.h"

namespace modescope {

namespace {

/// What must not change when a step diverges: everything but where data and noise have got to.
Checkpoint learned(Checkpoint checkpoint) {
    checkpoint.tensors.erase("counters");
    checkpoint.tensors.erase("random.noise");
    return checkpoint;
}

/// A checkpoint whose named weights make G's next step overflow.
Checkpoint about_to_diverge(const Spec& spec, const std::string& weight) {
    auto checkpoint = trained(spec, 6);
    checkpoint.tensors.at(weight).fill_(3e38);
    return checkpoint;
}

double logged(const LogRow& row, const std::string& name) {
    for (const auto& [key, value] : row.values)
        if (key == name) return value;
    return NAN;
}

}  // namespace

class TrainingStepsTest : public QObject {
    Q_OBJECT

private slots:
    void predictor_trains_first_data() {
        QTest::addColumn<std::string>("objective");
        QTest::newRow("pmr1") << std::string("gan+pmr1");
        QTest::newRow("pmr2") << std::string("pmr2");
    }

    void predictor_trains_first() {
        QFETCH(std::string, objective);
        Trainer trainer(tiny_toy(objective));
        const auto start = trainer.checkpoint();
        for (int i = 1; i <= 4; ++i) {
            QVERIFY(!trainer.progress().predictor_ready);
            // Whatever is asked for, there is no G step on a random predictor.
            const auto row = trainer.step(i == 2 ? StepKind::generator : StepKind::both);
            QVERIFY(row.predictor);
            QCOMPARE(row.step, i);
            QVERIFY(std::isfinite(logged(row, "predictor")));
            QCOMPARE(std::isfinite(logged(row, "validation")), i == 4);
        }
        QVERIFY(trainer.progress().predictor_ready);
        QVERIFY(same_part(start, trainer.checkpoint(), "generator."));
        QVERIFY(!same_part(start, trainer.checkpoint(), "predictor."));
        QVERIFY(!trainer.step(StepKind::both).predictor);
    }

    void trained_predictor_is_frozen() {
        for (const auto& spec : {tiny_toy("gan+pmr2"), tiny_street("gan+pmr2")}) {
            Trainer trainer(spec);
            train(trainer, 4);
            const auto before = trainer.checkpoint();
            train(trainer, 4);
            QVERIFY(same_part(before, trainer.checkpoint(), "predictor."));
        }
    }

    void predictor_learns_the_moments() {
        auto spec = tiny_toy("pmr2");
        for (const char* setting : {"network.features=32", "training.predictor_batch=256",
                                    "training.predictor_steps=500", "training.predictor_learning_rate=5e-3"})
            set_field(spec, setting);
        Trainer trainer(spec);
        train(trainer, 500);
        torch::NoGradGuard no_grad;
        const auto predicted = trainer.predictor()->forward(torch::tensor({{-0.5f}, {0.8f}}));
        QVERIFY(predicted.centre.abs().max().item<float>() < 0.15);
        // True variances: 0.05² and 0.8² + 0.05².
        QVERIFY(predicted.log_dispersion[0].exp().item<float>() < 0.03);
        QVERIFY(std::abs(predicted.log_dispersion[1].exp().item<float>() - 0.6425) < 0.25);
    }

    void step_kinds_train_what_they_say() {
        Trainer trainer(tiny_toy("gan"));
        const auto start = trainer.checkpoint();
        trainer.step(StepKind::discriminator);
        const auto after_d = trainer.checkpoint();
        QVERIFY(same_part(start, after_d, "generator.") && !same_part(start, after_d, "discriminator."));
        QCOMPARE(trainer.progress().step, 0);
        trainer.step(StepKind::generator);
        const auto after_g = trainer.checkpoint();
        QVERIFY(!same_part(after_d, after_g, "generator.") && same_part(after_d, after_g, "discriminator."));
        QCOMPARE(trainer.progress().step, 1);
    }

    void generator_steps_per_discriminator_step() {
        auto spec = tiny_toy("gan");
        set_field(spec, "training.generator_steps=3");
        Trainer trainer(spec);
        for (int i = 0; i < 7; ++i)
            QCOMPARE(std::isfinite(logged(trainer.step(StepKind::both), "d")), i % 3 == 0);
    }

    void log_holds_the_weighted_sum_of_the_terms() {
        Trainer trainer(tiny_toy("gan+2*l1+0.5*mr1"));
        const auto row = trainer.step(StepKind::both);
        const double sum = logged(row, "gan") + 2 * logged(row, "l1") + 0.5 * logged(row, "mr1");
        QVERIFY(std::abs(logged(row, "g") - sum) < 1e-5);
    }

    void learning_rate_falls_to_zero() {
        auto spec = tiny_toy("l2");
        set_field(spec, "training.steps=6");
        set_field(spec, "training.decay_from=0.5");
        Trainer trainer(spec);
        train(trainer, 5);
        const auto before_last = trainer.checkpoint();
        train(trainer, 1);
        QVERIFY(!same_part(before_last, trainer.checkpoint(), "generator."));
        const auto finished = trainer.checkpoint();
        train(trainer, 1);
        QVERIFY(same_part(finished, trainer.checkpoint(), "generator."));
    }

    void clipped_gradients_are_small() {
        auto spec = tiny_toy("1e5*l2");
        set_field(spec, "training.clip=0.5");
        // After one step the first moment is (1 − β₁) times the clipped gradient.
        const auto moment = trained(spec, 1).at("optimiser.generator.first_moment");
        QCOMPARE(moment.abs().max().item<float>(), 0.25f);
    }

    void optimiser_equals_the_plain_adam_data() {
        QTest::addColumn<bool>("amsgrad");
        QTest::newRow("adam") << false;
        QTest::newRow("amsgrad") << true;
    }

    void optimiser_equals_the_plain_adam() {
        QFETCH(bool, amsgrad);
        const TrainingSpec settings{.learning_rate = 1e-2, .weight_decay = 0.1, .amsgrad = amsgrad};
        torch::nn::Linear ours(3, 2), plain(3, 2);
        auto random = at::detail::createCPUGenerator(1);
        const auto flat = flatten_parameters(*ours);
        torch::NoGradGuard no_grad;
        flat.normal_(0, 1, random);
        copy_state(*plain, *ours);
        Optimiser optimiser(*ours);
        torch::optim::Adam adam(
            plain->parameters(),
            torch::optim::AdamOptions(1e-2).betas({0.5, 0.999}).weight_decay(0.1).amsgrad(amsgrad));
        for (int i = 0; i < 6; ++i) {
            torch::AutoGradMode with_gradient(true);
            const auto x = torch::randn({5, 3}, random) * (6 - i);
            optimiser.zero_grad();
            adam.zero_grad();
            ours->forward(x).square().sum().backward();
            plain->forward(x).square().sum().backward();
            optimiser.step(settings, 1e-2);
            adam.step();
        }
        QVERIFY(largest_difference(ours->weight, plain->weight) < 1e-5);
        QVERIFY(largest_difference(ours->bias, plain->bias) < 1e-5);
    }

    void diverged_step_leaves_the_last_good_state_data() {
        QTest::addColumn<std::string>("world");
        QTest::addColumn<std::string>("objective");
        QTest::addColumn<std::string>("weight");
        const std::string last = "generator.trunk.layers.last.weight",
                          down = "generator.trunk.down1.convolution.weight";
        QTest::newRow("toy, loss of G") << std::string("toy") << std::string("l2") << last;
        QTest::newRow("toy, loss of D") << std::string("toy") << std::string("gan") << last;
        QTest::newRow("street, loss of G") << std::string("street") << std::string("l2") << down;
        QTest::newRow("street, loss of D") << std::string("street") << std::string("gan") << down;
    }

    void diverged_step_leaves_the_last_good_state() {
        QFETCH(std::string, world);
        QFETCH(std::string, objective);
        QFETCH(std::string, weight);
        const auto spec = world == "toy" ? tiny_toy(objective) : tiny_street(objective);
        Trainer trainer(about_to_diverge(spec, weight));
        const auto before = trainer.checkpoint();
        QVERIFY_THROWS_EXCEPTION(Diverged, trainer.step(StepKind::both));
        QVERIFY(all_finite(trainer.checkpoint()));
        QCOMPARE(first_difference(learned(trainer.checkpoint()), learned(before)), std::string());
        QCOMPARE(trainer.progress().step, 6);
    }

    void divergence_says_whose_step_it_was() {
        Trainer trainer(about_to_diverge(tiny_toy("l2"), "generator.trunk.layers.last.weight"));
        const auto message = error_of([&] { trainer.step(StepKind::both); });
        QVERIFY2(says(message, "G's") && says(message, "step 6"), message.c_str());
    }

    void wild_settings_never_leave_numbers_that_are_not_finite() {
        auto spec = tiny_toy("1e6*gan+1e6*mr2");
        for (const char* setting : {"training.learning_rate=1", "training.learning_rate_ratio=100",
                                    "objective.variance_floor=1e-12"})
            set_field(spec, setting);
        Trainer trainer(spec);
        try {
            train(trainer, 100);
        } catch (const Diverged&) {
        }
        QVERIFY(all_finite(trainer.checkpoint()));
    }

    void live_fields_are_retuned() {
        Trainer trainer(tiny_toy("gan+mr1")), other(tiny_toy("gan+mr1"));
        train(trainer, 2);
        train(other, 2);
        trainer.retune("training.learning_rate", 0.05);
        trainer.retune("objective.samples", std::int64_t{6});
        QCOMPARE(trainer.spec().training.learning_rate, 0.05);
        QCOMPARE(trainer.spec().objective.samples, 6);
        train(trainer, 1);
        train(other, 1);
        QVERIFY(!same_part(trainer.checkpoint(), other.checkpoint(), "generator."));
    }

    void a_retuned_training_resumes_exactly() {
        Trainer trainer(tiny_toy("gan+mr1"));
        train(trainer, 2);
        trainer.retune("objective.mr1", 3.0);
        Trainer resumed(trainer.checkpoint());
        train(trainer, 3);
        train(resumed, 3);
        QCOMPARE(first_difference(trainer.checkpoint(), resumed.checkpoint()), std::string());
    }

    void other_fields_are_not_retuned_data() {
        QTest::addColumn<std::string>("key");
        QTest::addColumn<double>("value");
        QTest::newRow("not live") << std::string("training.batch") << 8.0;
        QTest::newRow("unknown") << std::string("training.bach") << 8.0;
        QTest::newRow("out of range") << std::string("training.learning_rate") << -1.0;
        QTest::newRow("removes D") << std::string("objective.gan") << 0.0;
        QTest::newRow("adds P") << std::string("objective.pmr2") << 1.0;
    }

    void other_fields_are_not_retuned() {
        QFETCH(std::string, key);
        QFETCH(double, value);
        Trainer trainer(tiny_toy("gan+l1"));
        const auto before = to_json(trainer.spec());
        const auto message = error_of([&] { trainer.retune(key, value); });
        QVERIFY2(says(message, key), message.c_str());
        QVERIFY(to_json(trainer.spec()) == before);
    }

    void the_last_term_cannot_be_retuned_away() {
        Trainer trainer(tiny_toy("l1"));
        QVERIFY(!error_of([&] { trainer.retune("objective.l1", 0.0); }).empty());
        QCOMPARE(trainer.spec().objective.id(), std::string("l1"));
    }

    void instance_noise_reaches_d_only() {
        auto spec = tiny_toy("l2+gan");
        const auto plain = trained(spec, 1);
        set_field(spec, "training.instance_noise=0.5");
        const auto noisy = trained(spec, 1);
        QVERIFY(!same_part(plain, noisy, "discriminator."));
        auto without_d = tiny_toy("l2");
        const auto expected = trained(without_d, 3);
        set_field(without_d, "training.instance_noise=0.5");
        QVERIFY(same_part(expected, trained(without_d, 3), "generator."));
    }
};

std::unique_ptr<QObject> training_steps_test() { return std::make_unique<TrainingStepsTest>(); }

}  // namespace modescope

#include "training_steps_test.moc"
