// One training: determinism, exact resume, divergence, retuning, averages.
#include "core/training/trainer.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "core/networks/layers.h"
#include "core/worlds/world.h"
#include "tests/support.h"

namespace modescope {

namespace {

using torch::Tensor;

/// Configurations that together use every network, term kind and setting of a training.
Spec configured(const std::string& world, const std::string& configuration) {
    const auto objective = configuration.substr(0, configuration.find(' '));
    auto spec = world == "toy" ? tiny_toy(objective) : tiny_street(objective);
    for (const char* setting :
         {"training.amsgrad=true", "training.clip=0.5", "training.weight_decay=1e-4",
          "training.generator_steps=2", "training.decay_from=0.5", "training.instance_noise=0.1"})
        set_field(spec, setting);
    if (says(configuration, "laplace")) set_field(spec, "objective.distribution=laplace");
    if (says(configuration, "spectral")) set_field(spec, "network.discriminator_norm=spectral");
    return spec;
}

void add_configurations() {
    QTest::addColumn<std::string>("world");
    QTest::addColumn<std::string>("configuration");
    for (const char* world : {"toy", "street"})
        for (const char* configuration : {"gan", "l1", "gan+mr2 laplace", "gan+10*pmr2"})
            QTest::addRow("%s %s", world, configuration) << std::string(world) << std::string(configuration);
    QTest::newRow("street gan spectral") << std::string("street") << std::string("gan spectral");
}

Spec fetched_spec() {
    QFETCH(std::string, world);
    QFETCH(std::string, configuration);
    return configured(world, configuration);
}

/// Steps of every kind, P's among them, until G has made a few.
constexpr int all_steps = 10;

Checkpoint trained(const Spec& spec, int steps = all_steps) {
    Trainer trainer(spec);
    train(trainer, steps);
    return trainer.checkpoint();
}

/// Saves after `steps`, goes on from the file.
Checkpoint resumed(const Spec& spec, int steps, const std::string& path) {
    write_checkpoint(path, trained(spec, steps));
    Trainer trainer(read_checkpoint(path));
    train(trainer, all_steps - steps);
    return trainer.checkpoint();
}

bool all_finite(const Checkpoint& checkpoint) {
    for (const auto& [name, tensor] : checkpoint.tensors)
        if (tensor.is_floating_point() && name != "best_predictor_loss" &&
            !tensor.isfinite().all().item<bool>())
            return false;
    return true;
}

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

std::vector<std::string> names_starting_with(const Checkpoint& checkpoint, const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : checkpoint.tensors)
        if (name.starts_with(prefix)) names.push_back(name);
    return names;
}

bool same_part(const Checkpoint& a, const Checkpoint& b, const std::string& prefix) {
    const auto names = names_starting_with(a, prefix);
    return !names.empty() &&
           std::ranges::all_of(names, [&](const auto& name) { return same_bits(a.at(name), b.at(name)); });
}

double logged(const LogRow& row, const std::string& name) {
    for (const auto& [key, value] : row.values)
        if (key == name) return value;
    return NAN;
}

}  // namespace

class TrainerTest : public QObject {
    Q_OBJECT

private slots:
    void same_seed_gives_the_same_bits_data() { add_configurations(); }

    void same_seed_gives_the_same_bits() {
        const auto spec = fetched_spec();
        const auto once = trained(spec), again = trained(spec);
        QCOMPARE(first_difference(once, again), std::string());
        QVERIFY(all_finite(once));
    }

    void another_seed_gives_another_training() {
        auto spec = tiny_toy("gan");
        const auto first = trained(spec);
        set_field(spec, "training.seed=2");
        QVERIFY(!same_part(first, trained(spec), "generator."));
    }

    void resumed_training_equals_uninterrupted_data() { add_configurations(); }

