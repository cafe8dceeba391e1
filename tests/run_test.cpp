// A training on its own thread: exact step counts, the log, the directory, resuming, ends of all kinds.
#include "core/training/run.h"

#include <torch/torch.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <filesystem>
#include <memory>

#include "core/base/file.h"
#include "core/base/folder_lock.h"
#include "core/base/picture_file.h"
#include "core/sampling/sampler.h"
#include "core/training/run_directory.h"
#include "core/training/run_record.h"
#include "tests/data_folder.h"
#include "tests/support.h"

namespace modescope {

namespace {

using namespace std::chrono_literals;

/// Far longer than any wait of these tests takes.
constexpr auto long_enough = 60s;
constexpr std::int64_t endless = 1'000'000'000;

std::vector<LogRow> all_rows(const Run& run) {
    std::size_t cursor = 0;
    return run.log_since(cursor);
}

/// One of the pictures of a grid, which shows each at twice its size.
Image picture_in(const Image& grid, int side, int column, int row) {
    const int pitch = 2 * side + 2;
    Image picture(side, side, 3);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            for (int c = 0; c < 3; ++c)
                picture.at(x, y, c) = grid.at(column * pitch + 2 * x + 1, row * pitch + 2 * y + 1, c);
    return picture;
}

/// Rows of steps; the others hold scores.
std::vector<LogRow> step_rows(const Run& run) {
    auto rows = all_rows(run);
    std::erase_if(rows, [](const LogRow& row) { return row.values.empty(); });
    return rows;
}

void run_until(Run& run, std::int64_t step) {
    run.run_to(step);
    run.wait(long_enough);
}

/// Blocks until the run has begun to train.
void await_first_row(const Run& run) {
    QElapsedTimer timer;
    timer.start();
    while (step_rows(run).empty() && timer.elapsed() < 60'000) run.wait(1ms);
}

struct Folder {
    QTemporaryDir parent;
    std::string path = parent.filePath("run").toStdString();
    std::string file(const std::string& name) const { return path + "/" + name; }
};

/// Trains a directory run to `step` and ends it there.
void train_directory(const RunOptions& options, const Spec& spec, std::int64_t step) {
    Run run(spec, options);
    run_until(run, step);
    run.finish();
    run.wait(long_enough);
}

/// Replaces the directory's checkpoint by one whose next step overflows.
void make_diverge(const Folder& folder) {
    auto checkpoint = read_checkpoint(folder.file("checkpoint.safetensors"));
    checkpoint.tensors.at("generator.trunk.layers.last.weight").fill_(3e38);
    write_checkpoint(folder.file("checkpoint.safetensors"), checkpoint);
}

std::vector<std::vector<std::pair<std::string, double>>> values(const Run& run) {
    std::vector<std::vector<std::pair<std::string, double>>> list;
    for (const auto& row : step_rows(run)) list.push_back(row.values);
    return list;
}

}  // namespace

class RunTest : public QObject {
    Q_OBJECT

private slots:
    void a_new_run_waits() {
        const Run run(tiny_toy("gan"), {});
        QVERIFY(!run.wait(long_enough));
        QCOMPARE(run.status().state, RunState::ready);
        QCOMPARE(run.status().progress.step, 0);
        QVERIFY(step_rows(run).empty());
    }

    void trains_to_exactly_that_step() {
        Run run(tiny_toy("gan"), {});
        for (const std::int64_t target : {1, 5, 5, 12}) {
            run_until(run, target);
            QCOMPARE(run.status().progress.step, target);
            QCOMPARE(run.status().state, RunState::paused);
            QCOMPARE(std::ssize(step_rows(run)), target);
        }
    }

    /// With G alone in most steps, those whose rows are written may all be without D.
    void the_log_has_d_s_loss_whenever_d_trains() {
        const Folder folder;
        auto spec = tiny_toy("gan");
        spec.training.generator_steps = 5;
        train_directory({.directory = folder.path}, spec, 20);
        const auto record = read_run(folder.path);
        QCOMPARE(record.log.size(), 2);
        for (const auto& row : record.log)
            QVERIFY(std::ranges::count(row.values, "d", &std::pair<std::string, double>::first) == 1);
    }

    void trains_the_predictor_before_the_first_step() {
        Run run(tiny_toy("gan+pmr2"), {});
        run_until(run, 3);
        const auto rows = step_rows(run);
        QCOMPARE(rows.size(), std::size_t(4 + 3));
        for (std::size_t i = 0; i < rows.size(); ++i) QCOMPARE(rows[i].predictor, i < 4);
        QVERIFY(run.status().progress.predictor_ready);
    }

