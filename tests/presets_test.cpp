// Every preset with every loss, made small: one step trains, and a training resumes exactly.
#include <torch/torch.h>

#include <QTest>
#include <memory>

#include "tests/data_folder.h"
#include "tests/support.h"

namespace modescope {

namespace {

/// Folders in the layouts that the paper's presets train on.
struct Folders {
    DataFolder cityscapes, pairs, celeba;
    Folders() {
        write_cityscapes(cityscapes);
        write_pairs(pairs);
        write_celeba(celeba);
    }
    std::string of(const Spec& spec) const {
        const auto task = find_task(spec.data.task);
        return task == Task::labels    ? cityscapes.path()
               : task == Task::picture ? pairs.path()
                                       : celeba.path();
    }
};

/// The preset's kind of everything, at a size that trains in milliseconds.
Spec small(const std::string& preset, const Folders& folders) {
    auto spec = preset_spec(preset);
    if (spec.data.source == "folder") adopt_folder(spec, folders.of(spec));
    for (const char* setting : {"data.size=32",
                                "data.load=0",
                                "data.hole_margin=0",
                                "data.hole_least=8",
                                "data.hole_most=12",
                                "data.hole_box=16",
                                "network.downs=5",
                                "network.features=8",
                                "network.widest=2",
                                "network.blocks=2",
                                "network.noise_channels=3",
                                "network.discriminator_features=4",
                                "network.discriminator_layers=2",
                                "objective.samples=3",
                                "training.batch=3",
                                "training.conditions=2",
                                "training.predictor_batch=3",
                                "training.predictor_steps=2",
                                "training.steps=10",
                                "training.generator_steps=1",
                                "training.weight_decay=0"})
        set_field(spec, setting);
    return spec;
}

std::vector<std::string> picture_presets() {
    std::vector<std::string> ids;
    for (const auto& preset : presets())
        if (preset.id != "toy") ids.push_back(preset.id);
    return ids;
}

/// Names of the generator's parameters whose gradient was zero in all steps so far.
QStringList without_gradient(Trainer& trainer) {
    const auto moment = trainer.checkpoint().at("optimiser.generator.second_moment");
    QStringList names;
    std::int64_t offset = 0;
    for (const auto& item : trainer.averaged_generator().named_parameters()) {
        const auto count = item.value().numel();
        if (moment.narrow(0, offset, count).abs().max().item<double>() == 0)
            names << QString::fromStdString(item.key());
        offset += count;
    }
    return names;
}

/// How far noise moves the output for one condition.
double reach_of_noise(Trainer& trainer) {
    torch::NoGradGuard no_grad;
    auto random = at::detail::createCPUGenerator(5);
    auto& generator = trainer.averaged_generator();
    const auto x = trainer.data().batch(Split::held_out, 0, 1).x;
    const auto pictures = generator.forward(x, generator.draw_noise(2, random));
    return largest_difference(pictures[0], pictures[1]);
}

}  // namespace

class PresetsTest : public QObject {
    Q_OBJECT

private slots:
    void one_step_trains_everything_data() {
        QTest::addColumn<std::string>("preset");
        QTest::addColumn<std::string>("objective");
        QTest::addColumn<std::string>("distribution");
        const auto row = [](const std::string& preset, const std::string& objective,
                            const char* distribution) {
            QTest::newRow((preset + " " + objective + " " + distribution).c_str())
                << preset << objective << std::string(distribution);
        };
        for (const auto& preset : picture_presets()) {
            for (const char* objective : {"gan", "l1", "l2", "gan+l1", "gan+l2", "gan+dsgan", "gan+msgan",
                                          "gan+mmd", "gan+rcgan", "gan-ls+pmr2", "gan-hinge+pmr2"})
                row(preset, objective, "gaussian");
            for (const char* objective : {"gan+mr1", "gan+mr2", "gan+pmr1", "gan+pmr2"})
                for (const char* distribution : {"gaussian", "laplace"}) row(preset, objective, distribution);
        }
    }

    void one_step_trains_everything() {
        QFETCH(std::string, preset);
        QFETCH(std::string, objective);
        QFETCH(std::string, distribution);
        auto spec = small(preset, folders_);
        set_field(spec, "objective.distribution=" + distribution);
        set_objective(spec, objective);
        Trainer trainer(spec);
        while (!trainer.progress().predictor_ready) trainer.step(StepKind::both);
        const auto row = trainer.step(StepKind::both);
        for (const auto& [name, value] : row.values) QVERIFY2(std::isfinite(value), name.c_str());
        const auto idle = without_gradient(trainer);
        QVERIFY2(idle.isEmpty(), qPrintable(idle.join(", ")));
        QVERIFY(reach_of_noise(trainer) > 0);
    }