    void resumed_training_equals_uninterrupted() {
        const auto spec = fetched_spec();
        const auto whole = trained(spec);
        const QTemporaryDir folder;
        const auto path = folder.filePath("c.safetensors").toStdString();
        // Before the first step; in the middle of the predictor; at its end; between two steps of D.
        for (const int steps : {0, 2, 4, 5, 7})
            QCOMPARE(first_difference(resumed(spec, steps, path), whole), std::string());
    }

    void the_best_predictor_survives_a_save() {
        auto spec = tiny_toy("pmr2");
        // P is validated after 250 steps and at the end.
        set_field(spec, "training.predictor_steps=270");
        const auto saved = trained(spec, 255);
        QVERIFY(std::isfinite(saved.at("best_predictor_loss").item<double>()));
        for (const int more : {5, 20}) {
            Trainer trainer(saved);
            train(trainer, more);
            QCOMPARE(first_difference(trainer.checkpoint(), trained(spec, 255 + more)), std::string());
        }
    }

    void the_predictor_of_least_validation_loss_is_kept() {
        auto spec = tiny_toy("pmr2");
        set_field(spec, "training.predictor_steps=255");
        auto saved = trained(spec, 252);
        const auto kept_best = [&](double best_loss) {
            saved.tensors["best_predictor_loss"].fill_(best_loss);
            Trainer trainer(saved);
            train(trainer, 3);
            return same_bits(trainer.checkpoint().at("predictor.trunk.layers.last.bias"),
                             saved.at("best_predictor.trunk.layers.last.bias"));
        };
        QVERIFY(kept_best(-1e9));
        QVERIFY(!kept_best(1e9));
    }

    void a_checkpoint_says_how_far_it_is() {
        Trainer trainer(trained(tiny_toy("gan+pmr2"), 7));
        QCOMPARE(trainer.progress().predictor_step, 4);
        QCOMPARE(trainer.progress().step, 3);
        QVERIFY(trainer.progress().predictor_ready);
    }

    void saving_changes_nothing() {
        const auto spec = tiny_street("gan+10*pmr2");
        Trainer trainer(spec);
        for (int i = 0; i < all_steps; ++i) {
            trainer.step(StepKind::both);
            trainer.checkpoint();
            trainer.inference_checkpoint(true);
        }
        QCOMPARE(first_difference(trainer.checkpoint(), trained(spec)), std::string());
    }

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

    void every_configuration_sees_the_same_batches() {
        // P's steps come first and take nothing from the sequence.
        for (const char* objective : {"gan", "l1", "gan+mr2", "gan+pmr2"}) {
            const auto spec = tiny_toy(objective);
            Trainer trainer(spec);
            const auto batch = trainer.data().batch(Split::train, 0, 8);
            const auto expected = make_data(tiny_toy("gan"))->batch(Split::train, 0, 8);
            QVERIFY(same_bits(batch.x, expected.x) && same_bits(batch.y, expected.y));
            const int predictor_steps = spec.objective.needs_predictor() ? 4 : 0;
            const auto counters = trained(spec, predictor_steps + 3).at("counters");
            QCOMPARE(counters[2].item<std::int64_t>(), 3 * spec.training.batch);
        }
    }

    void the_same_start_values_for_every_configuration() {
        const auto start = trained(tiny_toy("l1"), 0);
        for (const char* objective : {"gan", "gan+mr2", "gan+10*pmr2"})
            QVERIFY(same_part(start, trained(tiny_toy(objective), 0), "generator."));
    }

    void data_is_random_access() {
        for (const auto& spec : {tiny_toy("gan"), tiny_street("gan")}) {
            const auto data = make_data(spec);
            const auto all = data->batch(Split::train, 0, 4), later = data->batch(Split::train, 2, 2);
            QVERIFY(same_bits(all.x.narrow(0, 2, 2), later.x) && same_bits(all.y.narrow(0, 2, 2), later.y));
            QVERIFY(!same_bits(all.y, data->batch(Split::predictor, 0, 4).y));
            QVERIFY(!same_bits(all.y, data->batch(Split::held_out, 0, 4).y));
        }
    }

