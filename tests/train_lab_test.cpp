// The Train page by real mouse and key events: the form, trainings that start, stop, go on and are saved.
#include "app/labs/train/train_lab.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include "app/labs/train/train_form.h"
#include "app/labs/train/train_view.h"
#include "core/base/file.h"
#include "core/base/folder_lock.h"
#include "core/base/picture_file.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sampler.h"
#include "tests/gui_test.h"
#include "widgets/message_strip.h"
#include "widgets/picture_view.h"

using namespace modescope;

namespace {

/// Trains in a moment and draws rubbish.
TrainPlan tiny(const std::string& objective = "gan", const std::string& steps = "30") {
    TrainPlan plan{.preset = "street-64", .objective = objective};
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, std::string>>{{"data.size", "32"},
                                                          {"network.downs", "4"},
                                                          {"network.features", "4"},
                                                          {"network.widest", "2"},
                                                          {"network.noise_channels", "4"},
                                                          {"network.discriminator_features", "4"},
                                                          {"network.discriminator_layers", "2"},
                                                          {"training.predictor_steps", "2"},
                                                          {"training.batch", "2"},
                                                          {"training.conditions", "2"},
                                                          {"training.steps", steps}})
        plan.set(key, value);
    return plan;
}

/// A shown page whose trainings are kept in a folder of the test.
struct Page {
    explicit Page(const QString& folder) {
        QSettings().setValue("train/folder", folder);
        lab = std::make_unique<TrainLab>();
        QSignalSpy listed(&lab->runs(), &TrainRuns::listed);
        lab->resize(1300, 860);
        lab->show();
        lab->activateWindow();
        (void)QTest::qWaitForWindowActive(lab.get());
        // What lies in the folder is read in the background.
        if (!listed.count() && !listed.wait(patience)) qFatal("no list");
    }

    template <class T>
    T& find(const char* name) {
        T* widget = lab->findChild<T*>(name);
        if (!widget) qFatal("There is no %s", name);
        return *widget;
    }
    TrainForm& form() { return *lab->findChild<TrainForm*>(); }
    QListWidget& list() { return find<QListWidget>("train_list"); }
    const TrainRun& run(int index = 0) { return lab->runs().runs()[index]; }
    void click(const char* name) { QTest::mouseClick(&find<QPushButton>(name), Qt::LeftButton); }
    /// What the list of all settings says of a key.
    QString setting(const char* key) {
        const auto& table = find<QTableWidget>("train_settings");
        for (int row = 0; row < table.rowCount(); ++row)
            if (table.item(row, 1)->data(Qt::UserRole).toString() == key) return table.item(row, 1)->text();
        return {};
    }
    void start(const TrainPlan& plan, const QString& name = {}) {
        click("train_new");
        form().set_plan(plan);
        auto& edit = find<QLineEdit>("train_name");
        edit.clear();
        QTest::keyClicks(&edit, name);
        click("train_start");
    }
    bool wait_for_state(RunState state) {
        return QTest::qWaitFor([&] { return run().status.state == state; }, patience);
    }
    bool wait_for_step(std::int64_t step) {
        return QTest::qWaitFor([&] { return run().status.progress.step >= step; }, patience);
    }
    void key(Qt::Key key) { QTest::keyClick(&list(), key); }
    QString problem() { return find<QLabel>("train_problem").text(); }
    MessageStrip& strip() { return *lab->findChild<MessageStrip*>(); }

    std::unique_ptr<TrainLab> lab;
};

/// Aligned pairs of 32 × 16, and one file that is no picture.
void make_pairs(const QString& folder) {
    for (const char* split : {"train", "val"}) {
        QDir().mkpath(folder + "/" + split);
        for (int i = 0; i < 12; ++i)
            write_image(QString("%1/%2/%3.png").arg(folder, split).arg(i).toStdString(),
                        Image(64, 32, 3, static_cast<std::uint8_t>(20 * i)));
    }
    write_file((folder + "/train/broken.png").toStdString(), "no picture");
}

}  // namespace

class TrainLabTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QSettings().clear(); }

    void the_first_page_is_the_form() {
        const QTemporaryDir folder;
        Page page(folder.path());
        QVERIFY(page.form().isVisible());
        QVERIFY(page.find<QPushButton>("train_start").isEnabled());
        QCOMPARE(page.find<QLineEdit>("train_name").placeholderText(), QString("street-64-gan+pmr2"));
    }

    void a_training_starts_from_a_shipped_model_by_choice() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.form().set_plan(
            {.preset = "street-64", .objective = "gan+l1", .settings = {{"training.steps", "1"}}});
        auto& weights = page.find<QComboBox>("train_weights");
        QCOMPARE(weights.currentIndex(), 0);
        weights.setFocus();
        QTest::keyClicks(&weights, "street-64-gan+l1");
        QCOMPARE(weights.currentText(), QString("street-64-gan+l1"));
        QVERIFY(page.find<QLineEdit>("train_command").text().contains("--start street-64-gan+l1"));
        const auto network = Sampler::load(find_model("street-64-gan+l1"))->spec().network;
        QCOMPARE(page.setting("network.modulation"), QString::number(network.modulation));
        page.click("train_start");
        QVERIFY(page.wait_for_state(RunState::finished));
        const auto model = read_file((page.run().directory + "/model.safetensors").toStdString());
        QVERIFY(model.find("started_from") != std::string::npos);
    }

    void a_finished_training_is_trained_further_with_its_settings() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan+20*pmr2", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        const auto spec = page.run().record.spec;
        page.key(Qt::Key_F);
        QVERIFY(page.form().isVisible());
        QCOMPARE(page.find<QComboBox>("train_weights").currentText(), QString("mine"));
        page.click("train_start");
        QCOMPARE(page.run().name(), QString("street-64-gan+pmr2"));
        QVERIFY(page.wait_for_state(RunState::finished));
        auto expected = spec;
        expected.training.predictor_steps = 1;
        QVERIFY(to_json(page.run().record.spec) == to_json(expected));
        const auto model = Sampler::load((page.run().directory + "/model.safetensors").toStdString());
        QCOMPARE(model->steps(), 6);
        QVERIFY(read_file((page.run().directory + "/model.safetensors").toStdString()).find("started_from") !=
                std::string::npos);
    }

    void the_button_of_a_finished_training_trains_it_further() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "2"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        page.click("train.further.button");
        QCOMPARE(page.form().plan().objective, std::string("gan"));
        QCOMPARE(page.form().plan().start, (page.run().directory + "/checkpoint.safetensors").toStdString());
    }

    void a_plan_of_a_spec_is_that_spec() {
        for (const auto& preset : presets()) {
            auto spec = preset_spec(preset.id);
            spec.objective.samples = 5;
            spec.training.instance_noise = 0.25;
            set_objective(spec, "gan+3*mr2");
            QVERIFY2(to_json(TrainPlan::of(spec).spec()) == to_json(spec), preset.id.c_str());
        }
    }

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
        QVERIFY(page.find<PictureView>("train_samples").toolTip().contains("standard deviation"));
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

    void a_folder_is_checked_file_by_file() {
        const QTemporaryDir folder, data;
        make_pairs(data.path());
        Page page(folder.path());
        auto plan = tiny("gan");
        plan.set("data.task", "picture");
        page.form().set_plan(plan);
        page.form().set_data(data.path());
        QVERIFY(!page.find<QPushButton>("train_start").isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(page.find<QPlainTextEdit>("train_bad_files").isVisible(), patience);
        QVERIFY(page.find<QPlainTextEdit>("train_bad_files").toPlainText().contains("broken.png"));
        QVERIFY2(page.find<QLabel>("train_folder_report").text().contains("12 train"),
                 qPrintable(page.find<QLabel>("train_folder_report").text()));
        QVERIFY2(page.find<QPushButton>("train_start").isEnabled(), qPrintable(page.problem()));
        QVERIFY(page.find<QLineEdit>("train_command").text().contains("--data " + data.path()));
        page.click("train_start");
        QVERIFY(page.wait_for_state(RunState::finished));
    }

    void a_folder_without_pictures_is_told() {
        const QTemporaryDir folder, data;
        Page page(folder.path());
        page.form().set_data(data.path());
        auto& report = page.find<QLabel>("train_folder_report");
        QTRY_VERIFY_WITH_TIMEOUT(report.text().contains(data.path()), patience);
        QVERIFY(!page.find<QPushButton>("train_start").isEnabled());
    }

    void a_preset_for_folders_asks_for_one() {
        const QTemporaryDir folder;
        Page page(folder.path());
        auto& preset = page.find<QComboBox>("train_preset");
        preset.setFocus();
        QTest::keyClicks(&preset, "srgan");
        QCOMPARE(preset.currentText(), QString("srgan-celeba"));
        QVERIFY2(page.problem().contains("folder"), qPrintable(page.problem()));
        QVERIFY(!page.find<QPushButton>("train_start").isEnabled());
    }

    void settings_are_checked_and_told_by_name() {
        const QTemporaryDir folder;
        Page page(folder.path());
        auto& table = page.find<QTableWidget>("train_settings");
        QTest::keyClicks(&page.find<QLineEdit>("train_filter"), "batch");
        int row = 0;
        while (table.item(row, 0)->data(Qt::UserRole) != "training.batch") ++row;
        QVERIFY(!table.isRowHidden(row));
        table.item(row, 1)->setText("many");
        QVERIFY2(page.problem().contains("training.batch"), qPrintable(page.problem()));
        QVERIFY(table.item(row, 1)->text() != "many");
        table.item(row, 1)->setText("4");
        QVERIFY(page.find<QLineEdit>("train_command").text().contains("--set training.batch=4"));
        QCOMPARE(page.form().plan().spec().training.batch, 4);
    }

    void a_loss_that_is_none_is_told() {
        const QTemporaryDir folder;
        Page page(folder.path());
        auto& loss = page.find<QComboBox>("train_objective");
        loss.lineEdit()->selectAll();
        QTest::keyClicks(loss.lineEdit(), "gan+nonsense");
        QVERIFY2(page.problem().contains("nonsense"), qPrintable(page.problem()));
        QVERIFY(!page.find<QPushButton>("train_start").isEnabled());
        loss.lineEdit()->selectAll();
        QTest::keyClicks(loss.lineEdit(), "gan + 7*pmr1");
        QVERIFY(page.problem().isEmpty());
        QCOMPARE(page.form().plan().spec().objective.weight(Term::pmr1), 7.0);
    }

    void a_name_that_is_taken_is_told() {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir("mine"));
        Page page(folder.path());
        QTest::keyClicks(&page.find<QLineEdit>("train_name"), "mine");
        QVERIFY2(page.problem().contains("mine"), qPrintable(page.problem()));
        QVERIFY(!page.find<QPushButton>("train_start").isEnabled());
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
    }

    void keys_typed_into_the_form_are_no_commands() {
        const QTemporaryDir folder;
        Page page(folder.path());
        page.start(tiny("gan", "3"), "mine");
        QVERIFY(page.wait_for_state(RunState::finished));
        page.click("train_new");
        auto& table = page.find<QTableWidget>("train_settings");
        table.setFocus();
        table.setCurrentCell(0, 1);
        QTest::keyClick(&table, Qt::Key_Delete);
        QVERIFY(QFile::exists(folder.filePath("mine")));
        QTest::keyClick(&table, Qt::Key_F);  // the first letter of a value, not "Train further"
        QVERIFY(page.find<QComboBox>("train_weights").currentText() != "mine");
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

    void the_command_line_trains_the_same() {
        auto plan = tiny("gan+3*pmr2");
        const QString line = plan.command_line("/tmp/a run");
        QVERIFY2(line.startsWith("modescope train street-64 --objective 'gan+3*pmr2' --set data.size=32"),
                 qPrintable(line));
        QVERIFY2(line.endsWith("--out '/tmp/a run'"), qPrintable(line));
    }
};

int main(int argc, char** argv) { return run_gui_test<TrainLabTest>(argc, argv, "train_lab_test"); }

#include "train_lab_test.moc"
