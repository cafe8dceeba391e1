// Painting on the canvas by real mouse and key events: strokes, shapes, and taking them back.
#include "widgets/label_canvas.h"

#include <QApplication>
#include <QPointingDevice>
#include <QSignalSpy>
#include <QTabletEvent>
#include <QTest>

#include "tests/small_canvas.h"
#include "widgets/label_paint.h"

using namespace modescope;

class LabelCanvasTest : public SmallCanvas {
    Q_OBJECT
private slots:
    void init() { start(); }
    void cleanup() { canvas_.reset(); }

    void click_paints_the_disc_around_the_pixel();
    void fast_stroke_is_connected();
    void stroke_leaves_and_comes_back();
    void stroke_may_start_outside();
    void one_undo_for_a_stroke();
    void undo_during_a_stroke_drops_it_first();
    void labels_change_live();
    void eraser_paints_the_first_class();
    void fill_tool_is_one_command();
    void shift_click_draws_a_line();
    void arrows_and_enter_paint();
    void escape_drops_the_stroke();
    void pen_pressure_and_eraser_end();

    void drags_paint_shapes_data();
    void drags_paint_shapes();
    void shift_keeps_shapes_regular();
    void shapes_are_painted_anew_at_every_move();
    void polygon_by_clicks();
    void polygon_corners_come_back();
    void lasso_fills_what_it_surrounds();
    void shape_by_keys();
    void locked_class_stays();

    void memory_of_edits_is_bounded();
    void forgotten_edits_leave_an_unsaved_drawing();
    void thousand_strokes_are_undone_one_by_one();
    void replace_is_undoable_and_set_is_not();
};

void LabelCanvasTest::click_paints_the_disc_around_the_pixel() {
    canvas_->set_brush_size(5);
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(10, 12));
    LabelMap expected(map_size, map_size);
    paint(expected, line_region({8, 10}, {8, 10}, 5), 1);
    QCOMPARE(canvas_->labels().data, expected.data);
    QCOMPARE(count(canvas_->labels(), 1), 21);
}

void LabelCanvasTest::fast_stroke_is_connected() {
    stroke(*canvas_, {at(2, 2), at(29, 9)});
    for (int x = 2; x <= 29; ++x) {
        int in_column = 0;
        for (int y = 0; y < map_size; ++y) in_column += canvas_->labels().at(x, y);
        QCOMPARE(in_column, 1);
    }
    QCOMPARE(count(canvas_->labels(), 1), 28);
}

void LabelCanvasTest::stroke_leaves_and_comes_back() {
    stroke(*canvas_, {at(28, 5), at(36, 5), at(36, 20), at(28, 20)});
    for (int x = 28; x < map_size; ++x) {
        QCOMPARE(canvas_->labels().at(x, 5), 1);
        QCOMPARE(canvas_->labels().at(x, 20), 1);
    }
    QCOMPARE(count(canvas_->labels(), 1), 8);
    QCOMPARE(canvas_->undo_stack()->count(), 1);
}

void LabelCanvasTest::stroke_may_start_outside() {
    canvas_->resize(map_size * zoom + 100, map_size * zoom);  // room at both sides
    const QPoint margin(50, 0);
    stroke(*canvas_, {margin + at(-3, 4), margin + at(2, 4)});
    QCOMPARE(count(canvas_->labels(), 1), 3);
    QCOMPARE(canvas_->labels().at(2, 4), 1);
}

void LabelCanvasTest::one_undo_for_a_stroke() {
    const LabelMap before = canvas_->labels();
    canvas_->set_brush_size(4);
    QSignalSpy finished(canvas_.get(), &LabelCanvas::stroke_finished);
    stroke(*canvas_, {at(3, 3), at(20, 8), at(6, 25)});
    const LabelMap after = canvas_->labels();
    QVERIFY(before.data != after.data);
    QCOMPARE(finished.count(), 1);
    QCOMPARE(canvas_->undo_stack()->count(), 1);

    QSignalSpy changed(canvas_.get(), &LabelCanvas::labels_changed);
    canvas_->undo_stack()->undo();
    QCOMPARE(canvas_->labels().data, before.data);
    canvas_->undo_stack()->redo();
    QCOMPARE(canvas_->labels().data, after.data);
    QCOMPARE(changed.count(), 2);

    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(6, 25));  // nothing new there
    QCOMPARE(canvas_->undo_stack()->count(), 1);
}

