// The form of a new training by real mouse and key events: what it takes, refuses and says.
#include "app/labs/train/train_form.h"

#include <QDir>
#include <QFile>
#include <QPlainTextEdit>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sampler.h"
#include "tests/train_lab_page.h"

using namespace modescope;

namespace {

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

class TrainFormTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QSettings().clear(); }

    void the_first_page_is_the_form() {
        const QTemporaryDir folder;
        Page page(folder.path());
        QVERIFY(page.form().isVisible());
        page.lab->setFocus();  // as the window does when it shows the page
        QVERIFY(page.form().hasFocus());
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

    void a_loss_stays_as_it_is_typed() {
        const QTemporaryDir folder;
        Page page(folder.path());
        auto& loss = page.find<QComboBox>("train_objective");
        loss.lineEdit()->selectAll();
        QTest::keyClicks(loss.lineEdit(), "gan");  // the beginning of others in the list
        QTest::keyClick(loss.lineEdit(), Qt::Key_Tab);
        QCOMPARE(loss.currentText(), QString("gan"));
        QCOMPARE(page.form().plan().spec().objective.id(), std::string("gan"));
    }

    void a_name_that_is_taken_is_told() {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir("mine"));
        Page page(folder.path());
        QTest::keyClicks(&page.find<QLineEdit>("train_name"), "mine");
        QVERIFY2(page.problem().contains("mine"), qPrintable(page.problem()));
        QVERIFY(!page.find<QPushButton>("train_start").isEnabled());
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

    void the_command_line_trains_the_same() {
        auto plan = tiny("gan+3*pmr2");
        const QString line = plan.command_line("/tmp/a run");
        QVERIFY2(line.startsWith("modescope train street-64 --objective 'gan+3*pmr2' --set data.size=32"),
                 qPrintable(line));
        QVERIFY2(line.endsWith("--out '/tmp/a run'"), qPrintable(line));
    }
};

int main(int argc, char** argv) { return run_gui_test<TrainFormTest>(argc, argv, "train_form_test"); }

#include "train_form_test.moc"
