// The Toy Lab, driven by real mouse and key events while it really trains.

#include "app/labs/toy/toy_lab.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <algorithm>

#include "app/labs/toy/toy_board.h"
#include "app/labs/toy/toy_export.h"
#include "app/labs/toy/toy_tuning.h"
#include "tests/gui_test.h"
#include "widgets/chart.h"
#include "widgets/message_strip.h"
#include "widgets/toy_panel.h"

using namespace modescope;

namespace {

/// A shown lab with these configurations, as if the user had left it so.
struct Page {
    explicit Page(const QStringList& formulas = {"gan", "l2"}) {
        QSettings settings;
        settings.clear();
        settings.setValue("toy_lab/configurations", formulas);
        lab = std::make_unique<ToyLab>();
        lab->resize(1200, 800);
        lab->show();
        lab->activateWindow();
        (void)QTest::qWaitForWindowActive(lab.get());
    }

    std::vector<std::int64_t> steps() const {
        std::vector<std::int64_t> list;
        for (std::size_t i = 0; i < lab->session().size(); ++i)
            list.push_back(lab->session().status(i).progress.step);
        return list;
    }
    std::int64_t fewest() const { return std::ranges::min(steps()); }
    std::int64_t most() const { return std::ranges::max(steps()); }
    bool started() const {
        for (std::size_t i = 0; i < lab->session().size(); ++i)
            if (!lab->session().run(i)) return false;
        return true;
    }
    /// Paused, and every run at the same step, which the page knows.
    bool rests() const {
        const auto& session = lab->session();
        for (std::size_t i = 0; i < session.size(); ++i) {
            if (!session.run(i)) return false;
            const auto status = session.run(i)->status();
            if (status.state == RunState::training) return false;
            if (status.progress.step != session.status(i).progress.step) return false;
        }
        return !session.playing() && fewest() == most();
    }

    template <class Widget>
    Widget* find(const QString& name) const {
        auto* widget = lab->findChild<Widget*>(name);
        if (!widget) qFatal("no widget %s", qUtf8Printable(name));
        return widget;
    }
    void click(const QString& name) const { QTest::mouseClick(find<QAbstractButton>(name), Qt::LeftButton); }
    void key(Qt::Key key) const { QTest::keyClick(lab.get(), key); }
    void type(const QString& formula) const {
        click("add");
        QTest::keyClicks(find<QLineEdit>("formula"), formula);
        QTest::keyClick(find<QLineEdit>("formula"), Qt::Key_Return);
    }
    MessageStrip* strip() const { return lab->findChild<MessageStrip*>(); }

    std::unique_ptr<ToyLab> lab;
};

}  // namespace

class ToyLabTest : public QObject {
    Q_OBJECT

private slots:
    void plays_by_itself_and_pauses();
    void space_pauses_and_plays();
    void step_advances_every_panel_by_one();
    void step_of_d_leaves_the_generators();
    void slow_motion_tells_one_step();
    void slow_motion_tells_d_or_g_alone();
    void slow_motion_says_what_the_step_did();
    void runs_stay_in_step();
    void predictor_comes_first_and_catches_up();
    void run_to_stops_every_run_there();
    void slow_speed_is_kept();
    void chip_adds_and_removes();
    void close_button_unchecks_the_chip();
    void what_was_closed_comes_back_as_it_was_tuned();
    void last_panel_may_go();
    void typed_formula_joins();
    void bad_formula_shows_the_strip();
    void same_seed_gives_the_same_scores();
    void new_seed_gives_others();
    void retuned_weight_changes_the_heading();
    void what_was_tuned_is_reset();
    void click_selects_a_panel();
    void layers_follow_chips_and_digits();
    void hidden_page_rests();
    void settings_are_kept();
    void facts_are_told();
    void command_line_names_what_differs();
    void scores_are_saved();
    void panels_are_saved();
};

void ToyLabTest::plays_by_itself_and_pauses() {
    Page page;
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 5, patience);
    page.click("play");
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    const auto steps = page.steps();
    QTest::qWait(200);  // nothing may happen
    QCOMPARE(page.steps(), steps);
}

void ToyLabTest::space_pauses_and_plays() {
    Page page;
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    const auto before = page.most();
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > before + 5, patience);
    QCOMPARE(page.find<QPushButton>("play")->text(), QString("Pause"));
}

