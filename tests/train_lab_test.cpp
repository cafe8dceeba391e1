// The Train page by real mouse and key events: trainings that start, stop, go on, are saved and followed.
#include "app/labs/train/train_lab.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QSlider>

#include "app/labs/train/train_view.h"
#include "core/base/file.h"
#include "core/base/folder_lock.h"
#include "core/sampling/sampler.h"
#include "tests/train_lab_page.h"
#include "widgets/picture_view.h"

using namespace modescope;

class TrainLabTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QSettings().clear(); }

    void a_training_starts_draws_and_finishes() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan+pmr2"), "mine");
        QCOMPARE(page.list().count(), 1);
        QVERIFY(page.wait_for_state(RunState::finished));
        QCOMPARE(page.run().status.progress.step, 30);
        QTRY_VERIFY(!page.find<PictureView>("train_samples").picture().isNull());
        QCOMPARE(Sampler::load(folder.filePath("mine/model.safetensors").toStdString())->steps(), 30);
        QVERIFY(!page.find<QPushButton>("train_toggle").isVisible());
        // Its curves have what the log has.
        auto& quantity = page.find<QComboBox>("train_right");
        QVERIFY(quantity.findData("pmr2") >= 0);
        QVERIFY(quantity.findData("l1") < 0);
    }

    void while_the_predictor_learns_it_is_shown_and_G_is_not_offered() {
        const QTemporaryDir folder;
        Page page(folder.path());
        auto plan = tiny("gan+pmr2");
        plan.set("training.predictor_steps", "100000");
        page.start(plan);
        QVERIFY(QTest::qWaitFor([&] { return page.run().status.progress.predictor_step >= 20; }, patience));
        page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::paused));
        QTRY_VERIFY(page.find<QLabel>("train_caption").text().startsWith("predictor step"));
        QVERIFY(page.find<QLabel>("train_legend").text().contains("standard deviation"));
        QCOMPARE(page.find<QComboBox>("train_left").currentData().toString(), QString("validation"));
        QCOMPARE(page.find<QComboBox>("train_right").currentData().toString(), QString("predictor"));
        QVERIFY(!page.find<QAction>("train.paint").isEnabled());
    }

    void stopping_saves_and_going_on_continues() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "100000"));
        QVERIFY(page.wait_for_step(5));
        page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::paused));
        const auto stopped_at = page.run().status.progress.step;
        QCOMPARE(page.find<QPushButton>("train_toggle").text(), QString("Go on"));
        page.click("train_toggle");
        QVERIFY(page.wait_for_step(stopped_at + 3));
        page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::paused));
        // Two saves, two pictures under the slider.
        auto& slider = page.find<QSlider>("train_step");
        QTRY_VERIFY(slider.maximum() >= 1);
        QCOMPARE(slider.value(), slider.maximum());
        page.key(Qt::Key_Comma);
        QCOMPARE(slider.value(), slider.maximum() - 1);
    }

    void closing_the_program_saves_what_trains() {
        const QTemporaryDir folder;
        std::int64_t seen = 0;
        {
            Page page(folder.path());
            page.start(tiny("gan", "100000"), "long");
            QVERIFY(page.wait_for_step(5));
            seen = page.run().status.progress.step;
        }
        Page page(folder.path());
        QCOMPARE(page.list().count(), 1);
        QCOMPARE(page.run().status.state, RunState::paused);
        page.click("train_toggle");
        QVERIFY(page.wait_for_step(seen + 1));
        page.click("train_toggle");
        QVERIFY(page.wait_for_state(RunState::paused));
    }

    void a_trained_model_is_offered_to_other_pages() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        const QSignalSpy paint(page.lab.get(), &TrainLab::paint_requested);
        const QSignalSpy compare(page.lab.get(), &TrainLab::compare_requested);
        page.key(Qt::Key_P);
        page.key(Qt::Key_C);
        QCOMPARE(paint.count(), 1);
        QCOMPARE(paint.first().first().toString(), folder.filePath("mine/model.safetensors"));
        QCOMPARE(compare.count(), 1);
    }

    /// A log of every tenth step ends before the last one.
    void a_training_that_was_at_its_end_ends_when_it_goes_on() {
        const QTemporaryDir folder;
        auto spec = preset_spec("toy");
        for (const char* setting : {"training.steps=13", "training.batch=8", "training.conditions=8"})
            set_field(spec, setting);
        spec.objective = parse_objective("gan");
        {
            Run run(spec, {.directory = folder.filePath("mine").toStdString()});
            run.run_to(13);
            run.wait(std::chrono::seconds(60));
        }
        Page page(folder.path());
        if (page.run().status.state != RunState::finished) page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::finished));
    }

    void a_toy_is_not_trained_further_here() {
        const QTemporaryDir folder;
        auto spec = preset_spec("toy");
        set_field(spec, "training.steps=10");
        {
            Run run(spec, {.directory = folder.filePath("mine").toStdString()});
            run.run_to(10);
            run.wait(std::chrono::seconds(60));
        }
        Page page(folder.path());
        QTRY_COMPARE(page.list().count(), 1);
        page.key(Qt::Key_F);
        QVERIFY(!page.form().isVisible());
        page.click("train_new");
        QVERIFY(page.form().isVisible());
    }

    void a_click_on_a_training_leaves_the_form() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        page.click("train_new");
        QVERIFY(page.form().isVisible());
        auto& list = page.list();
        const QRect row = list.visualItemRect(list.item(0));
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, row.topLeft() + QPoint(40, 12));
        QVERIFY(!page.form().isVisible());
        QVERIFY(page.find<PictureView>("train_samples").isVisible());
    }

    void a_tick_draws_the_curves_of_another_training() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "30"), "first");
        QVERIFY(page.wait_for_state(RunState::finished));
        page.start(tiny("gan+l1", "30"), "second");
        QVERIFY(page.wait_for_state(RunState::finished));
        auto& quantity = page.find<QComboBox>("train_right");
        auto& list = page.list();
        list.setCurrentRow(1);  // the first
        QVERIFY(quantity.findData("l1") < 0);
        const QRect row = list.visualItemRect(list.item(0));
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, QPoint(row.right() - 16, row.top() + 18));
        QCOMPARE(list.item(0)->checkState(), Qt::Checked);
        list.setCurrentRow(1);
        QVERIFY(quantity.findData("l1") >= 0);
    }

    void delete_moves_to_the_trash() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        page.key(Qt::Key_Delete);
        QCOMPARE(page.list().count(), 0);
        QVERIFY(!QFile::exists(folder.filePath("mine")));
        QVERIFY(page.lab->isAncestorOf(QApplication::focusWidget()));
        QTest::mouseClick(page.strip().findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(page.list().count(), 1, patience);
        QVERIFY(QFile::exists(folder.filePath("mine/model.safetensors")));
        QCOMPARE(page.run().status.progress.step, 3);
    }

    void what_another_program_trains_is_left_alone() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        page.lab->runs().watch(false);  // it has not been seen yet
        const FolderLock of_another(folder.filePath("mine").toStdString());
        page.key(Qt::Key_Delete);
        QVERIFY2(page.strip().text().contains("in use already"), qPrintable(page.strip().text()));
        QCOMPARE(page.list().count(), 1);
        QVERIFY(QFile::exists(folder.filePath("mine/model.safetensors")));
    }

    void what_another_program_trains_is_followed() {
        const QTemporaryDir folder;
        Page page(folder.path());
        // A run that the page did not start: its folder is locked as by another program.
        auto spec = tiny("gan+l1", "400").spec();
        Run another(spec, {.directory = folder.filePath("theirs").toStdString()});
        another.run_to(20);
        const auto& runs = page.lab->runs().runs();
        QTRY_VERIFY_WITH_TIMEOUT(!runs.empty() && page.run().status.progress.step == 20, patience);
        QVERIFY(page.run().trains());
        page.list().setCurrentRow(0);
        for (const char* button : {"train_toggle", "train.remove.button"})
            QVERIFY(!page.lab->findChild<QAbstractButton*>(button)->isEnabled());
        another.run_to(60);
        QTRY_VERIFY_WITH_TIMEOUT(page.run().status.progress.step == 60, patience);
        QVERIFY(page.run().status.ms_per_step > 0);
        another.finish();
        QVERIFY(page.wait_for_state(RunState::paused));
        page.click("train_toggle");
        QVERIFY(page.wait_for_step(63));
        QVERIFY(!page.run().elsewhere);
        page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::paused));
    }

    void a_shown_run_may_become_unreadable() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        write_file(folder.filePath("mine/spec.json").toStdString(), "{]");
        QTRY_VERIFY_WITH_TIMEOUT(page.run().problem.contains("spec.json"), patience);
        page.lab->findChild<TrainView*>()->recolour();
        QVERIFY(QDir(folder.filePath("mine")).removeRecursively());
        QTRY_COMPARE_WITH_TIMEOUT(page.list().count(), 0, patience);
    }

    void a_folder_taken_away_leaves_the_list() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        QVERIFY(QDir(folder.filePath("mine")).removeRecursively());
        QTRY_COMPARE_WITH_TIMEOUT(page.list().count(), 0, patience);
    }

    void going_on_is_refused_while_another_program_trains() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "100000"), "mine");
        QVERIFY(page.wait_for_step(5));
        page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::paused));
        page.lab->runs().watch(false);  // it has not been seen yet
        {
            const FolderLock of_another(folder.filePath("mine").toStdString());
            page.click("train_toggle");
            QTRY_VERIFY_WITH_TIMEOUT(page.strip().text().contains("in use already"), patience);
            QCOMPARE(page.run().status.state, RunState::paused);
        }
        page.click("train_toggle");
        QVERIFY(page.wait_for_step(page.run().status.progress.step + 3));
        page.key(Qt::Key_T);
        QVERIFY(page.wait_for_state(RunState::paused));
    }

    void a_damaged_run_is_listed_with_its_problem() {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir("broken"));
        write_file(folder.filePath("broken/spec.json").toStdString(), "{]");
        Page page(folder.path());
        QCOMPARE(page.list().count(), 1);
        QVERIFY2(page.run().problem.contains("spec.json"), qPrintable(page.run().problem));
        QVERIFY(!page.find<QPushButton>("train_toggle").isVisible());
    }

    void samples_that_look_alike_are_an_alarm() {
        TrainRun run;
        run.record.spec = tiny("gan+l1").spec();
        run.record.spec.training.steps = 1000;
        run.status.progress.step = 200;
        QVERIFY(!ignores_noise(run));
        run.record.log.push_back({.step = 200, .values = {{spread_of_samples, 0.2}}});
        QVERIFY(!ignores_noise(run));
        run.record.log.push_back({.step = 200, .values = {{spread_of_samples, 0.004}}});
        QVERIFY(ignores_noise(run));
        run.record.spec.training.steps = 10'000;  // too early to say
        QVERIFY(!ignores_noise(run));
        run.record.spec.training.steps = 12;  // too short to say
        run.status.progress.step = 12;
        QVERIFY(!ignores_noise(run));
    }
};

int main(int argc, char** argv) { return run_gui_test<TrainLabTest>(argc, argv, "train_lab_test"); }

#include "train_lab_test.moc"
