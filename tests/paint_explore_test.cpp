// Exploring the noise in the Paint Studio: neighbours, frozen levels, walks between tiles, found pairs.
#include <QAction>
#include <QCheckBox>
#include <QFileInfo>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include "app/labs/paint/explore_bar.h"
#include "app/labs/paint/mix_panel.h"
#include "tests/paint_lab_page.h"
#include "widgets/mix_pad.h"

using namespace modescope;

class PaintExploreTest : public PaintLabPage {
    Q_OBJECT
private slots:
    void initTestCase() { make_models(); }
    void init() { start(); }
    void cleanup() { lab_.reset(); }

    void neighbours_are_near();
    void pinned_tile_is_not_varied();
    void frozen_levels_share_their_noise();
    void two_tiles_are_interpolated();
    void four_tiles_are_interpolated();
    void interpolation_plays_and_is_kept();
    void film_is_written();
    void found_pair_is_the_nearest();
};

void PaintExploreTest::neighbours_are_near() {
    const auto before = pictures(tiles());
    tiles().set_current(3);
    QTest::keyClick(&canvas(), Qt::Key_V);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles())[0] != before[0], patience);
    QCOMPARE(pictures(tiles())[3], before[3]);
    for (const quint64 seed : seeds(tiles())) QCOMPARE(seed, seeds(tiles())[3]);
    QVERIFY(pictures(tiles())[0] != pictures(tiles())[1]);
    const auto varied = pictures(tiles());
    find<QSlider>("Amount of variation").setValue(90);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles())[0] != varied[0], patience);
    QCOMPARE(pictures(tiles())[3], before[3]);
    QTest::keyClick(&canvas(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(seeds(tiles())[0] != seeds(tiles())[1], patience);
}

void PaintExploreTest::pinned_tile_is_not_varied() {
    QTest::mouseClick(&tiles(), Qt::LeftButton, {}, tiles().pin_rect(2).center());
    const auto before = pictures(tiles());
    tiles().set_current(0);
    QTest::keyClick(&canvas(), Qt::Key_V);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles())[1] != before[1], patience);
    QCOMPARE(pictures(tiles())[2], before[2]);
    QCOMPARE(pictures(tiles())[0], before[0]);
}

void PaintExploreTest::frozen_levels_share_their_noise() {
    const auto before = pictures(tiles());
    auto checks = lab_->findChild<ExploreBar*>()->findChildren<QCheckBox*>();
    const auto model = Sampler::load(model_path("street-64-gan+pmr2").toStdString());
    QCOMPARE(std::size_t(checks.size()), model->noise_levels().size());
    tiles().set_current(1);
    for (auto* check : checks) QTest::keyClick(check, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(alike(pictures(tiles())[0], before[1]), patience);  // nothing is left to vary
    QTRY_VERIFY_WITH_TIMEOUT(alike(pictures(tiles())[7], before[1]), patience);
    for (auto* check : checks.mid(1)) check->setChecked(false);
    std::vector<NoiseRecipe> noises;
    for (const quint64 seed : seeds(tiles())) {
        noises.emplace_back(seed);
        noises.back().frozen_levels = {0};
        noises.back().frozen_seed = seeds(tiles())[1];
    }
    std::vector<QImage> partly_frozen;
    for (const auto& picture : model->sample({.labels = canvas().labels()}, noises))
        partly_frozen.push_back(to_qimage(picture));
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == partly_frozen, patience);
    QCOMPARE(pictures(tiles())[1], before[1]);
    for (auto* check : checks) check->setChecked(false);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == before, patience);
}

void PaintExploreTest::two_tiles_are_interpolated() {
    QTest::mouseClick(&tiles(), Qt::LeftButton, Qt::ControlModifier, tiles().tile_rect(1).center());
    QTest::mouseClick(&tiles(), Qt::LeftButton, Qt::ControlModifier, tiles().tile_rect(4).center());
    QTest::keyClick(&canvas(), Qt::Key_J);
    auto& large = find<TileGrid>("Interpolated sample");
    auto& pad = find<MixPad>("Interpolation pad");
    QVERIFY(large.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!large.tiles().empty(), patience);
    QTest::mousePress(&pad, Qt::LeftButton, {}, pad.place_of({0.5, 0.5}).toPoint());
    move_pressed(pad, pad.place_of({0, 0.5}) - QPointF(30, 0));
    QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[1]), patience);
    move_pressed(pad, pad.place_of({1, 0.5}) + QPointF(30, 0));
    QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[4]), patience);
    move_pressed(pad, pad.place_of({0.5, 0.5}));
    QTRY_VERIFY_WITH_TIMEOUT(large.tiles()[0].picture != pictures(tiles())[4], patience);
    QTest::mouseRelease(&pad, Qt::LeftButton);
    QTest::keyClick(&pad, Qt::Key_Home);
    QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[1]), patience);
    QTest::keyClick(&pad, Qt::Key_Escape);
    QVERIFY(!large.isVisible());
}