void ToyLabTest::step_advances_every_panel_by_one() {
    Page page;
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 0, patience);
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    for (const auto action : {+[](Page& p) { p.click("step"); }, +[](Page& p) { p.key(Qt::Key_S); },
                              +[](Page& p) { p.key(Qt::Key_Right); }, +[](Page& p) { p.click("step_g"); }}) {
        const auto before = page.most();
        action(page);
        QTRY_COMPARE_WITH_TIMEOUT(page.steps(), std::vector<std::int64_t>(2, before + 1), patience);
        QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    }
}

void ToyLabTest::step_of_d_leaves_the_generators() {
    Page page({"gan"});
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 0, patience);
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    const auto steps = page.steps();
    std::size_t rows = 0;
    page.lab->session().run(0)->log_since(rows);
    page.key(Qt::Key_D);
    bool only_d = false;
    const auto d_was_trained = [&] {
        for (const auto& row : page.lab->session().run(0)->log_since(rows))
            only_d = only_d || (row.values.size() == 1 && row.values.front().first == "d");
        return only_d;
    };
    QTRY_VERIFY_WITH_TIMEOUT(d_was_trained(), patience);
    QCOMPARE(page.steps(), steps);
}

void ToyLabTest::slow_motion_tells_one_step() {
    Page page({"gan+100*l2"});
    QTRY_VERIFY_WITH_TIMEOUT(page.started() && page.fewest() > 5, patience);
    page.click("slow_motion");
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    auto* text = page.find<QLabel>("lesson");
    QVERIFY(text->isVisible() && text->text().startsWith("1 "));
    const auto before = page.most();
    QStringList told{text->text()};
    for (int i = 0; i < 20 && text->isVisible(); ++i) {
        page.key(Qt::Key_M);
        if (text->isVisible()) told << text->text();
    }
    QCOMPARE(told.size(), 7);  // batch, samples, surface, step D, batch, one sample each, step G
    QVERIFY(told[3].contains("Step D") && told[6].contains("Step G"));
    QTRY_COMPARE_WITH_TIMEOUT(page.most(), before + 1, patience);
    QVERIFY(page.lab->panel(0)->plot().layers.samples);
}

void ToyLabTest::slow_motion_tells_d_or_g_alone() {
    Page page({"gan"});
    QTRY_VERIFY_WITH_TIMEOUT(page.started() && page.fewest() > 5, patience);
    auto* text = page.find<QLabel>("lesson");
    const auto tell = [&](Qt::Key key) {
        QTest::keyClick(page.lab.get(), key, Qt::ShiftModifier);
        QStringList told;
        for (int i = 0; i < 20 && text->isVisible(); ++i) {
            told << text->text();
            page.key(Qt::Key_M);
        }
        return told.join('\n');
    };
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    const auto before = page.most();
    const auto of_d = tell(Qt::Key_D);
    QVERIFY2(of_d.contains("Step D") && !of_d.contains("Step G"), qPrintable(of_d));
    const auto of_g = tell(Qt::Key_G);
    QVERIFY2(of_g.contains("Step G") && !of_g.contains("Step D"), qPrintable(of_g));
    QTRY_COMPARE_WITH_TIMEOUT(page.most(), before + 1, patience);
}

void ToyLabTest::slow_motion_says_what_the_step_did() {
    Page page({"l2"});
    QTRY_VERIFY_WITH_TIMEOUT(page.started() && page.fewest() > 5, patience);
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.rests(), patience);
    QTest::keyClick(page.lab.get(), Qt::Key_G, Qt::ShiftModifier);
    auto* text = page.find<QLabel>("lesson");
    while (text->isVisible() && !text->text().contains("Step G")) page.key(Qt::Key_M);
    QTRY_VERIFY_WITH_TIMEOUT(text->text().contains("W₁, was 0."), patience);
}

void ToyLabTest::runs_stay_in_step() {
    Page page({"gan", "l2", "gan+mr1"});
    QTRY_VERIFY_WITH_TIMEOUT(page.started(), patience);
    std::int64_t widest = 0;
    const auto far_enough = [&] {
        widest = std::max(widest, page.most() - page.fewest());
        return page.fewest() > 150;
    };
    QTRY_VERIFY_WITH_TIMEOUT(far_enough(), patience);
    QVERIFY2(widest <= ToySession::slack, qPrintable(QString::number(widest)));
}