void LabelCanvasTest::undo_during_a_stroke_drops_it_first() {
    const LabelMap before = canvas_->labels();
    stroke(*canvas_, {at(3, 3), at(20, 3)});
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, at(3, 9));
    move_pressed(*canvas_, at(20, 2));
    canvas_->undo_stack()->undo();
    QCOMPARE(canvas_->labels().data, before.data);
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, at(20, 2));
    QVERIFY(canvas_->undo_stack()->canRedo());
}

void LabelCanvasTest::labels_change_live() {
    QSignalSpy changed(canvas_.get(), &LabelCanvas::labels_changed);
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, at(3, 3));
    QCOMPARE(changed.count(), 1);
    move_pressed(*canvas_, at(4, 3));
    QCOMPARE(changed.count(), 2);
    move_pressed(*canvas_, at(4, 3) + QPoint(1, 0));  // the same pixel
    QCOMPARE(changed.count(), 2);
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, at(4, 3));
    QCOMPARE(changed.count(), 2);
}

void LabelCanvasTest::eraser_paints_the_first_class() {
    canvas_->set_labels(LabelMap(map_size, map_size, 2));
    canvas_->set_tool(LabelCanvas::Tool::Eraser);
    stroke(*canvas_, {at(5, 5), at(9, 5)});
    QCOMPARE(count(canvas_->labels(), 0), 5);
    QCOMPARE(canvas_->current_class(), 1);
    QTest::keyClick(canvas_.get(), Qt::Key_3);
    QCOMPARE(canvas_->tool(), LabelCanvas::Tool::Brush);
}

void LabelCanvasTest::fill_tool_is_one_command() {
    stroke(*canvas_, {at(0, 10), at(31, 10)});
    canvas_->set_tool(LabelCanvas::Tool::Fill);
    canvas_->set_class(3);
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 4));
    QCOMPARE(count(canvas_->labels(), 3), 10 * map_size);
    QCOMPARE(canvas_->undo_stack()->count(), 2);
    canvas_->undo_stack()->undo();
    QCOMPARE(count(canvas_->labels(), 3), 0);
    QCOMPARE(count(canvas_->labels(), 1), map_size);
}

void LabelCanvasTest::shift_click_draws_a_line() {
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 6));
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, Qt::ShiftModifier, at(24, 6));
    QCOMPARE(count(canvas_->labels(), 1), 21);
    QCOMPARE(canvas_->undo_stack()->count(), 2);
    canvas_->undo_stack()->undo();
    QCOMPARE(count(canvas_->labels(), 1), 1);
}

void LabelCanvasTest::arrows_and_enter_paint() {
    QTest::keyClick(canvas_.get(), Qt::Key_Right);  // from the middle
    QTest::keyClick(canvas_.get(), Qt::Key_Up, Qt::ShiftModifier);
    QTest::keyClick(canvas_.get(), Qt::Key_Return);
    QCOMPARE(count(canvas_->labels(), 1), 1);
    QCOMPARE(canvas_->labels().at(17, 8), 1);
    QVERIFY(canvas_->accessibleDescription().contains("road at column 17, row 8"));
    QCOMPARE(canvas_->undo_stack()->count(), 1);
}

void LabelCanvasTest::escape_drops_the_stroke() {
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, at(3, 3));
    move_pressed(*canvas_, at(12, 3));
    QTest::keyClick(canvas_.get(), Qt::Key_Escape);
    QCOMPARE(count(canvas_->labels(), 1), 0);
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, at(12, 3));
    QCOMPARE(canvas_->undo_stack()->count(), 0);
}

void LabelCanvasTest::pen_pressure_and_eraser_end() {
    using Device = QPointingDevice;
    const auto capabilities = QInputDevice::Capability::Position | QInputDevice::Capability::Pressure;
    const Device pen("pen", 1, QInputDevice::DeviceType::Stylus, Device::PointerType::Pen, capabilities, 1,
                     3);
    const Device eraser("eraser", 2, QInputDevice::DeviceType::Stylus, Device::PointerType::Eraser,
                        capabilities, 1, 3);
    const auto tap = [&](const Device& device, double pressure) {
        for (auto type : {QEvent::TabletPress, QEvent::TabletRelease}) {
            QTabletEvent event(type, &device, at(10, 10), canvas_->mapToGlobal(at(10, 10)), pressure, 0, 0, 0,
                               0, 0, {}, Qt::LeftButton,
                               type == QEvent::TabletPress ? Qt::LeftButton : Qt::NoButton);
            QApplication::sendEvent(canvas_.get(), &event);
        }
    };
    canvas_->set_brush_size(10);
    tap(pen, 0.5);
    QCOMPARE(count(canvas_->labels(), 1), 21);  // a brush of 5
    tap(eraser, 0.1);
    QCOMPARE(count(canvas_->labels(), 1), 20);
    QCOMPARE(canvas_->undo_stack()->count(), 2);
}