    void the_share_done_counts_work_and_not_steps() {
        auto spec = preset_spec("faces-inpaint-64");
        const auto steps = spec.training.steps, of_predictor = spec.training.predictor_steps;
        QCOMPARE(share_done(spec, {0, 0, false}), 0.);
        QCOMPARE(share_done(spec, {steps, of_predictor, true}), 1.);
        const auto half = share_done(spec, {0, of_predictor, true});
        QVERIFY(half < 0.4 * of_predictor / (steps + of_predictor));
        spec.objective.samples *= 4;
        QVERIFY(share_done(spec, {0, of_predictor, true}) < half);
        set_objective(spec, "gan");
        QCOMPARE(share_done(spec, {steps / 4, 0, true}), 0.25);
    }

    void pausing_stops_between_two_steps() {
        Run run(tiny_toy("gan"), {});
        run.run_to(endless);
        await_first_row(run);
        QCOMPARE(run.status().state, RunState::training);
        run.pause();
        run.wait(long_enough);
        const auto paused_at = run.status().progress.step;
        QVERIFY(paused_at > 0);
        QCOMPARE(run.status().state, RunState::paused);
        QCOMPARE(step_rows(run).back().step, paused_at);
        run_until(run, paused_at + 2);
        QCOMPARE(run.status().progress.step, paused_at + 2);
        QCOMPARE(std::ssize(step_rows(run)), paused_at + 2);
    }

    void one_press_is_one_step() {
        Run run(tiny_toy("gan"), {});
        for (const auto kind : {StepKind::both, StepKind::generator, StepKind::discriminator})
            run.step_once(kind);
        run.wait(long_enough);
        const auto rows = step_rows(run);
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(rows[0].values.front().first, std::string("d"));
        QCOMPARE(rows[1].values.front().first, std::string("gan"));
        QCOMPARE(rows[2].values.size(), std::size_t(1));
        QCOMPARE(run.status().progress.step, 2);
    }

    void runs_side_by_side_do_not_disturb_each_other() {
        const auto spec = tiny_toy("gan+mr1");
        Run alone(spec, {});
        run_until(alone, 20);
        Run first(spec, {}), second(spec, {}), third(tiny_toy("gan+pmr2"), {});
        for (auto* run : {&first, &second, &third}) run->run_to(20);
        for (auto* run : {&first, &second, &third}) run->wait(long_enough);
        QVERIFY(values(first) == values(alone));
        QVERIFY(values(second) == values(alone));
        QCOMPARE(third.status().progress.step, 20);
    }

