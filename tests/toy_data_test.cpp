// What the Toy Lab trains on: shapes, a user's own points, recipes and equal command lines.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "app/labs/toy/toy_lab.h"
#include "app/labs/toy/toy_points_canvas.h"
#include "app/labs/toy/toy_points_dialog.h"
#include "app/labs/toy/toy_recipe.h"
#include "tests/gui_test.h"
#include "widgets/message_strip.h"
#include "widgets/toy_panel.h"

using namespace modescope;

namespace {

/// Keys go to the window that has the focus, which another may just have had.
void activate(QWidget* window) {
    window->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), window);
}

/// A shown lab with these configurations that pauses at step 30.
struct Page {
    explicit Page(const QStringList& formulas = {"gan", "l2"}) {
        QSettings settings;
        settings.clear();
        settings.setValue("toy_lab/configurations", formulas);
        settings.setValue("toy_lab/stop", 30);
        lab = std::make_unique<ToyLab>();
        lab->resize(1200, 800);
        lab->show();
        lab->activateWindow();
        (void)QTest::qWaitForWindowActive(lab.get());
    }

    template <class Widget>
    Widget* find(const QString& name = {}) const {
        auto* widget = lab->findChild<Widget*>(name);
        if (!widget) qFatal("no widget %s", qUtf8Printable(name));
        return widget;
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        activate(lab.get());
        QTest::keyClick(lab.get(), key, modifiers);
    }
    bool arrived() const {
        const auto& session = lab->session();
        for (std::size_t i = 0; i < session.size(); ++i)
            if (session.status(i).progress.step < 30 || !lab->panel(i)->plot().view ||
                lab->panel(i)->plot().view->step < 30)
                return false;
        return !session.playing() && session.size() > 0;
    }
    double w1(std::size_t i) const { return lab->panel(i)->plot().view->score.w1; }
    QString strip() const { return find<MessageStrip>()->isVisible() ? find<MessageStrip>()->text() : ""; }

    /// Puts a path into the file dialog that is open.
    void choose_file(const QString& path) const {
        auto* dialog = lab->findChild<QFileDialog*>();
        QVERIFY2(dialog, "no file dialog");
        auto* edit = dialog->findChild<QLineEdit*>("fileNameEdit");
        edit->setText(path);  // typed, a list of completions would take the Return
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(!lab->findChild<QFileDialog*>());
    }

    std::unique_ptr<ToyLab> lab;
};

/// The dialog for drawing, open.
struct Drawing {
    explicit Drawing(const Page& page) : dialog(page.find<ToyPointsDialog>("points_dialog")) {
        if (!dialog->isVisible()) page.key(Qt::Key_O);
        activate(dialog);
        canvas = dialog->findChild<ToyPointsCanvas*>();
    }

    void move(QPoint to, Qt::MouseButton button) const {
        QMouseEvent move(QEvent::MouseMove, to, canvas->mapToGlobal(to), Qt::NoButton, button, {});
        QApplication::sendEvent(canvas, &move);
    }
    void stroke(double y, Qt::MouseButton button = Qt::LeftButton) const {
        const auto at = [&](double x) {
            return QPoint(qRound(canvas->width() * x), qRound(canvas->height() * y));
        };
        QTest::mousePress(canvas, button, {}, at(0.15));
        for (int i = 1; i <= 20; ++i) move(at(0.15 + 0.035 * i), button);
        QTest::mouseRelease(canvas, button, {}, at(0.85));
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        activate(dialog);
        QTest::keyClick(dialog, key, modifiers);
    }
    std::size_t count() const { return canvas->points().size(); }

    ToyPointsDialog* dialog;
    ToyPointsCanvas* canvas = nullptr;
};

}  // namespace

