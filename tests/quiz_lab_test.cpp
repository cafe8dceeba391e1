// The realism quiz, taken by real key events over two tiny models made on the spot.
#include "app/labs/quiz/quiz_lab.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "app/labs/quiz/quiz_engine.h"
#include "app/labs/quiz/quiz_results.h"
#include "app/labs/quiz/quiz_start.h"
#include "app/labs/quiz/quiz_trial.h"
#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/metrics/realism_file.h"
#include "core/sampling/sampler.h"
#include "core/training/run.h"
#include "tests/error_of.h"
#include "tests/gui_test.h"
#include "tests/tiny_model.h"
#include "widgets/interval_chart.h"
#include "widgets/message_strip.h"
#include "widgets/picture_stage.h"
#include "widgets/tile_grid.h"

using namespace modescope;

namespace {

constexpr int per_model = 3;
constexpr int in_test = 2 * 2 * per_model;  // of two models, and as many real ones

QString quizzes_folder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/quizzes";
}

Quiz some_quiz() { return plan_quiz("Street", {{"a", "GAN", "gan"}, {"b", "GAN + pMR₂", "gan+pmr2"}}, 5, 7); }

/// The order in which a rater sees the pictures.
std::vector<std::string> order_of(Quiz quiz, const std::string& rater) {
    std::vector<std::string> ids;
    QuizPass pass(quiz, rater);
    while (!pass.finished()) {
        ids.push_back(pass.current().id);
        pass.answer(true, 1);
    }
    return ids;
}

/// A shown lab whose models are listed.
struct Page {
    Page() {
        lab.resize(1200, 800);
        lab.show();
        lab.activateWindow();
        (void)QTest::qWaitForWindowActive(&lab);
        if (!QTest::qWaitFor([this] { return models().count() == 2; }, patience)) qFatal("no models");
    }

    template <class T>
    T& find(const char* name) {
        T* widget = lab.findChild<T*>(name);
        if (!widget) qFatal("There is no %s", name);
        return *widget;
    }
    QListWidget& models() { return find<QListWidget>("quiz_models"); }
    QListWidget& earlier() { return find<QListWidget>("quiz_earlier"); }
    QuizTrial& trial() { return *lab.findChild<QuizTrial*>(); }
    PictureStage& stage() { return *lab.findChild<PictureStage*>(); }
    QString note() {
        return find<QLabel>("quiz_note").isVisible() ? find<QLabel>("quiz_note").text() : QString();
    }
    const std::vector<RealismAnswer>& answers() { return trial().stored().quiz.answers; }
    bool asks() { return find<QPushButton>("quiz_real").isEnabled() && stage().isVisible(); }

    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : &lab, key, modifiers);
    }
    void start(const QString& name) {
        find<QSpinBox>("quiz_per_model").setValue(per_model);
        auto& edit = find<QLineEdit>("quiz_name");
        edit.setFocus();
        edit.selectAll();
        QTest::keyClicks(&edit, name);
        QTest::keyClick(&edit, Qt::Key_Return);
        if (!QTest::qWaitFor([this] { return trial().isVisible(); }, patience)) qFatal("no quiz");
    }
    /// Past the practice, to the first picture of the test.
    void skip_practice() {
        find<QPushButton>("quiz_other").setFocus();
        key(Qt::Key_Space);
        key(Qt::Key_Space);
    }
    bool current_is_real() {
        Quiz copy = trial().stored().quiz;
        return QuizPass(copy, trial().rater().toStdString()).current().model == real_pictures;
    }
    void answer(bool right) { key(current_is_real() == right ? Qt::Key_R : Qt::Key_F); }

    QuizLab lab;
};

/// As a person does: the button, the file's name, Return.
void export_charts(Page& page) {
    const QTemporaryDir folder;
    for (const char* file : {"chart.svg", "chart.png"}) {
        QTest::mouseClick(&page.find<QPushButton>("quiz_export"), Qt::LeftButton);
        auto* dialog = page.lab.findChild<QFileDialog*>();
        QVERIFY(dialog);
        auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
        QVERIFY(name);
        name->setText(folder.filePath(file));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(QFile::exists(folder.filePath(file)));
        QCoreApplication::sendPostedEvents(dialog, QEvent::DeferredDelete);
    }
    QFile svg(folder.filePath("chart.svg"));
    QVERIFY(svg.open(QIODevice::ReadOnly) && svg.readAll().contains("no better than guessing"));
    QVERIFY(QImage(folder.filePath("chart.png")).width() > 600);
}

}  // namespace

class QuizLabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void plan_is_balanced_and_blind();
    void orders_are_kept_and_differ();
    void quiz_comes_back_from_json();
    void damaged_quiz_is_told_by_key();
    void whole_quiz_by_keys();
    void practice_tells_who_was_right();
    void practice_goes_on_by_mouse();
    void stopped_quiz_goes_on_in_another_session();
    void raters_share_a_quiz();
    void a_quiz_made_meanwhile_waits();
    void backspace_takes_one_answer_back();
    void timed_pictures_vanish_and_answers_stay();
    void name_is_asked_for();
    void real_pictures_of_a_folder();
    void folder_with_too_few_pictures_is_told();
    void no_held_out_picture_is_shown_twice();
    void damaged_file_is_told_in_the_strip();
    void exports_are_read_back();

private:
    QTemporaryDir folder_;
};

void QuizLabTest::initTestCase() {
    QVERIFY(QDir(folder_.path()).mkdir("models"));
    make_tiny_model(folder_.path(), folder_.path() + "/models/tiny-gan+l1.safetensors", "gan+100*l1");
    make_tiny_model(folder_.path(), folder_.path() + "/models/tiny-gan.safetensors", "gan");
    qputenv("MODESCOPE_MODELS", (folder_.path() + "/models").toUtf8());
}

void QuizLabTest::init() {
    QSettings().clear();
    QDir(quizzes_folder()).removeRecursively();
}

void QuizLabTest::plan_is_balanced_and_blind() {
    const Quiz quiz = some_quiz();
    std::map<std::string, int> counts;
    std::set<std::string> ids;
    for (const auto& picture : quiz.pictures) {
        ++counts[picture.model];
        ids.insert(picture.id);
        QCOMPARE(picture.id.size(), std::size_t(4));
    }
    const std::map<std::string, int> expected{{"a", 5}, {"b", 5}, {real_pictures, 10}};
    QCOMPARE(counts, expected);
    for (const auto& picture : quiz.practice) ids.insert(picture.id);
    QCOMPARE(ids.size(), quiz.pictures.size() + quiz.practice.size());
    // Sorted by name, the models are mixed.
    int changes = 0;
    for (std::size_t i = 1; i < quiz.pictures.size(); ++i)
        changes += quiz.pictures[i].model != quiz.pictures[i - 1].model;
    QVERIFY(changes > 5);
}

void QuizLabTest::orders_are_kept_and_differ() {
    Quiz quiz = some_quiz();
    QuizPass(quiz, "Ada");
    QuizPass(quiz, "Ben");
    QCOMPARE(order_of(quiz, "Ada"), order_of(quiz, "Ada"));
    QVERIFY(order_of(quiz, "Ada") != order_of(quiz, "Ben"));
    QuizPass pass(quiz, "Ada");
    for (int i = 0; i < 5; ++i) pass.answer(false, 1);
    const auto whole = order_of(some_quiz(), "Ada"), rest = order_of(quiz, "Ada");
    QCOMPARE(rest, std::vector<std::string>(whole.begin() + 5, whole.end()));
    QCOMPARE(quiz.answered_by("Ada"), 5);
}

void QuizLabTest::quiz_comes_back_from_json() {
    Quiz quiz = some_quiz();
    quiz.exposure = 1000;
    QuizPass(quiz, "Zoë").answer(true, 812.5);
    const auto json = to_json(quiz);
    QCOMPARE(to_json(quiz_from_json(json, "q")).dump(), json.dump());
}

void QuizLabTest::damaged_quiz_is_told_by_key() {
    const auto error = [](const char* pointer, const nlohmann::json& value) {
        auto json = to_json(some_quiz());
        json[nlohmann::json::json_pointer(pointer)] = value;
        return error_of([&] { quiz_from_json(json, "quiz.json"); });
    };
    QVERIFY(says(error("/format", "other"), "quiz.json: format"));
    QVERIFY(says(error("/seed", "many"), "seed"));
    QVERIFY(says(error("/pictures/0/id", "../secret"), "quiz.json: pictures: id"));
    QVERIFY(says(error("/pictures/0/model", "c"), "pictures: model"));
    QVERIFY(says(error("/models/0", 3), "quiz.json: models"));
    QVERIFY(says(error("/break_every", -1), "break_every"));
    QVERIFY(says(error_of([] { quiz_from_json(3, "quiz.json"); }), "quiz.json"));
}

