// Which pixels a tool covers, and edits of whole label maps.
#include "widgets/label_paint.h"

#include <QTest>
#include <algorithm>

#include "widgets/label_edits.h"

using namespace modescope;

namespace {

constexpr int map_size = 32;

int count(const LabelMap& map, int label) {
    return static_cast<int>(std::count(map.data.begin(), map.data.end(), label));
}

QRect stamp(LabelMap& map, QPoint origin, int size, int label) {
    return paint(map, line_region(origin, origin, size), label);
}

QRect stamp_line(LabelMap& map, QPoint from, QPoint to, int size, int label) {
    return paint(map, line_region(from, to, size), label);
}

QRect flood_fill(LabelMap& map, QPoint start, int label) {
    return paint(map, connected_region(map, start), label);
}

}  // namespace

class LabelPaintTest : public QObject {
    Q_OBJECT
private slots:
    void brush_is_the_disc_of_pixel_centres_data();
    void brush_is_the_disc_of_pixel_centres();
    void outline_encloses_exactly_the_brush();
    void lines_have_no_gaps();
    void fill_stops_at_diagonals();
    void fill_of_a_large_map_is_complete();
    void masks_grow_shrink_and_invert();
    void holes_and_specks();
};

void LabelPaintTest::brush_is_the_disc_of_pixel_centres_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("pixels");
    QTest::newRow("1") << 1 << 1;
    QTest::newRow("2") << 2 << 4;
    QTest::newRow("3") << 3 << 9;
    QTest::newRow("4") << 4 << 12;
    QTest::newRow("5") << 5 << 21;
    QTest::newRow("7") << 7 << 37;
}

void LabelPaintTest::brush_is_the_disc_of_pixel_centres() {
    QFETCH(int, size);
    QFETCH(int, pixels);
    LabelMap map(map_size, map_size);
    const QRect changed = stamp(map, brush_origin({16.2, 16.7}, size), size, 1);
    QCOMPARE(count(map, 1), pixels);
    QCOMPARE(changed.size(), QSize(size, size));
    QVERIFY(stamp(map, brush_origin({16.2, 16.7}, size), size, 1).isNull());
}

void LabelPaintTest::outline_encloses_exactly_the_brush() {
    for (int size : {1, 2, 5, 8, 31})
        for (int y = 0; y < size; ++y)
            for (int x = 0; x < size; ++x)
                QCOMPARE(brush_outline(size).contains(QPointF(x + 0.5, y + 0.5)), brush_covers(size, x, y));
}

void LabelPaintTest::lines_have_no_gaps() {
    LabelMap map(map_size, map_size);
    const QRect changed = stamp_line(map, {1, 30}, {28, 3}, 1, 1);
    QCOMPARE(changed, QRect(QPoint(1, 3), QPoint(28, 30)));
    for (int x = 1; x <= 28; ++x) QCOMPARE(map.at(x, 31 - x), 1);
    QCOMPARE(count(map, 1), 28);
}

void LabelPaintTest::fill_stops_at_diagonals() {
    LabelMap map(8, 8);
    stamp_line(map, {0, 4}, {4, 0}, 1, 2);  // a diagonal: no 4-connected way through
    QCOMPARE(flood_fill(map, {0, 0}, 1), QRect(0, 0, 4, 4));
    QCOMPARE(count(map, 1), 10);
    QVERIFY(flood_fill(map, {0, 0}, 1).isNull());
    QVERIFY(flood_fill(map, {-1, 0}, 1).isNull());
}

void LabelPaintTest::fill_of_a_large_map_is_complete() {
    LabelMap map(512, 512);
    for (int i = 0; i < 511; ++i)  // a comb: many runs
        if (i % 2) stamp_line(map, {i, i % 4 == 1 ? 0 : 1}, {i, i % 4 == 1 ? 510 : 511}, 1, 2);
    const int walls = count(map, 2);
    flood_fill(map, {0, 0}, 3);
    QCOMPARE(count(map, 3), 512 * 512 - walls);
}

void LabelPaintTest::masks_grow_shrink_and_invert() {
    LabelMap mask(8, 8);
    mask.at(3, 3) = 1;
    QCOMPARE(count(grow_mask(mask), 1), 5);
    QCOMPARE(shrink_mask(grow_mask(mask)).data, mask.data);
    QCOMPARE(count(invert_mask(mask), 1), 63);
}

void LabelPaintTest::holes_and_specks() {
    LabelMap map(12, 12);
    paint(map, rectangle_region({2, 2}, {8, 8}), 1);
    paint(map, rectangle_region({4, 4}, {5, 5}), 2);
    QCOMPARE(count(fill_holes(map, 1), 1), 49);
    QCOMPARE(count(fill_holes(map, 1), 0), 144 - 49);
    QCOMPARE(count(remove_specks(map, 5), 1), 49);
    QCOMPARE(count(remove_specks(map, 4), 2), 4);
    QCOMPARE(count(replace_class(map, 2, 3), 3), 4);
}

QTEST_GUILESS_MAIN(LabelPaintTest)
#include "label_paint_test.moc"