void LabelCanvasTest::drags_paint_shapes_data() {
    QTest::addColumn<PaintTool>("tool");
    QTest::addColumn<int>("pixels");
    QTest::newRow("line") << PaintTool::Line << 11;
    QTest::newRow("rectangle") << PaintTool::Rectangle << 11 * 7;
    QTest::newRow("ellipse") << PaintTool::Ellipse << 61;
}

void LabelCanvasTest::drags_paint_shapes() {
    QFETCH(PaintTool, tool);
    QFETCH(int, pixels);
    canvas_->set_tool(tool);
    const LabelMap before = canvas_->labels();
    stroke(*canvas_, {at(4, 4), at(20, 25), at(14, 10)});
    const LabelMap after = canvas_->labels();
    QCOMPARE(count(after, 1), pixels);
    QCOMPARE(canvas_->undo_stack()->count(), 1);
    canvas_->undo_stack()->undo();
    QCOMPARE(canvas_->labels().data, before.data);
    canvas_->undo_stack()->redo();
    QCOMPARE(canvas_->labels().data, after.data);
}

void LabelCanvasTest::shift_keeps_shapes_regular() {
    canvas_->set_tool(PaintTool::Rectangle);
    QTest::mousePress(canvas_.get(), Qt::LeftButton, Qt::ShiftModifier, at(4, 4));
    move_pressed(*canvas_, at(12, 7), Qt::ShiftModifier);
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, Qt::ShiftModifier, at(12, 7));
    QCOMPARE(count(canvas_->labels(), 1), 81);
    canvas_->set_tool(PaintTool::Line);
    canvas_->set_class(2);
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, at(2, 20));
    move_pressed(*canvas_, at(22, 22), Qt::ShiftModifier);
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, Qt::ShiftModifier, at(22, 22));
    for (int x = 2; x <= 22; ++x) QCOMPARE(canvas_->labels().at(x, 20), 2);
}

void LabelCanvasTest::shapes_are_painted_anew_at_every_move() {
    canvas_->set_tool(PaintTool::Rectangle);
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, at(4, 4));
    move_pressed(*canvas_, at(20, 20));
    QCOMPARE(count(canvas_->labels(), 1), 17 * 17);
    move_pressed(*canvas_, at(5, 5));
    QCOMPARE(count(canvas_->labels(), 1), 4);
    QTest::keyClick(canvas_.get(), Qt::Key_Escape);
    QCOMPARE(count(canvas_->labels(), 1), 0);
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, at(5, 5));
    QCOMPARE(canvas_->undo_stack()->count(), 0);
}

void LabelCanvasTest::polygon_by_clicks() {
    canvas_->set_tool(PaintTool::Polygon);
    for (const QPoint corner : {at(4, 4), at(24, 4), at(24, 24)})
        QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, corner);
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 24));
    QTest::mouseDClick(canvas_.get(), Qt::LeftButton, {}, at(4, 24));
    QCOMPARE(count(canvas_->labels(), 1), 400);
    QCOMPARE(canvas_->undo_stack()->count(), 1);
    canvas_->undo_stack()->undo();
    QCOMPARE(count(canvas_->labels(), 1), 0);
    canvas_->undo_stack()->redo();
    QCOMPARE(count(canvas_->labels(), 1), 400);
}

void LabelCanvasTest::polygon_corners_come_back() {
    canvas_->set_tool(PaintTool::Polygon);
    for (const QPoint corner : {at(4, 4), at(24, 4), at(24, 24)})
        QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, corner);
    QVERIFY(count(canvas_->labels(), 1) > 150);
    QTest::keyClick(canvas_.get(), Qt::Key_Backspace);
    QTest::keyClick(canvas_.get(), Qt::Key_Backspace);
    QCOMPARE(count(canvas_->labels(), 1), 0);
    QTest::keyClick(canvas_.get(), Qt::Key_Escape);
    QCOMPARE(canvas_->undo_stack()->count(), 0);
}