    void pictures_and_labels_survive_tensors() {
        Rng rng(3);
        const auto layout = find_world("street").layout(32, rng);
        const auto picture = find_world("street").render(layout, find_world("street").draw_style(rng), rng);
        QVERIFY(to_image(to_tensor(picture)[0]) == picture);
        const auto one_hot = to_tensor(Condition{.labels = layout.labels}, Task::labels, 8);
        QVERIFY(one_hot.sum(1).eq(1).all().item<bool>());
        for (const int at : {0, 7, 31})
            QCOMPARE(one_hot[0].argmax(0)[at][at].item<int>(), int(layout.labels.at(at, at)));
        QVERIFY(to_tensor(picture).min().item<float>() >= -1 && to_tensor(picture).max().item<float>() <= 1);
        QVERIFY(to_image(torch::full({3, 1, 1}, 9.0f)) == Image(1, 1, 3, 255));
        QVERIFY(to_image(torch::full({3, 1, 1}, -9.0f)) == Image(1, 1, 3, 0));
    }

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

    void alone_processes_change_nothing() {
        const Processes alone;
        QVERIFY(alone.first() && alone.count() == 1);
        auto numbers = torch::tensor({1.0f, -2.0f});
        const auto before = numbers.clone();
        alone.sum(numbers);
        alone.average(numbers);
        QVERIFY(same_bits(numbers, before));
        QVERIFY(same_bits(alone.gather(numbers), before.unsqueeze(0)));
        alone.require_same("anything");
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

    void global_random_numbers_are_left_alone() {
        const auto before = global_random_state();
        for (const auto& spec : {tiny_toy("gan+pmr2"), tiny_street("gan+pmr2")}) {
            Trainer trainer(trained(spec, 3));
            train(trainer, 4);
        }
        QVERIFY(same_bits(global_random_state(), before));
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

    void bfloat16_trains_almost_the_same_data() {
        QTest::addColumn<std::string>("objective");
        for (const char* objective : {"gan", "gan+10*pmr2", "gan+l1"})
            QTest::newRow(objective) << std::string(objective);
    }

    void bfloat16_trains_almost_the_same() {
        QFETCH(std::string, objective);
        auto spec = tiny_street(objective);
        Trainer exact(spec);
        set_field(spec, "training.precision=bfloat16");
        Trainer half(spec);
        // 8 bits of mantissa: 2⁻⁹ a product, a few of them in a row.
        for (int i = 0; i < 3; ++i) {
            const auto a = exact.step(StepKind::both), b = half.step(StepKind::both);
            QCOMPARE(a.values.size(), b.values.size());
            for (std::size_t k = 0; k < a.values.size(); ++k) {
                const double x = a.values[k].second, y = b.values[k].second;
                QVERIFY2(std::abs(x - y) <= 0.03 * std::max(1.0, std::abs(x)),
                         qPrintable(QString("%1 and %2").arg(x).arg(y)));
            }
        }
        QVERIFY(half.averaged_generator().parameters().front().dtype() == torch::kFloat);
    }

    void bfloat16_is_used_by_nothing_else() {
        auto spec = tiny_street("gan");
        set_field(spec, "training.precision=bfloat16");
        Trainer trainer(spec);
        trainer.step(StepKind::both);
        const auto a = torch::ones({8, 8});
        QVERIFY(a.matmul(a).dtype() == torch::kFloat);
    }

    void a_training_in_bfloat16_resumes_exactly() {
        auto spec = tiny_street("gan+10*pmr2");
        set_field(spec, "training.precision=bfloat16");
        const QTemporaryDir folder;
        QCOMPARE(first_difference(resumed(spec, 5, folder.filePath("c").toStdString()), trained(spec)),
                 std::string());
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

std::unique_ptr<QObject> trainer_test() { return std::make_unique<TrainerTest>(); }

}  // namespace modescope

#include "trainer_test.moc"