void QuizLabTest::whole_quiz_by_keys() {
    Page page;
    page.find<QSpinBox>("quiz_per_model").setValue(per_model);
    page.find<QSpinBox>("quiz_break").setValue(8);
    QVERIFY(page.find<QLabel>("quiz_summary").text().startsWith(QString::number(in_test)));
    page.start("Ada");
    QCOMPARE(page.note(), QString("Hello, Ada"));
    page.key(Qt::Key_Space);
    for (int i = 0; i < 6; ++i) {
        QVERIFY(page.asks());
        page.key(i % 2 ? Qt::Key_R : Qt::Key_F);
        QVERIFY(!page.asks());
        page.key(Qt::Key_Space);
    }
    QCOMPARE(page.note(), QString("Now the test"));
    QVERIFY(page.answers().empty());
    page.key(Qt::Key_Return);
    for (int i = 0; i < 5; ++i) page.answer(true);
    QCOMPARE(page.find<QLabel>("quiz_count").text(), QString("5 of %1").arg(in_test));
    QCOMPARE(page.find<QLabel>("quiz_feedback").text(), QString());

    page.key(Qt::Key_Escape);  // stop, and go on
    QTRY_COMPARE_WITH_TIMEOUT(page.earlier().count(), 1, patience);
    QVERIFY2(page.earlier().item(0)->text().contains(QString("Ada 5/%1").arg(in_test)),
             qPrintable(page.earlier().item(0)->text()));
    page.find<QPushButton>("quiz_join").setFocus();
    page.key(Qt::Key_Space);
    QCOMPARE(page.note(), QString("Welcome back, Ada"));
    page.key(Qt::Key_Space);
    for (int i = 5; i < 8; ++i) page.answer(true);
    QCOMPARE(page.note(), QString("Take a breath"));
    page.key(Qt::Key_Space);
    for (int i = 8; i < in_test; ++i) page.answer(true);
    QCOMPARE(page.note(), QString("Thank you, Ada"));
    page.find<QPushButton>("quiz_other").setFocus();
    page.key(Qt::Key_Return);

    auto& table = page.find<QTableWidget>("quiz_table");
    QTRY_COMPARE_WITH_TIMEOUT(table.rowCount(), 2, patience);
    QVERIFY(table.isVisible());
    for (int row = 0; row < 2; ++row) QCOMPARE(table.item(row, 1)->text(), QLocale().toString(0.0, 'f', 2));
    QCOMPARE(page.lab.findChild<IntervalChart*>()->rows().size(), std::size_t(2));
    QVERIFY(page.find<TileGrid>("quiz_fakes").tiles().empty());
    export_charts(page);
    page.find<QTableWidget>("quiz_table").setFocus();
    page.key(Qt::Key_Left, Qt::AltModifier);
    QVERIFY(page.find<QListWidget>("quiz_models").isVisible());
}

void QuizLabTest::practice_tells_who_was_right() {
    Page page;
    page.start("Ada");
    page.key(Qt::Key_Space);
    for (const auto& picture : page.trial().stored().quiz.practice) {
        const bool fake = picture.model != real_pictures;
        page.key(Qt::Key_F);
        QCOMPARE(page.stage().mark(), fake ? PictureStage::Mark::Right : PictureStage::Mark::Wrong);
        QVERIFY(page.find<QLabel>("quiz_feedback").text().contains(fake ? "it is fake" : "it is real"));
        page.key(Qt::Key_R);  // too late
        QVERIFY(!page.asks());
        page.key(Qt::Key_Space);
    }
    QCOMPARE(page.find<QLabel>("quiz_note").text(), QString("Now the test"));
}

void QuizLabTest::practice_goes_on_by_mouse() {
    Page page;
    page.start("Ada");
    page.key(Qt::Key_Space);
    auto& onward = page.find<QPushButton>("quiz_onward");
    for (std::size_t i = 0; i < page.trial().stored().quiz.practice.size(); ++i) {
        QVERIFY(!onward.isVisible());
        QTest::mouseClick(&page.find<QPushButton>("quiz_real"), Qt::LeftButton);
        QVERIFY(onward.isVisible());
        QTest::mouseClick(&onward, Qt::LeftButton);
    }
    QCOMPARE(page.find<QLabel>("quiz_note").text(), QString("Now the test"));
}

void QuizLabTest::stopped_quiz_goes_on_in_another_session() {
    std::vector<RealismAnswer> before;
    QString folder;
    {
        Page page;
        page.start("Ada");
        page.skip_practice();
        for (int i = 0; i < 4; ++i) page.answer(i % 2);
        before = page.answers();
        folder = page.trial().stored().folder;
    }
    QVERIFY(read_answers((folder + "/quiz.json").toStdString()) == before);
    Page page;
    QTRY_COMPARE_WITH_TIMEOUT(page.earlier().count(), 1, patience);
    QCOMPARE(page.find<QLineEdit>("quiz_name").text(), QString("Ada"));
    QTest::mouseClick(&page.find<QPushButton>("quiz_join"), Qt::LeftButton);
    QCOMPARE(page.note(), QString("Welcome back, Ada"));
    page.key(Qt::Key_Space);
    page.answer(true);
    QCOMPARE(page.answers().size(), std::size_t(5));
    QVERIFY(std::equal(before.begin(), before.end(), page.answers().begin()));
    QCOMPARE(page.answers().back().order, 5);
}