    void the_log_is_read_piece_by_piece() {
        Run run(tiny_toy("gan"), {});
        std::size_t cursor = 0;
        std::vector<std::int64_t> steps;
        for (const std::int64_t target : {4, 4, 9}) {
            run_until(run, target);
            for (const auto& row : run.log_since(cursor))
                if (!row.values.empty()) steps.push_back(row.step);
        }
        QCOMPARE(steps, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
        QVERIFY(run.log_since(cursor).empty());
        QCOMPARE(cursor, all_rows(run).size());
    }

    void a_view_shows_where_the_run_stopped() {
        Run run(tiny_toy("gan+pmr2"), {});
        run_until(run, 7);
        const auto view = run.view();
        QVERIFY(view);
        QCOMPARE(view->step, 7);
        QVERIFY(!view->samples.empty() && !view->sample_moments.empty());
        QVERIFY(!view->predictor.empty() && !view->discriminator.empty());
        QVERIFY(view->score.w1 > 0);
        QCOMPARE(all_rows(run).back().score->w1, view->score.w1);
    }

    void a_view_without_d_and_p_has_no_surface_and_no_band() {
        Run run(tiny_toy("l2"), {});
        run_until(run, 2);
        QVERIFY(run.view()->predictor.empty() && run.view()->discriminator.empty());
    }

    void an_unobserved_run_has_no_view() {
        Run run(tiny_toy("l2"), {.observe = false});
        run_until(run, 2);
        QVERIFY(!run.view());
    }

    void observing_does_not_change_the_training() {
        const auto spec = tiny_toy("gan+mr2");
        Run seen(spec, {}), unseen(spec, {.observe = false});
        for (std::int64_t step = 1; step <= 5; ++step) run_until(seen, step);
        run_until(unseen, 5);
        QVERIFY(values(seen) == values(unseen));
    }

    void live_fields_change_between_steps() {
        Run run(tiny_toy("gan+l1"), {});
        run_until(run, 2);
        run.retune("objective.l1", 5.0);
        run.wait(long_enough);
        QCOMPARE(run.spec().objective.label(), std::string("GAN + 5·ℓ₁"));
        QVERIFY(run.status().message.empty());
        run.retune("training.batch", std::int64_t{4});
        run.wait(long_enough);
        QVERIFY(says(run.status().message, "training.batch"));
        QCOMPARE(run.spec().training.batch, 16);
        run_until(run, 4);
        QCOMPARE(run.status().progress.step, 4);
    }

    void a_finished_run_trains_no_more() {
        Run run(tiny_toy("gan"), {});
        run_until(run, 3);
        run.finish();
        QVERIFY(run.wait(long_enough));
        QCOMPARE(run.status().state, RunState::finished);
        run.step_once(StepKind::both);
        run.run_to(10);
        // Commands are done in order: this one comes after the step.
        run.retune("objective.gan", 2.0);
        while (run.spec().objective.weight(Term::gan) != 2) run.wait(1ms);
        QCOMPARE(run.status().progress.step, 3);
        QCOMPARE(run.status().state, RunState::finished);
    }

    void destroying_a_training_run_returns() {
        QElapsedTimer timer;
        {
            Run run(tiny_toy("gan"), {}), street(tiny_street("gan"), {});
            for (auto* each : {&run, &street}) each->run_to(endless);
            for (auto* each : {&run, &street}) await_first_row(*each);
            timer.start();
        }
        QVERIFY(timer.elapsed() < 20'000);
    }

    void an_invalid_spec_is_refused_at_once() {
        QVERIFY(says(error_of([] { Run(Spec{}, {}); }), "no term"));
    }

    void a_directory_holds_spec_log_checkpoint_model_and_grid() {
        const Folder folder;
        auto spec = tiny_street("gan+pmr2");
        set_field(spec, "training.steps=10");
        Run run(spec, {.directory = folder.path});
        run_until(run, 10);
        QCOMPARE(run.status().state, RunState::finished);
        QVERIFY(to_json(spec_from_json(nlohmann::json::parse(read_file(folder.file("spec.json"))))) ==
                to_json(spec));
        QVERIFY(says(read_file(folder.file("log.jsonl")), "\"phase\":\"generator\""));
        QCOMPARE(Trainer(read_checkpoint(folder.file("checkpoint.safetensors"))).progress().step, 10);
        QVERIFY(read_checkpoint(folder.file("model.safetensors")).provenance["step"] == 10);
        QVERIFY(QFileInfo(QString::fromStdString(folder.file("grids/0000010.png"))).size() > 0);
    }

    void data_that_goes_away_costs_no_step() {
        const DataFolder data;
        for (const std::string split : {"train/", "val/"})
            for (const std::string name : {"1.png", "2.png", "3.png"})
                data.write(split + name, flat(32, 32, {200, 0, 0}));
        auto spec = tiny_street("gan");
        for (const auto& setting : {std::string("data.task=inpainting"), std::string("data.hole_least=8"),
                                    std::string("data.hole_most=12"), std::string("data.hole_box=16"),
                                    std::string("data.source=folder"), "data.folder=" + data.path()})
            set_field(spec, setting);
        const Folder folder;
        Run run(spec, {.directory = folder.path});
        const auto disk = QString::fromStdString(data.path("train"));
        QVERIFY(QDir().rename(disk, disk + " away"));
        run_until(run, endless);
        QCOMPARE(run.status().state, RunState::failed);
        QVERIFY(says(run.status().message, "cannot be read now"));
        QVERIFY(QDir().rename(disk + " away", disk));
        QCOMPARE(Trainer(read_checkpoint(folder.file("checkpoint.safetensors"))).progress().step, 0);
        train_directory({.directory = folder.path, .resume = true}, {}, 2);
        QCOMPARE(Trainer(read_checkpoint(folder.file("checkpoint.safetensors"))).progress().step, 2);
    }

    void a_record_says_what_the_directory_holds() {
        const Folder folder;
        auto spec = tiny_street("gan+pmr2");
        set_field(spec, "training.steps=20");
        Run run(spec, {.directory = folder.path});
        run_until(run, 20);
        write_file(folder.file("log.jsonl"), read_file(folder.file("log.jsonl")) + "{\"step\":30,\n");
        const auto record = read_run(folder.path);
        QVERIFY(to_json(record.spec) == to_json(spec));
        QCOMPARE(record.progress.step, 20);
        QVERIFY(record.progress.predictor_ready);
        QCOMPARE(record.grids.size(), 1u);
        QCOMPARE(record.grids.front().step, 20);
        const auto& last = record.log.back();
        QCOMPARE(last.values.front().first, std::string("spread"));
        // What the run itself tells is the same.
        std::size_t cursor = 0;
        QCOMPARE(run.log_since(cursor).back().values, last.values);
    }

    void what_the_predictor_says_is_drawn_while_it_learns() {
        const Folder folder;
        const auto spec = tiny_street("gan+pmr2");
        Trainer trainer(spec);
        RunDirectory directory(folder.path, spec, false);
        trainer.step(StepKind::both);
        const auto before = trainer.checkpoint();
        directory.save(trainer);
        const auto row = directory.show(trainer);
        QCOMPARE(first_difference(before, trainer.checkpoint()), std::string());
        QVERIFY(row.predictor);
        while (!trainer.progress().predictor_ready) trainer.step(StepKind::both);
        directory.save(trainer);
        directory.show(trainer);
        const auto grids = grids_of(folder.path);
        QCOMPARE(grids.size(), 2u);
        QVERIFY(grids[0].predictor && grids[0].step == 1);
        QVERIFY(!grids[1].predictor && grids[1].step == 0);
        const auto grid = read_image(grids[0].path);
        double sum = 0;
        for (int i = 0; i < 6; ++i) {
            const auto deviation = picture_in(grid, static_cast<int>(spec.data.size), 4 * (i % 2) + 3, i / 2);
            for (const auto value : deviation.data)
                sum += value / 255.0 / static_cast<double>(deviation.data.size()) / 6;
        }
        // White is a half, the greatest there can be of 0 … 1.
        QCOMPARE(row.values.front().first, std::string("sigma"));
        QVERIFY2(std::abs(row.values.front().second - sum / 2) < 1.0 / 255, qPrintable(QString::number(sum)));
    }

    void samples_spread_as_far_as_the_grid_shows() {
        const Folder folder;
        auto spec = tiny_street("gan+pmr2");
        set_field(spec, "training.steps=10");
        train_directory({.directory = folder.path}, spec, 10);
        const auto grid = read_image(folder.file("grids/0000010.png"));
        const int side = static_cast<int>(spec.data.size);
        double sum = 0;
        for (int row = 0; row < 6; ++row) {
            std::vector<Image> samples;
            for (int column = 2; column < 10; ++column)
                samples.push_back(picture_in(grid, side, column, row));
            const auto deviation = sample_moments(samples).deviation;
            for (const float value : deviation.data)
                sum += value / static_cast<double>(deviation.data.size()) / 6;
        }
        const double told = read_run(folder.path).log.back().values.front().second;
        // The grid has whole numbers of 255.
        QVERIFY2(std::abs(told - sum) < 1.0 / 255, qPrintable(QString("%1 and %2").arg(told).arg(sum)));
        QVERIFY(told > 0);
    }

    void runs_in_a_folder_are_found() {
        const Folder folder;
        QVERIFY(find_runs(folder.path).empty());
        train_directory({.directory = folder.file("a")}, tiny_toy("gan"), 2);
        train_directory({.directory = folder.file("b")}, tiny_toy("gan"), 2);
        std::filesystem::create_directories(folder.file("no run"));
        auto found = find_runs(folder.path);
        std::ranges::sort(found);
        QCOMPARE(found, (std::vector<std::string>{folder.file("a"), folder.file("b")}));
        const auto message = error_of([&] { (void)read_run(folder.file("no run")); });
        QVERIFY2(says(message, folder.file("no run")), message.c_str());
    }

    void every_line_of_the_log_file_is_a_step() {
        const Folder folder;
        auto spec = tiny_toy("gan");
        set_field(spec, "training.steps=20");
        train_directory({.directory = folder.path}, spec, 20);
        std::vector<std::int64_t> steps;
        std::istringstream lines(read_file(folder.file("log.jsonl")));
        for (std::string line; std::getline(lines, line);)
            steps.push_back(nlohmann::json::parse(line)["step"]);
        QCOMPARE(steps, (std::vector<std::int64_t>{10, 20}));
    }

    void a_directory_is_never_overwritten() {
        const Folder folder;
        train_directory({.directory = folder.path}, tiny_toy("gan"), 2);
        const auto before = read_file(folder.file("checkpoint.safetensors"));
        const auto message = error_of([&] { Run(tiny_toy("l1"), {.directory = folder.path}); });
        QVERIFY2(says(message, folder.path), message.c_str());
        QVERIFY(read_file(folder.file("checkpoint.safetensors")) == before);
        QVERIFY(to_json(tiny_toy("gan")) == nlohmann::json::parse(read_file(folder.file("spec.json"))));
    }

    void a_directory_without_a_run_cannot_be_resumed() {
        const Folder folder;
        const auto message = error_of([&] { Run({}, {.directory = folder.path, .resume = true}); });
        QVERIFY2(says(message, folder.path), message.c_str());
        QVERIFY(!QFileInfo::exists(QString::fromStdString(folder.path)));
    }

    void a_run_that_trains_cannot_be_resumed_by_another() {
        const Folder folder;
        const auto resume = [&] { Run({}, {.directory = folder.path, .resume = true}); };
        {
            Run run(tiny_toy("gan"), {.directory = folder.path});
            run_until(run, 2);
            QVERIFY2(says(error_of(resume), folder.path), error_of(resume).c_str());
            run.finish();
            run.wait(long_enough);
            QCOMPARE(error_of(resume), std::string());  // it is over
        }
        train_directory({.directory = folder.path, .resume = true}, {}, 4);
        QCOMPARE(read_checkpoint(folder.file("checkpoint.safetensors")).steps(), 4);
    }

    void a_checkpoint_is_not_read_while_another_trains() {
        const Folder folder;
        train_directory({.directory = folder.path}, tiny_toy("gan"), 2);
        write_file(folder.file("checkpoint.safetensors"), "what another is writing");
        const FolderLock of_another(folder.path);
        const auto message = error_of([&] { Run({}, {.directory = folder.path, .resume = true}); });
        QVERIFY2(says(message, "in use"), message.c_str());
    }

    void a_damaged_checkpoint_cannot_be_resumed() {
        const Folder folder;
        train_directory({.directory = folder.path}, tiny_toy("gan"), 2);
        write_file(folder.file("checkpoint.safetensors"), "nonsense");
        QVERIFY(says(error_of([&] { Run({}, {.directory = folder.path, .resume = true}); }),
                     folder.file("checkpoint.safetensors")));
    }

    void a_run_stopped_before_its_first_checkpoint_starts_again() {
        const Folder whole, parts;
        const auto spec = tiny_toy("gan+pmr2");
        train_directory({.directory = whole.path}, spec, 4);
        { const Run begun(spec, {.directory = parts.path}); }
        QVERIFY(!QFileInfo::exists(QString::fromStdString(parts.file("checkpoint.safetensors"))));
        QVERIFY(!Run({}, {.directory = parts.path, .resume = true}).status().saved);
        train_directory({.directory = parts.path, .resume = true}, {}, 4);
        QVERIFY(read_file(parts.file("checkpoint.safetensors")) ==
                read_file(whole.file("checkpoint.safetensors")));
    }

    void a_started_run_begins_with_the_weights_of_the_model() {
        const Folder model, started;
        const auto spec = tiny_street("gan+pmr2");
        train_directory({.directory = model.path}, spec, 4);
        const auto file = model.file("model.safetensors");
        { const Run begun(spec, {.directory = started.path, .start = file}); }
        const auto before = read_checkpoint(file), after = read_checkpoint(started.file("model.safetensors"));
        for (const auto& [name, tensor] : before.tensors)
            if (name.starts_with("average.")) QVERIFY2(after.at(name).equal(tensor), name.c_str());
        QVERIFY(after.provenance["started_from"] == before.provenance);
    }

    void a_started_run_trains_on_and_remembers_its_start_when_resumed() {
        const Folder model, started;
        const auto spec = tiny_street("gan+pmr2");
        train_directory({.directory = model.path}, spec, 4);
        train_directory({.directory = started.path, .start = model.file("model.safetensors")}, spec, 2);
        train_directory({.directory = started.path, .resume = true}, {}, 4);
        const auto trained = read_checkpoint(started.file("model.safetensors"));
        QVERIFY(trained.provenance["started_from"]["step"] == 4);
        QCOMPARE(trained.steps(), 8);
    }

    void a_start_brings_its_networks_and_not_its_discriminator() {
        const Folder model;
        auto spec = tiny_street("gan");
        set_field(spec, "network.modulation=5");
        set_field(spec, "network.discriminator_features=3");
        train_directory({.directory = model.path}, spec, 1);
        const auto usual = preset_spec("street-64");
        const auto started = preset_to_start("street-64", model.file("model.safetensors"));
        QCOMPARE(started.network.modulation, 5);
        QCOMPARE(started.network.features, spec.network.features);
        QCOMPARE(started.network.discriminator_features, usual.network.discriminator_features);
        QVERIFY(to_json(started)["training"] == to_json(usual)["training"]);
        QVERIFY(to_json(preset_to_start("street-64", "")) == to_json(usual));
        const auto other = preset_to_start("toy", model.file("model.safetensors"));
        QVERIFY(to_json(other) == to_json(preset_spec("toy")));
    }

    void a_model_of_other_networks_is_no_start() {
        const Folder model, started;
        train_directory({.directory = model.path}, tiny_street("gan"), 1);
        auto spec = tiny_street("gan");
        set_field(spec, "network.features=8");
        const auto file = model.file("model.safetensors");
        const auto message = error_of([&] { Run(spec, {.directory = started.path, .start = file}); });
        QVERIFY2(says(message, file) && says(message, "tensor"), message.c_str());
        QVERIFY(!QFileInfo::exists(QString::fromStdString(started.path)));
    }

    void a_damaged_spec_cannot_be_resumed() {
        const Folder folder;
        { const Run begun(tiny_toy("gan"), {.directory = folder.path}); }
        write_file(folder.file("spec.json"), "nonsense");
        QVERIFY(says(error_of([&] { Run({}, {.directory = folder.path, .resume = true}); }),
                     folder.file("spec.json")));
    }

    void resumed_directory_equals_uninterrupted_data() {
        QTest::addColumn<bool>("toy");
        QTest::newRow("toy") << true;
        QTest::newRow("street") << false;
    }

    void resumed_directory_equals_uninterrupted() {
        QFETCH(bool, toy);
        auto spec = toy ? tiny_toy("gan+pmr2") : tiny_street("gan+pmr2");
        set_field(spec, "training.steps=8");
        const Folder whole, parts;
        train_directory({.directory = whole.path}, spec, 8);
        train_directory({.directory = parts.path}, spec, 3);
        train_directory({.directory = parts.path, .resume = true}, {}, 6);
        train_directory({.directory = parts.path, .resume = true}, {}, 8);
        for (const char* file : {"checkpoint.safetensors", "model.safetensors", "spec.json"})
            QVERIFY2(read_file(parts.file(file)) == read_file(whole.file(file)), file);
    }

    void a_diverged_run_says_so_and_keeps_its_last_good_state() {
        const Folder folder;
        train_directory({.directory = folder.path}, tiny_toy("l2"), 2);
        make_diverge(folder);
        Run run({}, {.directory = folder.path, .resume = true});
        run.run_to(10);
        QVERIFY(run.wait(long_enough));
        QCOMPARE(run.status().state, RunState::diverged);
        QVERIFY2(says(run.status().message, "step 2"), run.status().message.c_str());
        QCOMPARE(run.status().progress.step, 2);
        QCOMPARE(Trainer(read_checkpoint(folder.file("checkpoint.safetensors"))).progress().step, 2);
        QVERIFY(run.status().saved && run.status().saved->step == 2);
    }

    void a_diverged_run_leaves_others_alone() {
        const Folder folder;
        train_directory({.directory = folder.path}, tiny_toy("l2"), 2);
        make_diverge(folder);
        Run bad({}, {.directory = folder.path, .resume = true}), good(tiny_toy("l2"), {});
        bad.run_to(10);
        run_until(good, 10);
        QVERIFY(bad.wait(long_enough));
        QCOMPARE(good.status().progress.step, 10);
        QCOMPARE(good.status().state, RunState::paused);
    }

    void a_run_that_cannot_save_fails_with_the_path() {
        const Folder folder;
        Run run(tiny_toy("gan"), {.directory = folder.path});
        run_until(run, 2);
        QVERIFY(QDir(QString::fromStdString(folder.path)).removeRecursively());
        run.finish();
        QVERIFY(run.wait(long_enough));
        QCOMPARE(run.status().state, RunState::failed);
        QVERIFY2(says(run.status().message, folder.path), run.status().message.c_str());
        QVERIFY(!run.status().saved && !run.status().internal);
    }
};

std::unique_ptr<QObject> run_test() { return std::make_unique<RunTest>(); }

}  // namespace modescope

#include "run_test.moc"