class ToyDataTest : public QObject {
    Q_OBJECT

private slots:
    void a_shape_is_chosen_and_the_trainings_before_come_back() {
        Page page;
        QTRY_VERIFY_WITH_TIMEOUT(page.arrived(), patience);
        const double gan = page.w1(0), l2 = page.w1(1);
        auto* data = page.find<QComboBox>("data");
        QTest::keyClick(data, Qt::Key_Down);
        QCOMPARE(page.lab->session().toy(), std::string("fork"));
        QCOMPARE(page.lab->session().size(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(page.arrived(), patience);
        QVERIFY(page.w1(1) != l2);
        page.key(Qt::Key_Y);
        QCOMPARE(page.lab->session().toy(), std::string("ring"));
        QCOMPARE(data->currentIndex(), 2);
        page.key(Qt::Key_Z, Qt::ControlModifier);
        page.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(page.lab->session().toy(), std::string("y"));
        QCOMPARE(data->currentIndex(), 0);
        QVERIFY(page.arrived());  // at once, for nothing was thrown away
        QCOMPARE(page.w1(0), gan);
        QCOMPARE(page.w1(1), l2);
        page.key(Qt::Key_Space);  // goes on from there
        QTRY_VERIFY_WITH_TIMEOUT(page.lab->session().status(0).progress.step > 35, patience);
        page.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(page.lab->session().toy(), std::string("fork"));
        QVERIFY(page.arrived());
    }

    void the_shape_is_kept_for_the_next_start() {
        {
            Page page;
            page.key(Qt::Key_Y);
        }
        ToyLab again;
        QCOMPARE(again.session().toy(), std::string("fork"));
        QSettings().setValue("toy_lab/data", "of a later version");
        ToyLab other;
        QCOMPARE(other.session().toy(), std::string("y"));
    }

    void a_distribution_is_drawn_and_trained_on() {
        Page page;
        const Drawing drawing(page);
        QVERIFY(drawing.dialog->isVisible());
        auto* train = drawing.dialog->findChild<QPushButton*>("points_train");
        QVERIFY(!train->isEnabled());
        drawing.stroke(0.3);
        const auto once = drawing.count();
        QVERIFY2(once > 100, qPrintable(QString::number(once)));
        drawing.stroke(0.7);
        QVERIFY(drawing.count() > once);
        drawing.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(drawing.count(), once);
        drawing.key(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(drawing.count() > once);
        QVERIFY(train->isEnabled());
        QTest::keyClick(drawing.dialog, Qt::Key_Return);
        QVERIFY(!drawing.dialog->isVisible());
        QVERIFY(is_points_text(page.lab->session().toy()));
        QVERIFY(is_points_text(page.find<QComboBox>("data")->currentData().toString().toStdString()));
        QCOMPARE(ToyDistribution::named(page.lab->session().toy()).branches(0).size(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(page.arrived(), patience);
        page.key(Qt::Key_Y);  // the drawing stays to be chosen, also at the next start
        page.lab.reset();
        ToyLab again;
        QCOMPARE(again.session().toy(), std::string("y"));
        QVERIFY(again.findChild<QComboBox*>("data")->findText("own points") >= 0);
    }

    void strokes_are_erased_and_spread() {
        Page page({"l2"});
        const Drawing drawing(page);
        drawing.stroke(0.3);
        drawing.stroke(0.7);
        const auto both = drawing.count();
        auto* spread = drawing.dialog->findChild<QSlider*>("points_spread");
        const int before = spread->value();
        const QPointF middle = drawing.canvas->rect().center();
        QWheelEvent wheel(middle, drawing.canvas->mapToGlobal(middle), {}, {0, 240}, {}, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(drawing.canvas, &wheel);
        QCOMPARE(spread->value(), before + 2);
        drawing.key(Qt::Key_BracketRight);
        QCOMPARE(spread->value(), before + 3);
        drawing.stroke(0.3, Qt::RightButton);
        QVERIFY(drawing.count() < both * 3 / 4 && drawing.count() > both / 4);
        drawing.key(Qt::Key_Delete);
        QCOMPARE(drawing.count(), std::size_t(0));
        drawing.key(Qt::Key_Z, Qt::ControlModifier);
        drawing.key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(drawing.count(), both);
    }

    void a_drawing_survives_escape() {
        Page page({"l2"});
        const Drawing drawing(page);
        drawing.stroke(0.4);
        const auto count = drawing.count();
        drawing.key(Qt::Key_Escape);
        QVERIFY(!drawing.dialog->isVisible());
        QCOMPARE(page.lab->session().toy(), std::string("y"));
        const Drawing again(page);
        QCOMPARE(again.count(), count);
    }

    void points_are_opened_and_saved_as_tables() {
        Page page({"l2"});
        const Drawing drawing(page);
        QByteArray table = "x,y\n";
        for (int i = 0; i < 60; ++i) table += QByteArray::number(i) + "," + QByteArray::number(i % 3) + "\n";
        drawing.key(Qt::Key_O, Qt::ControlModifier);
        page.choose_file(write("good.csv", table));
        QCOMPARE(drawing.count(), std::size_t(60));
        drawing.key(Qt::Key_O, Qt::ControlModifier);
        page.choose_file(write("bad.csv", table + "oops,1\n"));
        auto* strip = drawing.dialog->findChild<MessageStrip*>();
        QVERIFY2(strip->isVisible() && strip->text().contains("line 62"), qPrintable(strip->text()));
        QCOMPARE(drawing.count(), std::size_t(60));
        drawing.key(Qt::Key_S, Qt::ControlModifier);
        page.choose_file(folder_.filePath("saved.csv"));
        QCOMPARE(read_points(folder_.filePath("saved.csv").toStdString()).size(), std::size_t(60));
    }

    void a_recipe_is_saved_and_opened() {
        Page page;
        QTRY_VERIFY_WITH_TIMEOUT(page.arrived(), patience);
        const double gan = page.w1(0);
        const auto path = folder_.filePath("recipe.json");
        page.key(Qt::Key_S, Qt::ControlModifier);
        page.choose_file(path);
        QVERIFY2(page.strip().contains("recipe.json"), qPrintable(page.strip()));
        QTest::mouseClick(page.find<QToolButton>("chip:gan"), Qt::LeftButton);
        QTest::mouseClick(page.find<QToolButton>("chip:l1"), Qt::LeftButton);
        page.key(Qt::Key_Y);
        QTest::mouseClick(page.find<QToolButton>("dice"), Qt::LeftButton);
        page.key(Qt::Key_O, Qt::ControlModifier);
        page.choose_file(path);
        QCOMPARE(page.lab->session().toy(), std::string("y"));
        QCOMPARE(page.lab->session().seed(), std::int64_t(7));
        QCOMPARE(page.find<QSpinBox>("seed")->value(), 7);
        QCOMPARE(page.lab->session().size(), std::size_t(2));
        QCOMPARE(page.lab->panel(0)->accessibleName(), QString("GAN"));
        QVERIFY(page.find<QToolButton>("chip:gan")->isChecked() &&
                !page.find<QToolButton>("chip:l1")->isChecked());
        QTRY_VERIFY_WITH_TIMEOUT(page.arrived(), patience);
        QCOMPARE(page.w1(0), gan);  // to the last bit
        QTest::mouseClick(page.find<MessageStrip>()->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(page.lab->session().toy(), std::string("fork"));
        QCOMPARE(page.lab->panel(1)->accessibleName(), QString("ℓ₁"));
    }

    void a_recipe_knows_what_was_retuned() {
        ToyRecipe recipe{.toy = "cross", .seed = 3, .steps = 0, .panels = {}};
        auto spec = preset_spec("toy");
        spec.objective = parse_objective("gan+7*l2");
        set_field(spec, "data.toy=cross");
        set_field(spec, "training.seed=3");
        set_field(spec, "training.steps=0");
        set_field(spec, "training.learning_rate=0.002");
        recipe.panels.push_back({"gan+100*l2", spec});
        const auto path = folder_.filePath("retuned.json");
        save_recipe(recipe, path);
        const auto again = open_recipe(path);
        QCOMPARE(again.toy, recipe.toy);
        QCOMPARE(again.steps, std::int64_t(0));
        QCOMPARE(again.panels.front().chip, std::string("gan+100*l2"));
        QCOMPARE(again.panels.front().spec.objective.label(), std::string("GAN + 7·ℓ₂"));
        const auto line = command_lines(again);
        for (const char* part : {"--data cross", "--set training.seed=3", "--out toy-1",
                                 "--set training.learning_rate=0.002", "--set objective.l2=7"})
            QVERIFY2(line.contains(part), qPrintable(line));
        QVERIFY(!line.contains("training.steps"));  // a command line has to end
    }

    void bad_recipes_leave_the_page_as_it_is_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no JSON") << QByteArray("{") << "damaged";
        QTest::newRow("other JSON") << QByteArray("{\"a\": 1}") << "Toy Lab";
        QTest::newRow("no panels") << QByteArray(R"({"modescope": "toy recipe", "panels": []})")
                                   << "0 panels";
        QTest::newRow("later version")
            << QByteArray(R"({"modescope": "toy recipe", "version": 9, "panels": []})") << "later version";
        const QByteArray panel = R"({"chip": "gan", "spec": {"objective": {"gan": 1}}})";
        QTest::newRow("twice") << R"({"modescope": "toy recipe", "panels": [)" + panel + "," + panel + "]}"
                               << "twice";
        QTest::newRow("unknown distribution")
            << QByteArray(R"({"modescope": "toy recipe", "panels": [{"chip": "gan", "spec": {"objective":
                {"gan": 1}, "data": {"toy": "rnig"}}}]})")
            << "rnig";
        QTest::newRow("a picture's spec")
            << QByteArray(R"({"modescope": "toy recipe", "panels": [{"chip": "gan", "spec": 7}]})") << "JSON";
    }
    void bad_recipes_leave_the_page_as_it_is() {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        Page page({"l2"});
        page.key(Qt::Key_O, Qt::ControlModifier);
        page.choose_file(write("bad.json", text));
        QVERIFY2(page.strip().contains(says), qPrintable(page.strip()));
        QVERIFY(page.strip().contains("bad.json"));
        QCOMPARE(page.lab->session().size(), std::size_t(1));
    }

    void command_lines_are_shown_and_copied() {
        Page page;
        page.key(Qt::Key_Y);
        page.key(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        auto* text = page.find<QPlainTextEdit>("command_lines");
        const auto lines = text->toPlainText().split('\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY2(lines[0].startsWith("modescope train toy ") && lines[0].endsWith(" --out toy-1 --data fork"),
                 qPrintable(lines[0]));
        QVERIFY2(lines[1].contains("--data fork") && lines[1].contains("--set training.steps=30"),
                 qPrintable(lines[1]));
        auto* dialog = text->window();
        activate(dialog);
        QTest::keyClick(dialog, Qt::Key_Return);
        QCOMPARE(QApplication::clipboard()->text(), text->toPlainText());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!page.lab->findChild<QPlainTextEdit*>("command_lines"));
    }

    void every_shape_shows_its_slice_and_its_parts() {
        Page page({"gan"});
        for (int i = 0; i < 6; ++i) {
            QTRY_VERIFY_WITH_TIMEOUT(page.arrived(), patience);
            QTRY_VERIFY(page.find<QLabel>("parts_sentence")->text().contains(" % of the data's"));
            page.key(Qt::Key_Y);
        }
        QCOMPARE(page.lab->session().toy(), std::string("y"));  // once around
    }

private:
    QString write(const QString& name, const QByteArray& text) const {
        QFile file(folder_.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("cannot write");
        return file.fileName();
    }

    QTemporaryDir folder_;
};

int main(int argc, char** argv) { return run_gui_test<ToyDataTest>(argc, argv, "toy_data_test"); }

#include "toy_data_test.moc"