void LabelCanvasTest::lasso_fills_what_it_surrounds() {
    canvas_->set_tool(PaintTool::Lasso);
    stroke(*canvas_, {at(4, 4), at(24, 4), at(24, 24), at(4, 24)});
    QCOMPARE(count(canvas_->labels(), 1), 400);
    canvas_->undo_stack()->undo();
    QCOMPARE(count(canvas_->labels(), 1), 0);
    canvas_->undo_stack()->redo();
    QCOMPARE(count(canvas_->labels(), 1), 400);
}

void LabelCanvasTest::shape_by_keys() {
    canvas_->set_tool(PaintTool::Rectangle);
    for (const int key :
         {Qt::Key_Right, Qt::Key_Return, Qt::Key_Right, Qt::Key_Down, Qt::Key_Down, Qt::Key_Return})
        QTest::keyClick(canvas_.get(), Qt::Key(key));
    QCOMPARE(count(canvas_->labels(), 1), 6);
    QCOMPARE(canvas_->undo_stack()->count(), 1);
}

void LabelCanvasTest::locked_class_stays() {
    stroke(*canvas_, {at(0, 10), at(31, 10)});
    Locks locked;
    locked.set(1);
    canvas_->set_locked(locked);
    canvas_->set_class(2);
    canvas_->set_tool(PaintTool::Rectangle);
    stroke(*canvas_, {at(0, 9), at(31, 11)});
    QCOMPARE(count(canvas_->labels(), 1), map_size);
    QCOMPARE(count(canvas_->labels(), 2), 2 * map_size);
}

void LabelCanvasTest::memory_of_edits_is_bounded() {
    EditHistory history;
    int value = 0;
    for (int i = 1; i <= 100; ++i) {
        value = i;
        history.push(
            {"Edit", [&value, i] { value = i - 1; }, [&value, i] { value = i; }, std::size_t{1} << 20});
        QVERIFY(history.bytes() <= EditHistory::most_bytes);
        QCOMPARE(value, i);  // nothing is redone by forgetting
    }
    history.stack()->undo();
    QCOMPARE(value, 99);
    history.stack()->redo();
    QCOMPARE(value, 100);
}

void LabelCanvasTest::forgotten_edits_leave_an_unsaved_drawing() {
    EditHistory history;
    const auto push = [&](std::size_t bytes) { history.push({"Edit", [] {}, [] {}, bytes}); };
    push(1);
    history.stack()->setClean();
    push(EditHistory::most_bytes);
    while (history.stack()->canUndo()) history.stack()->undo();
    QVERIFY(!history.stack()->isClean());  // it is not what was saved
}

void LabelCanvasTest::thousand_strokes_are_undone_one_by_one() {
    canvas_->resize(512, 512);
    canvas_->set_labels(LabelMap(512, 512));
    canvas_->set_brush_size(12);
    for (int i = 0; i < 1000; ++i) {
        canvas_->set_class(1 + i % 3);
        const int y = 10 + i * 7 % 490;
        stroke(*canvas_, {{20 + i % 400, y}, {60 + i % 400, y + 5}, {90 + i % 400, y}});
    }
    QCOMPARE(canvas_->undo_stack()->count(), 1000);
    while (canvas_->undo_stack()->canUndo()) canvas_->undo_stack()->undo();
    QCOMPARE(count(canvas_->labels(), 0), 512 * 512);
}

void LabelCanvasTest::replace_is_undoable_and_set_is_not() {
    canvas_->replace_labels(LabelMap(map_size, map_size, 3), "Random layout");
    QCOMPARE(count(canvas_->labels(), 3), map_size * map_size);
    QCOMPARE(canvas_->undo_stack()->undoText(), "Random layout");
    canvas_->undo_stack()->undo();
    QCOMPARE(count(canvas_->labels(), 0), map_size * map_size);
    canvas_->set_labels(LabelMap(64, 48, 1));
    QCOMPARE(canvas_->undo_stack()->count(), 0);
    QCOMPARE(canvas_->canvas_rect(), QRectF(0, 40, 320, 240));
}

int main(int argc, char** argv) { return run_gui_test<LabelCanvasTest>(argc, argv, "label_canvas_test"); }

#include "label_canvas_test.moc"