void ToyLabTest::predictor_comes_first_and_catches_up() {
    Page page({"l2", "gan+10*pmr2"});
    const auto& session = page.lab->session();
    QTRY_VERIFY_WITH_TIMEOUT(session.status(1).progress.predictor_step > 0, patience);
    QVERIFY(session.is_behind(1));
    QTRY_VERIFY_WITH_TIMEOUT(page.lab->panel(1)->plot().layers.predictor, patience);
    QTRY_VERIFY_WITH_TIMEOUT(page.steps()[0] > 0, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!session.is_behind(1) && page.steps()[1] > 30, patience);
    QVERIFY(page.most() - page.fewest() <= ToySession::slack);
    QTRY_VERIFY(!page.lab->panel(1)->plot().layers.predictor);
}

void ToyLabTest::run_to_stops_every_run_there() {
    Page page;
    auto* stop = page.find<QSpinBox>("stop");
    stop->selectAll();
    QTest::keyClicks(stop, "60");
    QTest::keyClick(stop, Qt::Key_Return);
    page.key(Qt::Key_R);
    QTRY_VERIFY_WITH_TIMEOUT(page.started() && page.rests() && page.fewest() > 0, patience);
    QCOMPARE(page.steps(), std::vector<std::int64_t>(2, 60));
    page.click("play");  // goes on beyond
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 70, patience);
    QVERIFY(stop->value() > 60);
}

void ToyLabTest::slow_speed_is_kept() {
    Page page({"l2"});
    page.find<QComboBox>("speed")->setCurrentIndex(0);
    page.key(Qt::Key_R);
    QTRY_VERIFY_WITH_TIMEOUT(page.started() && page.most() == 1, patience);
    QElapsedTimer watch;
    watch.start();
    QTRY_VERIFY_WITH_TIMEOUT(page.most() >= 6, patience);
    QVERIFY2(watch.elapsed() > 800, qPrintable(QString::number(watch.elapsed())));
}

void ToyLabTest::chip_adds_and_removes() {
    Page page;
    page.click("chip:l1");
    QCOMPARE(page.lab->session().size(), std::size_t(3));
    QCOMPARE(page.lab->panel(2)->accessibleName(), QString("ℓ₁"));
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 0, patience);
    page.click("chip:gan");
    QCOMPARE(page.lab->session().size(), std::size_t(2));
    QCOMPARE(page.lab->panel(0)->accessibleName(), QString("ℓ₂"));
    const auto before = page.fewest();
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > before, patience);
}

void ToyLabTest::close_button_unchecks_the_chip() {
    Page page;
    QTest::mouseClick(page.lab->panel(0)->findChild<QToolButton*>("close"), Qt::LeftButton);
    QCOMPARE(page.lab->session().size(), std::size_t(1));
    QVERIFY(!page.find<QToolButton>("chip:gan")->isChecked());
}

void ToyLabTest::what_was_closed_comes_back_as_it_was_tuned() {
    Page page;
    QTRY_VERIFY_WITH_TIMEOUT(page.started(), patience);
    page.lab->session().run(0)->retune("training.learning_rate", 0.0005);
    QTRY_COMPARE_WITH_TIMEOUT(page.lab->session().spec(0).training.learning_rate, 0.0005, patience);
    QTest::mouseClick(page.lab->panel(0)->findChild<QToolButton*>("close"), Qt::LeftButton);
    auto* strip = page.lab->findChild<MessageStrip*>();
    QVERIFY2(strip->text().contains("GAN"), qPrintable(strip->text()));
    for (auto* button : strip->findChildren<QPushButton*>())
        if (button->text() == "Bring it back") QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(page.lab->session().size(), std::size_t(2));
    QCOMPARE(page.lab->session().spec(1).training.learning_rate, 0.0005);
    QVERIFY(page.find<QToolButton>("chip:gan")->isChecked());
    QVERIFY(strip->isHidden());
}