void QuizLabTest::raters_share_a_quiz() {
    Page page;
    page.start("Ada");
    page.skip_practice();
    while (page.note().isEmpty()) page.answer(false);
    page.key(Qt::Key_Space);  // next rater
    QTRY_COMPARE_WITH_TIMEOUT(page.earlier().count(), 1, patience);
    page.find<QLineEdit>("quiz_name").setText("Ben");
    QTest::mouseClick(&page.find<QPushButton>("quiz_join"), Qt::LeftButton);
    QCOMPARE(page.note(), QString("Hello, Ben"));
    page.skip_practice();
    while (page.note().isEmpty()) page.answer(true);
    QTest::mouseClick(&page.find<QPushButton>("quiz_other"), Qt::LeftButton);
    auto& table = page.find<QTableWidget>("quiz_table");
    QTRY_COMPARE_WITH_TIMEOUT(table.rowCount(), 2, patience);
    QCOMPARE(table.item(0, 1)->text(), QLocale().toString(1.0, 'f', 2));  // (2 + 0) / 2
    QCOMPARE(table.item(0, 7)->text(), QString("2"));
    const auto& fakes = page.find<TileGrid>("quiz_fakes").tiles();
    QCOMPARE(fakes.size(), std::size_t(2 * per_model));
    QVERIFY(fakes.front().caption.startsWith("1 of 2"));
    QVERIFY(!fakes.front().picture.isNull());
}

void QuizLabTest::a_quiz_made_meanwhile_waits() {
    Page page;
    page.start("Ada");
    page.key(Qt::Key_Escape);
    QTRY_COMPARE_WITH_TIMEOUT(page.earlier().count(), 1, patience);
    page.find<QPushButton>("quiz_start").click();
    page.find<QPushButton>("quiz_join").click();  // before the other one is made
    const QString judged = page.trial().stored().folder;
    auto& strip = *page.lab.findChild<MessageStrip*>();
    QTRY_VERIFY_WITH_TIMEOUT(strip.text().contains("is ready"), patience);
    QVERIFY(page.trial().isVisible());
    QCOMPARE(page.trial().stored().folder, judged);
}

void QuizLabTest::backspace_takes_one_answer_back() {
    Page page;
    page.start("Ada");
    page.skip_practice();
    page.key(Qt::Key_Backspace);  // nothing yet
    page.answer(true);
    page.answer(false);
    const auto wrong = page.answers().back();
    page.key(Qt::Key_Backspace);
    QCOMPARE(page.answers().size(), std::size_t(1));
    page.key(Qt::Key_Backspace);  // one only
    QCOMPARE(page.answers().size(), std::size_t(1));
    page.answer(true);
    QCOMPARE(page.answers().size(), std::size_t(2));
    QCOMPARE(page.answers().back().picture, wrong.picture);
    QVERIFY(page.answers().back().said_fake != wrong.said_fake);
    QVERIFY(page.answers().back().milliseconds >= wrong.milliseconds);
}

