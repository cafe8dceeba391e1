// One training: determinism, exact resume, its data, its precision.
#include "core/training/trainer.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <memory>

#include "core/worlds/world.h"
#include "tests/short_training.h"

namespace modescope {

namespace {

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

void add_objectives() {
    QTest::addColumn<std::string>("objective");
    for (const char* objective : {"gan", "gan+10*pmr2", "gan+l1"})
        QTest::newRow(objective) << std::string(objective);
}

Spec fetched_spec() {
    QFETCH(std::string, world);
    QFETCH(std::string, configuration);
    return configured(world, configuration);
}

/// Saves after `steps`, goes on from the file.
Checkpoint resumed(const Spec& spec, int steps, const std::string& path) {
    write_checkpoint(path, trained(spec, steps));
    Trainer trainer(read_checkpoint(path));
    train(trainer, all_steps - steps);
    return trainer.checkpoint();
}

/// Over three steps, relative where a loss is above 1; infinite if they log different ones.
double largest_gap_of_losses(Trainer& one, Trainer& other) {
    double largest = 0;
    for (int i = 0; i < 3; ++i) {
        const auto a = one.step(StepKind::both).values, b = other.step(StepKind::both).values;
        if (a.size() != b.size()) return INFINITY;
        for (std::size_t k = 0; k < a.size(); ++k)
            largest =
                std::max(largest, std::abs(a[k].second - b[k].second) / std::max(1.0, std::abs(a[k].second)));
    }
    return largest;
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

    void global_random_numbers_are_left_alone() {
        const auto before = global_random_state();
        for (const auto& spec : {tiny_toy("gan+pmr2"), tiny_street("gan+pmr2")}) {
            Trainer trainer(trained(spec, 3));
            train(trainer, 4);
        }
        QVERIFY(same_bits(global_random_state(), before));
    }

    void bfloat16_trains_almost_the_same_data() { add_objectives(); }

    void bfloat16_trains_almost_the_same() {
        QFETCH(std::string, objective);
        auto spec = tiny_street(objective);
        Trainer exact(spec);
        set_field(spec, "training.precision=bfloat16");
        Trainer half(spec);
        // 8 bits of mantissa: 2⁻⁹ a product, a few of them in a row.
        QVERIFY(largest_gap_of_losses(exact, half) <= 0.03);
        QVERIFY(half.averaged_generator().parameters().front().dtype() == torch::kFloat);
    }

    void memory_formats_train_almost_the_same_data() { add_objectives(); }

    /// Sums run in another order, which rounds them otherwise.
    void memory_formats_train_almost_the_same() {
        QFETCH(std::string, objective);
        auto spec = tiny_street(objective);
        set_field(spec, "training.memory_format=contiguous");
        Trainer one(spec);
        set_field(spec, "training.memory_format=channels_last");
        Trainer other(spec);
        QVERIFY(largest_gap_of_losses(one, other) <= 1e-3);
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
};

std::unique_ptr<QObject> trainer_test() { return std::make_unique<TrainerTest>(); }

}  // namespace modescope

#include "trainer_test.moc"
