// The toy's past: kept compactly, scrubbed with the mouse, replayed, and written as a film.
#include <QComboBox>
#include <QDir>
#include <QImage>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "app/labs/toy/toy_film.h"
#include "app/labs/toy/toy_lab.h"
#include "app/labs/toy/toy_slice.h"
#include "app/labs/toy/toy_timeline_bar.h"
#include "core/base/error.h"
#include "widgets/toy_panel.h"

using namespace modescope;

namespace {

constexpr int patience = 60'000;

/// A look as large as the program's own.
ToyView look(std::int64_t step) {
    ToyView view;
    view.step = step;
    view.score.w1 = 1.0 / static_cast<double>(step + 1);
    for (int i = 0; i < 600; ++i) {
        const float x = -1 + static_cast<float>(i) / 300;
        view.samples.push_back({x, std::sin(x + 0.01f * static_cast<float>(step))});
    }
    for (int i = 0; i < 41; ++i) view.sample_moments.push_back({static_cast<float>(i) / 41, 0.25f, 0.05f});
    view.predictor = view.sample_moments;
    view.discriminator = Raster<float>(56, 44, 1, 0.75f);
    return view;
}

struct Bar {
    ToyTimelineBar bar;
    QSignalSpy chosen{&bar, &ToyTimelineBar::step_chosen};

    Bar() {
        bar.resize(800, 32);
        bar.set_last_step(1000);
        bar.show();
        (void)QTest::qWaitForWindowExposed(&bar);
    }
    QSlider* slider() { return bar.findChild<QSlider*>("timeline"); }
    QPoint at(double share) { return {qRound(share * slider()->width()), slider()->height() / 2}; }
};

}  // namespace

class ToyTimelineTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("modescope-test");
        QCoreApplication::setApplicationName("toy-timeline-test");
    }

    void a_look_comes_back_within_rounding() {
        ToyTimeline timeline;
        const auto kept = look(20);
        timeline.append(look(10));
        timeline.append(kept);
        const auto found = timeline.at(25);
        QCOMPARE(found->step, 20);
        QCOMPARE(found->score.w1, kept.score.w1);
        QCOMPARE(found->samples.size(), kept.samples.size());
        for (std::size_t i = 0; i < kept.samples.size(); ++i) {
            QCOMPARE(found->samples[i][0], kept.samples[i][0]);
            QVERIFY(std::abs(found->samples[i][1] - kept.samples[i][1]) < 1e-4);
        }
        QVERIFY(std::abs(found->predictor[3].centre - 0.25f) < 1e-4);
        QVERIFY(std::abs(found->discriminator.at(5, 5) - 0.75f) < 0.003);
        QCOMPARE(timeline.at(19)->step, 10);
        QCOMPARE(timeline.at(0)->step, 10);
        QVERIFY(!ToyTimeline().at(0));
    }

    void going_back_forgets_what_came_later() {
        ToyTimeline timeline;
        for (int step = 0; step < 100; ++step) timeline.append(look(step));
        timeline.append(look(40));
        QCOMPARE(timeline.last_step(), 40);
        QCOMPARE(timeline.size(), std::size_t(41));
    }

    void five_thousand_steps_of_six_panels_stay_below_300_MB() {
        ToyTimeline timeline;
        for (int step = 0; step <= 5000; ++step) timeline.append(look(step));
        QCOMPARE(timeline.last_step(), 5000);
        QVERIFY2(6 * timeline.bytes() < 300'000'000, qPrintable(QString::number(timeline.bytes())));
        for (int i = 0; i < 600; ++i) QVERIFY(timeline.at((i * 37) % 5000));
    }

    void an_endless_training_is_thinned_out() {
        ToyTimeline timeline;
        for (int step = 0; step < 20'000; ++step) timeline.append(look(step));
        QVERIFY(timeline.size() <= ToyTimeline::most);
        QVERIFY(timeline.last_step() > 19'990);
        for (const int step : {0, 5'000, 19'000}) QVERIFY(std::abs(timeline.at(step)->step - step) < 10);
    }

    void the_handle_follows_while_live() {
        Bar page;
        QCOMPARE(page.slider()->value(), 1000);
        page.bar.set_last_step(1500);
        QCOMPARE(page.slider()->value(), 1500);
        QVERIFY(page.bar.is_live());
        QVERIFY(page.chosen.empty());
    }

    void a_drag_scrubs_back_and_forth() {
        Bar page;
        QTest::mousePress(page.slider(), Qt::LeftButton, {}, page.at(0.75));
        QVERIFY(!page.bar.is_live());
        const auto first = page.bar.step();
        QVERIFY(std::abs(first - 750) < 30);
        QTest::mouseMove(page.slider(), page.at(0.25));
        QVERIFY(std::abs(page.bar.step() - 250) < 30);
        QTest::mouseMove(page.slider(), page.at(0.5));
        QTest::mouseRelease(page.slider(), Qt::LeftButton, {}, page.at(0.5));
        QVERIFY(std::abs(page.bar.step() - 500) < 30);
        QCOMPARE(page.chosen.size(), 3);
        page.bar.set_last_step(1100);  // the training goes on, the step shown stays
        QVERIFY(std::abs(page.bar.step() - 500) < 30);
    }

    void live_jumps_to_the_end() {
        Bar page;
        QSignalSpy live(&page.bar, &ToyTimelineBar::went_live);
        QTest::mouseClick(page.slider(), Qt::LeftButton, {}, page.at(0.3));
        auto* button = page.bar.findChild<QToolButton*>("live");
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(live.size(), 1);
        QCOMPARE(page.bar.step(), 1000);
        QVERIFY(!button->isEnabled());
    }

    void replay_runs_from_the_beginning_to_the_end() {
        Bar page;
        auto* speed = page.bar.findChild<QComboBox*>("replay_speed");
        speed->setCurrentIndex(speed->count() - 1);
        QTest::mouseClick(page.bar.findChild<QToolButton*>("replay"), Qt::LeftButton);
        QVERIFY(page.bar.is_replaying());
        QVERIFY(page.bar.step() < 500);
        QTRY_VERIFY(!page.bar.is_replaying());
        QCOMPARE(page.bar.step(), 1000);
        QVERIFY(page.chosen.size() > 5);
    }

    void arrow_keys_move_by_a_step() {
        Bar page;
        page.slider()->setFocus();
        QTest::keyClick(page.slider(), Qt::Key_Left);
        QCOMPARE(page.bar.step(), 999);
        QTest::keyClick(page.slider(), Qt::Key_Home);
        QCOMPARE(page.bar.step(), 0);
    }

    void the_page_shows_the_step_chosen() {
        QSettings().clear();
        QSettings().setValue("toy_lab/configurations", QStringList{"gan", "l2"});
        ToyLab lab;
        lab.resize(1200, 800);
        lab.show();
        (void)QTest::qWaitForWindowActive(&lab);
        auto* slider = lab.findChild<QSlider*>("timeline");
        QTRY_VERIFY_WITH_TIMEOUT(slider->maximum() > 60, patience);
        QTest::mouseClick(slider, Qt::LeftButton, {}, {slider->width() / 2, slider->height() / 2});
        const int chosen = slider->value();
        QVERIFY(chosen < slider->maximum());
        for (std::size_t i = 0; i < 2; ++i) QVERIFY(lab.panel(i)->plot().view->step <= chosen);
        const auto last = slider->maximum();
        QTRY_VERIFY_WITH_TIMEOUT(slider->maximum() > last, patience);
        for (std::size_t i = 0; i < 2; ++i) QVERIFY(lab.panel(i)->plot().view->step <= chosen);
        QTest::keyClick(&lab, Qt::Key_L);
        QTRY_VERIFY_WITH_TIMEOUT(lab.panel(0)->plot().view->step > chosen, patience);
    }

    void films_and_pictures_are_written() {
        QTemporaryDir folder;
        ToyFilm film;
        film.size = {160, 120};
        film.last_step = 20;
        film.frames = 5;
        ToyFilm::Panel panel{.cell = {0, 0, 160, 120}, .name = "GAN", .plot = {}, .timeline = {}};
        for (int step = 0; step <= 20; ++step) panel.timeline.append(look(step));
        film.panels.push_back(panel);
        QCOMPARE(save_film(film, folder.filePath("f.mp4"), [](double) { return true; }),
                 QStringList{folder.filePath("f.mp4")});
        QVERIFY(QFileInfo(folder.filePath("f.mp4")).size() > 500);
        ToyFilmJob job(film, folder.filePath("p.png"));
        QTRY_VERIFY(job.is_done());
        const auto pictures = job.result();
        QCOMPARE(pictures.size(), 5);
        for (int i = 1; i <= 5; ++i) {
            QCOMPARE(pictures[i - 1], folder.filePath(QStringLiteral("p-000%1.png").arg(i)));
            QCOMPARE(QImage(pictures[i - 1]).size(), film.size);
        }
    }

    void a_cancelled_film_leaves_nothing() {
        QTemporaryDir folder;
        ToyFilm film;
        film.size = {160, 120};
        const auto stop_soon = [](double share) { return share < 0.1; };
        QVERIFY(save_film(film, folder.filePath("f.mp4"), stop_soon).isEmpty());
        QVERIFY(QDir(folder.path()).isEmpty(QDir::Files | QDir::Hidden));
        bool refused = false;
        try {
            save_film(film, folder.filePath("nowhere/f.mp4"), [](double) { return true; });
        } catch (const Error&) {
            refused = true;
        }
        QVERIFY(refused);
    }

    void modes_hit_counts_the_branches_with_samples() {
        const auto truth = ToyDistribution::y_shape();
        ToyView both, one;
        for (int i = 0; i < 200; ++i) {
            const float x = 0.55f + static_cast<float>(i) / 2000;
            both.samples.push_back({x, i % 2 == 0 ? x : -x});
            one.samples.push_back({x, x});
        }
        QCOMPARE(modes_hit(both, truth, 0.6).hit, 2);
        QCOMPARE(modes_hit(one, truth, 0.6).hit, 1);
        QCOMPARE(modes_hit(one, truth, 0.6).all, 2);
        QCOMPARE(modes_hit(one, truth, -0.6).hit, 0);
    }
};

QTEST_MAIN(ToyTimelineTest)
#include "toy_timeline_test.moc"