void ToyLabTest::last_panel_may_go() {
    Page page({"l2"});
    page.click("chip:l2");
    QCOMPARE(page.lab->session().size(), std::size_t(0));
    page.key(Qt::Key_S);
    page.key(Qt::Key_R);
    page.click("chip:l2");
    page.key(Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(page.started(), patience);
}

void ToyLabTest::typed_formula_joins() {
    Page page;
    page.type("gan + 5*l1");
    QCOMPARE(page.lab->session().size(), std::size_t(3));
    QCOMPARE(page.lab->panel(2)->accessibleName(), QString("GAN + 5·ℓ₁"));
    QVERIFY(!page.find<QLineEdit>("formula")->isVisible());
    QVERIFY(page.find<QToolButton>("chip:gan+5*l1")->isChecked());
    QVERIFY(page.lab->panel(2)->plot().colour != page.lab->panel(0)->plot().colour);
}

void ToyLabTest::bad_formula_shows_the_strip() {
    Page page;
    page.type("gan+5*nonsense");
    QVERIFY(page.strip()->isVisible());
    QVERIFY2(page.strip()->text().contains("nonsense"), qPrintable(page.strip()->text()));
    QVERIFY(page.find<QLineEdit>("formula")->isVisible());
    QCOMPARE(page.lab->session().size(), std::size_t(2));
}

/// W1 of every run after 20 single steps from a restart.
static void twenty_steps(Page& page, std::vector<double>& scores) {
    QTRY_VERIFY_WITH_TIMEOUT(page.started(), patience);
    for (std::int64_t step = page.most(); step < 20; ++step) {
        page.key(Qt::Key_S);
        QTRY_VERIFY_WITH_TIMEOUT(page.fewest() == step + 1 && page.rests(), patience);
    }
    const auto viewed = [&](std::size_t i) { return page.lab->session().run(i)->view()->step == 20; };
    QTRY_VERIFY_WITH_TIMEOUT(viewed(0) && viewed(1), patience);
    for (const std::size_t i : {0, 1}) scores.push_back(page.lab->session().run(i)->view()->score.w1);
}

void ToyLabTest::same_seed_gives_the_same_scores() {
    Page page;
    page.key(Qt::Key_Space);
    std::vector<double> first, second;
    page.key(Qt::Key_R);
    twenty_steps(page, first);
    page.key(Qt::Key_R);
    twenty_steps(page, second);
    QCOMPARE(first.size(), std::size_t(2));
    QCOMPARE(first, second);
}

void ToyLabTest::new_seed_gives_others() {
    Page page;
    page.key(Qt::Key_Space);
    std::vector<double> first, second;
    page.key(Qt::Key_R);
    twenty_steps(page, first);
    page.click("dice");
    twenty_steps(page, second);
    QVERIFY(first != second);
    QCOMPARE(page.lab->session().seed(), std::int64_t(page.find<QSpinBox>("seed")->value()));
}

void ToyLabTest::retuned_weight_changes_the_heading() {
    Page page({"gan+100*l2"});
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 0, patience);
    page.key(Qt::Key_T);
    auto* weight = page.find<QDoubleSpinBox>("objective.l2");
    QVERIFY(weight->isVisible());
    weight->selectAll();
    QTest::keyClicks(weight, "7");
    QTest::keyClick(weight, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(page.lab->panel(0)->accessibleName(), QString("GAN + 7·ℓ₂"), patience);
    QCOMPARE(page.lab->session().spec(0).objective.weight(Term::l2), 7.0);
    auto* slider = page.lab->findChild<ToyTuning*>()->findChild<QSlider*>();  // of the first term, GAN
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_PageUp);
    QTRY_COMPARE_WITH_TIMEOUT(page.lab->panel(0)->accessibleName(), QString("1.6·GAN + 7·ℓ₂"), patience);
}

