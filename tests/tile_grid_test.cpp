// The tiles, the classes' palette and the theme's colours, driven by real mouse and key events.
#include "widgets/tile_grid.h"

#include <QClipboard>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "tests/gui_test.h"
#include "widgets/class_palette.h"
#include "widgets/theme.h"

using namespace modescope;

namespace {

std::vector<LabelClass> four_classes() {
    return {{"sky", "sky", {70, 130, 180}},
            {"road", "road", {128, 64, 128}},
            {"tree", "tree", {107, 142, 35}},
            {"car", "car", {0, 0, 142}}};
}

TileGrid::Tile tile(QColor colour, quint64 seed) {
    QImage picture(64, 64, QImage::Format_RGB32);
    picture.fill(colour);
    return {picture, seed, false};
}

}  // namespace

class TileGridTest : public QObject {
    Q_OBJECT
private slots:
    void palette_by_mouse();
    void tiles_are_as_large_as_possible();
    void pin_by_mouse_and_key();
    void copy_from_a_tile();
    void configuration_colours_are_stable();
    void icons_follow_the_palette();
};

void TileGridTest::palette_by_mouse() {
    ClassPalette palette;
    palette.set_classes(four_classes());
    palette.resize(200, palette.heightForWidth(200));
    palette.show();
    QSignalSpy chosen(&palette, &ClassPalette::chosen);
    auto chips = palette.findChildren<QToolButton*>();
    chips.removeIf([](const QToolButton* button) { return !button->isCheckable(); });  // the filter's
    QCOMPARE(chips.size(), 4);
    QVERIFY(chips[3]->y() > chips[0]->y());  // wrapped
    QTest::mouseClick(chips[2], Qt::LeftButton);
    QCOMPARE(chosen.takeFirst().first().toInt(), 2);
    palette.set_current(3);
    QCOMPARE(palette.current(), 3);
    QVERIFY(!chips[2]->isChecked());
    QVERIFY(chosen.isEmpty());
    QCOMPARE(chips[1]->toolTip(), "Paint road (key 2)");
}

void TileGridTest::tiles_are_as_large_as_possible() {
    TileGrid grid;
    grid.set_tiles({tile(Qt::red, 1), tile(Qt::red, 2), tile(Qt::red, 3), tile(Qt::red, 4)});
    grid.resize(400, 100);
    grid.show();
    QCOMPARE(grid.tile_rect(3), QRect(3 * 102, 0, 94, 94));
    grid.resize(208, 208);
    QCOMPARE(grid.tile_rect(3), QRect(108, 108, 100, 100));
}

void TileGridTest::pin_by_mouse_and_key() {
    TileGrid grid;
    grid.resize(408, 200);
    grid.set_tiles({tile(Qt::red, 4127), tile(Qt::blue, 4128)});
    grid.show();
    QSignalSpy pinned(&grid, &TileGrid::pin_toggled);
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.pin_rect(1).center());
    QCOMPARE(pinned.takeFirst().first().toInt(), 1);
    QVERIFY(grid.tiles()[1].pinned);
    QTest::mouseDClick(&grid, Qt::LeftButton, {}, grid.tile_rect(0).center());
    QCOMPARE(pinned.count(), 1);
    QVERIFY(grid.tiles()[0].pinned);
    QTest::keyClick(&grid, Qt::Key_Right);
    QTest::keyClick(&grid, Qt::Key_P);
    QVERIFY(!grid.tiles()[1].pinned);
    QVERIFY(grid.accessibleDescription().contains("seed 4128"));
    grid.set_pinnable(false);
    QTest::keyClick(&grid, Qt::Key_P);
    QCOMPARE(pinned.count(), 2);
}

void TileGridTest::copy_from_a_tile() {
    TileGrid grid;
    grid.resize(408, 200);
    grid.set_tiles({tile(Qt::red, 4127), tile(Qt::blue, 4128)});
    grid.show();
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.tile_rect(1).center());
    QTest::keySequence(&grid, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->image().pixelColor(5, 5), QColor(Qt::blue));
}

void TileGridTest::configuration_colours_are_stable() {
    QCOMPARE(configuration_colour("gan+unheard"), configuration_colour("gan+unheard"));
    QVERIFY(configuration_colour("gan+pmr2") != configuration_colour("gan+l1"));
    apply_theme(*qApp, Scheme::Light);
    QVERIFY(!is_dark(qApp->palette()));
    QCOMPARE(configuration_colour("gan+pmr2"), QColor("#009e73"));
    apply_theme(*qApp, Scheme::Dark);
    QVERIFY(is_dark(qApp->palette()));
}

void TileGridTest::icons_follow_the_palette() {
    const QIcon plus = icon("plus");
    const auto centre = [&] { return plus.pixmap(QSize(48, 48), 1.0).toImage().pixelColor(24, 24); };
    apply_theme(*qApp, Scheme::Light);
    QVERIFY(centre().lightnessF() < 0.3);
    apply_theme(*qApp, Scheme::Dark);
    QVERIFY(centre().lightnessF() > 0.7);
}

int main(int argc, char** argv) { return run_gui_test<TileGridTest>(argc, argv, "tile_grid_test"); }

#include "tile_grid_test.moc"