    void resumed_training_equals_uninterrupted_data() {
        QTest::addColumn<std::string>("preset");
        for (const auto& preset : presets()) QTest::newRow(preset.id.c_str()) << preset.id;
    }

    void resumed_training_equals_uninterrupted() {
        QFETCH(std::string, preset);
        const auto spec = preset == "toy" ? tiny_toy("gan+pmr2") : small(preset, folders_);
        Trainer straight(spec), stopped(spec);
        train(straight, 7);
        train(stopped, 4);
        Trainer resumed(stopped.checkpoint());
        train(resumed, 3);
        QCOMPARE(first_difference(straight.checkpoint(), resumed.checkpoint()), std::string());
    }

    void usual_weights_are_the_paper_s() {
        auto spec = preset_spec("pix2pix-maps");
        set_objective(spec, "gan+pmr2+5*l1");
        QCOMPARE(spec.objective.weight(Term::pmr2), 1000.);
        QCOMPARE(spec.objective.weight(Term::l1), 5.);
        QCOMPARE(spec.objective.weight(Term::gan), 1.);
        set_field(spec, "objective.distribution=laplace");
        set_objective(spec, "gan+pmr2");
        QCOMPARE(spec.objective.weight(Term::pmr2), 10.);
        auto faces = preset_spec("srgan-celeba");
        QCOMPARE(faces.objective.min_noise, 0.01);
        set_objective(faces, "gan+mr2");
        QCOMPARE(faces.objective.min_noise, 1e-4);
        QCOMPARE(faces.objective.samples, 24);
        set_objective(faces, "gan+pmr2");
        QCOMPARE(faces.objective.samples, 12);
        auto small = preset_spec("faces-sr-64");
        set_objective(small, "gan+l2");
        set_objective(faces, "gan+l2");
        QCOMPARE(small.objective.weight(Term::l2), faces.objective.weight(Term::l2));
    }

    void keys_decide_what_is_usual_and_override_it() {
        auto spec = preset_spec("pix2pix-maps");
        const std::string keys[]{"objective.distribution=laplace", "objective.l1=7",
                                 "objective.min_noise=0.2"};
        configure(spec, keys, "gan+pmr2+l1");
        QCOMPARE(spec.objective.weight(Term::pmr2), 10.);
        QCOMPARE(spec.objective.weight(Term::l1), 7.);
        QCOMPARE(spec.objective.min_noise, 0.2);
        QVERIFY(says(error_of([&] { configure(spec, keys, "gan+l7"); }), "l7"));
    }

    void another_distribution_alone_brings_its_usual_weights() {
        auto spec = preset_spec("pix2pix-maps");
        const std::string laplace[]{"objective.distribution=laplace"};
        configure(spec, laplace, "");
        QCOMPARE(spec.objective.weight(Term::pmr2), 10.);
        const std::string weighted[]{"objective.distribution=gaussian", "objective.pmr2=3"};
        configure(spec, weighted, "");
        QCOMPARE(spec.objective.weight(Term::pmr2), 3.);
    }

    void a_folder_leaves_a_world_preset_its_own_numbers() {
        const auto usual = preset_spec("street-64");
        for (const char* objective : {"gan+pmr2", "gan+l1"}) {
            auto spec = preset_spec("street-64"), world = spec;
            const std::string keys[]{"data.source=folder", "data.folder=/photos"};
            configure(spec, keys, objective);
            set_objective(world, objective);
            QCOMPARE(spec.objective.samples, usual.objective.samples);
            QCOMPARE(spec.objective.min_noise, usual.objective.min_noise);
            for (const auto term : {Term::pmr2, Term::l1})
                QCOMPARE(spec.objective.weight(term), world.objective.weight(term));
        }
    }

    void a_folder_preset_without_its_folder_says_so() {
        QVERIFY(says(error_of([] { Trainer trainer(preset_spec("srgan-celeba")); }), "--data"));
    }

private:
    Folders folders_;
};

std::unique_ptr<QObject> presets_test() { return std::make_unique<PresetsTest>(); }

}  // namespace modescope

#include "presets_test.moc"