void PaintExploreTest::four_tiles_are_interpolated() {
    tiles().setFocus();
    for (int i = 0; i < 3; ++i) QTest::keyClick(&tiles(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(tiles().selected(), (std::vector{0, 1, 2, 3}));
    QTest::keyClick(&tiles(), Qt::Key_J);
    auto& pad = find<MixPad>("Interpolation pad");
    auto& large = find<TileGrid>("Interpolated sample");
    QTRY_VERIFY_WITH_TIMEOUT(!large.tiles().empty(), patience);
    const QPointF corners[] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};
    for (int i = 0; i < 4; ++i) {
        QTest::mouseClick(
            &pad, Qt::LeftButton, {},
            (pad.place_of(corners[i]) + QPointF(corners[i].x() - 0.5, corners[i].y() - 0.5) * 4).toPoint());
        QCOMPARE(pad.position(), corners[i]);
        QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[i]), patience);
    }
    // The walk follows the drawing.
    const QImage before = large.tiles()[0].picture;
    QTest::keyClick(&canvas(), Qt::Key_L);
    QTRY_VERIFY_WITH_TIMEOUT(
        large.tiles()[0].picture != before && alike(large.tiles()[0].picture, pictures(tiles())[3]),
        patience);
}

void PaintExploreTest::interpolation_plays_and_is_kept() {
    tiles().select({0, 1});
    QTest::keyClick(&canvas(), Qt::Key_J);
    auto& pad = find<MixPad>("Interpolation pad");
    auto& large = find<TileGrid>("Interpolated sample");
    QTRY_VERIFY_WITH_TIMEOUT(!large.tiles().empty(), patience);
    QTest::keyClick(&pad, Qt::Key_P, Qt::ShiftModifier);
    const QPointF start = pad.position();
    QTRY_VERIFY_WITH_TIMEOUT(pad.position() != start, patience);
    QTest::keyClick(&pad, Qt::Key_P, Qt::ShiftModifier);
    QTest::keyClick(&pad, Qt::Key_Left);
    QTRY_VERIFY_WITH_TIMEOUT(large.tiles()[0].caption == pad.accessibleDescription(), patience);
    const QImage kept = large.tiles()[0].picture;
    QTest::keyClick(&pad, Qt::Key_K, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(tiles().tiles()[2].pinned, patience);
    QVERIFY(alike(pictures(tiles())[2], kept));
    QTest::keyClick(&pad, Qt::Key_Left);
    QTest::keyClick(&pad, Qt::Key_K, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(tiles().tiles()[3].pinned, patience);
    QVERIFY(alike(pictures(tiles())[2], kept));  // pinned, it stays
}

void PaintExploreTest::film_is_written() {
    tiles().select({0, 1});
    QTest::keyClick(&canvas(), Qt::Key_J);
    auto* panel = lab_->findChild<MixPanel*>();
    QSignalSpy done(panel, &MixPanel::exported);
    const QString path = folder_.filePath("walk.mp4");
    panel->export_film(path);
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, patience);
    QVERIFY(QFileInfo(path).size() > 1000);
    QVERIFY(strip().text().contains("walk.mp4"));
    panel->export_film(folder_.filePath("missing/walk.mp4"));
    QTRY_VERIFY_WITH_TIMEOUT(strip().text().contains("missing"), patience);
}

void PaintExploreTest::found_pair_is_the_nearest() {
    auto* nearest = lab_->findChild<QAction*>("paint.nearest");
    QTRY_VERIFY_WITH_TIMEOUT(find<QToolButton>("Find tiles").isEnabled(), patience);
    nearest->trigger();
    QCOMPARE(tiles().selected().size(), 2u);
    const auto shown = seeds(tiles());
    const std::vector<std::uint64_t> numbers(shown.begin(), shown.end());
    const auto samples = Sampler::load(model_path("street-64-gan+pmr2").toStdString())
                             ->sample({.labels = canvas().labels()}, numbers);
    const auto expected = extremes_of(samples)->nearest;
    QCOMPARE(tiles().selected(), (std::vector{expected.first, expected.second}));
    QVERIFY(tiles().tiles()[expected.first].mark.contains("nearest"));
    lab_->findChild<QAction*>("paint.unusual")->trigger();
    QCOMPARE(tiles().selected(), (std::vector{extremes_of(samples)->unusual}));
}

int main(int argc, char** argv) { return run_gui_test<PaintExploreTest>(argc, argv, "paint_explore_test"); }

#include "paint_explore_test.moc"