void ToyLabTest::what_was_tuned_is_reset() {
    Page page({"gan+100*l2"});
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 0, patience);
    page.key(Qt::Key_T);
    const auto* chip = page.find<QToolButton>("chip:gan+100*l2");
    QVERIFY(!page.find<QPushButton>("tuning_reset")->isEnabled());
    auto* weight = page.find<QDoubleSpinBox>("objective.l2");
    weight->selectAll();
    QTest::keyClicks(weight, "7");
    QTest::keyClick(weight, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(chip->text(), QString("GAN + 7·ℓ₂"), patience);
    QTest::mouseClick(page.find<QPushButton>("tuning_reset"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(chip->text(), QString("GAN + 100·ℓ₂"), patience);
    QCOMPARE(page.lab->session().spec(0).objective.weight(Term::l2), 100.0);
    QVERIFY(!page.find<QPushButton>("tuning_reset")->isEnabled());
}

void ToyLabTest::click_selects_a_panel() {
    Page page;
    auto* parts = page.lab->findChild<StackChart*>();
    QVERIFY2(parts->accessibleName().endsWith("ℓ₂"), qPrintable(parts->accessibleName()));
    auto* plot = page.lab->panel(0)->findChild<QWidget*>("plot");
    QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(plot->width() / 2, plot->height() / 2));
    QVERIFY2(parts->accessibleName().endsWith("GAN"), qPrintable(parts->accessibleName()));
    QCOMPARE(page.lab->panel(1)->plot().slice, page.lab->panel(0)->plot().slice);
}

void ToyLabTest::layers_follow_chips_and_digits() {
    Page page;
    page.click("layer3");
    QTRY_VERIFY(page.lab->panel(0)->plot().layers.discriminator);
    page.key(Qt::Key_3);
    QTRY_VERIFY(!page.lab->panel(0)->plot().layers.discriminator);
    page.key(Qt::Key_1);
    QTRY_VERIFY(!page.lab->panel(1)->plot().layers.density);
    QVERIFY(!page.find<QToolButton>("layer1")->isChecked());
}

void ToyLabTest::hidden_page_rests() {
    Page page;
    QTRY_VERIFY_WITH_TIMEOUT(page.fewest() > 5, patience);
    page.lab->hide();
    const auto* run = page.lab->session().run(1);
    QTRY_VERIFY_WITH_TIMEOUT(run->status().state != RunState::training, patience);
    const auto steps = run->status().progress.step;
    page.lab->show();
    QTRY_VERIFY_WITH_TIMEOUT(run->status().progress.step > steps, patience);
}

void ToyLabTest::settings_are_kept() {
    {
        Page page;
        page.click("chip:l1");
        page.click("layer4");
        page.type("gan+5*l1");
    }
    ToyLab again;
    QCOMPARE(again.session().size(), std::size_t(4));
    QVERIFY(again.findChild<QToolButton*>("chip:gan+5*l1")->isChecked());
    QVERIFY(again.findChild<QToolButton*>("chip:l1")->isChecked());
    QVERIFY(again.findChild<QToolButton*>("layer4")->isChecked());
}

void ToyLabTest::facts_are_told() {
    Page page;
    QSignalSpy told(page.lab.get(), &Lab::status_changed);
    QTRY_VERIFY_WITH_TIMEOUT(!told.empty(), patience);
    const auto facts = told.last().at(0).toStringList();
    QCOMPARE(facts.first(), QString("2 configurations"));
    QVERIFY(facts.contains("Adam 1e-3"));
    QCOMPARE(facts.last(), QString("seed 7"));
}

void ToyLabTest::command_line_names_what_differs() {
    Spec spec = preset_spec("toy");
    spec.objective = parse_objective("gan+100*l2");
    spec.training.seed = 7;
    QCOMPARE(command_line(spec), QString("modescope train toy --set objective.l2=100 --set objective.pmr2=0 "
                                         "--set training.seed=7"));
}

void ToyLabTest::scores_are_saved() {
    QTemporaryDir folder;
    ToyScore score{.w1 = 0.25, .minor_mode = 0.5, .valid = 1, .decomposition = {0.1, 0.2, 0.3}};
    save_scores({{"GAN", {0, 10}, {score, score}}}, folder.filePath("a.csv"));
    QFile file(folder.filePath("a.csv"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto lines = file.readAll().split('\n');
    QCOMPARE(lines.at(2), QByteArray("GAN,10,0.25,0.5,1,0.1,0.2,0.3"));
    QVERIFY_EXCEPTION_THROWN(save_scores({}, folder.filePath("missing/a.csv")), Error);
}

void ToyLabTest::panels_are_saved() {
    Page page;
    QTRY_VERIFY_WITH_TIMEOUT(page.started() && page.lab->session().run(1)->view(), patience);
    QTemporaryDir folder;
    const auto& board = *page.lab->findChild<ToyBoard*>();
    save_board(board, folder.filePath("a.png"));
    QCOMPARE(QImage(folder.filePath("a.png")).size(), board.size() * 2);
    save_board(board, folder.filePath("a.svg"));
    QFile svg(folder.filePath("a.svg"));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    QVERIFY(svg.readAll().contains("ℓ₂"));
}

int main(int argc, char** argv) { return run_gui_test<ToyLabTest>(argc, argv, "toy_lab_test"); }

#include "toy_lab_test.moc"