void QuizLabTest::timed_pictures_vanish_and_answers_stay() {
    Page page;
    page.find<QComboBox>("quiz_exposure").setCurrentIndex(3);  // half a second
    page.start("Ada");
    page.skip_practice();
    QVERIFY(!page.stage().shows_picture());
    page.key(Qt::Key_F);  // before the picture
    QVERIFY(page.answers().empty());
    QTRY_VERIFY_WITH_TIMEOUT(page.stage().shows_picture(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(!page.stage().shows_picture(), patience);
    QVERIFY(page.asks());
    page.key(Qt::Key_F);
    QCOMPARE(page.answers().size(), std::size_t(1));
    QVERIFY(page.answers().front().milliseconds >= 400);
    page.key(Qt::Key_Backspace);
    QCOMPARE(page.answers().size(), std::size_t(1));
}

void QuizLabTest::name_is_asked_for() {
    Page page;
    page.find<QLineEdit>("quiz_name").clear();
    QTest::mouseClick(&page.find<QPushButton>("quiz_start"), Qt::LeftButton);
    QVERIFY(page.lab.findChild<MessageStrip*>()->isVisible());
    QVERIFY(page.find<QLineEdit>("quiz_name").hasFocus());
    QVERIFY(!page.trial().isVisible());
}

void QuizLabTest::real_pictures_of_a_folder() {
    const QTemporaryDir pictures;
    for (int i = 0; i < 20; ++i)
        write_image(pictures.filePath(QString("p%1.png").arg(i)).toStdString(), Image(50, 40, 3, 200));
    Page page;
    page.lab.findChild<QuizStart*>()->set_reals(pictures.path());
    page.start("Ada");
    const auto& stored = page.trial().stored();
    for (const auto& picture : stored.quiz.pictures) {
        const QImage image(stored.picture_path(picture.id));
        QCOMPARE(image.size(), QSize(32, 32));
        if (picture.model == real_pictures) QCOMPARE(image.pixelColor(7, 7), QColor(200, 200, 200));
    }
}

void QuizLabTest::folder_with_too_few_pictures_is_told() {
    const QTemporaryDir nothing;
    Page page;
    page.lab.findChild<QuizStart*>()->set_reals(nothing.path());
    page.find<QLineEdit>("quiz_name").setText("Ada");
    QTest::mouseClick(&page.find<QPushButton>("quiz_start"), Qt::LeftButton);
    auto* strip = page.lab.findChild<MessageStrip*>();
    QTRY_VERIFY_WITH_TIMEOUT(strip->isVisible(), patience);
    QVERIFY2(strip->text().contains(nothing.path()), qPrintable(strip->text()));
    QVERIFY(page.find<QPushButton>("quiz_start").isEnabled());
    QCOMPARE(QDir(quizzes_folder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 0);
}

void QuizLabTest::no_held_out_picture_is_shown_twice() {
    const QTemporaryDir own;
    const QString run = own.filePath("run");
    for (const char* split : {"train", "val"}) {
        QVERIFY(QDir(own.path()).mkpath(QString("data/") + split));
        for (int i = 0; i < 5; ++i)
            write_image(own.filePath(QString("data/%1/%2.png").arg(split).arg(i)).toStdString(),
                        Image(64, 64, 3, static_cast<std::uint8_t>(40 * i)));
    }
    auto spec = preset_spec("faces-inpaint-64");
    spec.objective = parse_objective("l1");
    for (const auto& setting : {std::string("network.features=8"), std::string("training.batch=2"),
                                std::string("training.conditions=2"), std::string("data.source=folder"),
                                "data.folder=" + own.filePath("data").toStdString()})
        set_field(spec, setting);
    {
        Run training(spec, {.directory = run.toStdString()});
        training.run_to(1);
        training.wait(std::chrono::milliseconds(patience));
        training.finish();
        training.wait(std::chrono::milliseconds(patience));
    }
    QuizEngine engine(own.filePath("quizzes"));
    QSignalSpy failed(&engine, &QuizEngine::failed);
    const auto sampler = Sampler::load((run + "/model.safetensors").toStdString());
    engine.make({.models = {{{"mine", "ℓ₁", "l1"}, sampler}}, .title = "mine", .per_model = 12});
    QTRY_VERIFY_WITH_TIMEOUT(!failed.isEmpty(), patience);
    const QString sentence = failed.first().first().toString();
    QVERIFY2(sentence.contains("5 held-out pictures"), qPrintable(sentence));
}

void QuizLabTest::damaged_file_is_told_in_the_strip() {
    QVERIFY(QDir().mkpath(quizzes_folder() + "/2026-01-01-120000-000"));
    write_file((quizzes_folder() + "/2026-01-01-120000-000/quiz.json").toStdString(), "{\n\"format\": ");
    Page page;
    auto* strip = page.lab.findChild<MessageStrip*>();
    QTRY_VERIFY_WITH_TIMEOUT(strip->isVisible(), patience);
    QVERIFY2(strip->text().contains("quiz.json") && strip->text().contains("line 2"),
             qPrintable(strip->text()));
}

void QuizLabTest::exports_are_read_back() {
    StoredQuiz stored{"", some_quiz()};
    QuizPass pass(stored.quiz, "Ada, the first");
    while (!pass.finished()) pass.answer(pass.done() % 3 == 0, 100.25 * pass.done());
    const QTemporaryDir folder;
    Rng rng(1);
    const auto score = score_realism(stored.quiz.answers, rng, 100);
    for (const char* name : {"a.csv", "a.json"}) {
        export_answers(stored, score, folder.filePath(name));
        QVERIFY(read_answers(folder.filePath(name).toStdString()) == stored.quiz.answers);
    }
}

int main(int argc, char** argv) { return run_gui_test<QuizLabTest>(argc, argv, "quiz_lab_test"); }

#include "quiz_lab_test.moc"
