// What the canvas shows and tells, and how class, brush and view are chosen, by real mouse and key events.
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QPointingDevice>
#include <QSignalSpy>
#include <QTabletEvent>
#include <QTest>
#include <QWheelEvent>

#include "tests/small_canvas.h"

using namespace modescope;

class CanvasViewTest : public SmallCanvas {
    Q_OBJECT
private slots:
    void init() { start(); }
    void cleanup() { canvas_.reset(); }

    void right_click_and_alt_click_take_the_class();
    void bracket_keys_and_wheel_change_the_size();
    void digits_choose_classes();
    void eyedropper_takes_the_class();
    void letters_choose_classes_beyond_ten();

    void space_is_the_pages_unless_it_drags();
    void wheel_zooms_around_the_pointer();
    void middle_drag_moves_the_view();
    void pen_never_moves_the_view();
    void tab_held_shows_the_bare_picture();
    void picture_shows_the_classes_colours();

    void hover_tells_pixel_and_class();
    void screen_readers_hear_the_cell();
};

void CanvasViewTest::right_click_and_alt_click_take_the_class() {
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 6));
    QSignalSpy changed(canvas_.get(), &LabelCanvas::class_changed);
    QTest::mouseClick(canvas_.get(), Qt::RightButton, {}, at(20, 20));
    QCOMPARE(canvas_->current_class(), 0);
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, Qt::AltModifier, at(4, 6));
    QCOMPARE(canvas_->current_class(), 1);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(canvas_->undo_stack()->count(), 1);
}

void CanvasViewTest::bracket_keys_and_wheel_change_the_size() {
    QSignalSpy changed(canvas_.get(), &LabelCanvas::brush_size_changed);
    QTest::keyClick(canvas_.get(), Qt::Key_BracketRight);
    QTest::keyClick(canvas_.get(), Qt::Key_BracketRight);
    QCOMPARE(canvas_->brush_size(), 3);
    QTest::keyClick(canvas_.get(), Qt::Key_BracketLeft);
    QCOMPARE(canvas_->brush_size(), 2);
    QWheelEvent wheel(at(5, 5), canvas_->mapToGlobal(at(5, 5)), {}, {0, 240}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(canvas_.get(), &wheel);
    QCOMPARE(canvas_->brush_size(), 4);
    QCOMPARE(changed.count(), 4);
    canvas_->set_brush_size(0);
    QCOMPARE(canvas_->brush_size(), 1);
}

void CanvasViewTest::digits_choose_classes() {
    QTest::keyClick(canvas_.get(), Qt::Key_4);
    QCOMPARE(canvas_->current_class(), 3);
    QTest::keyClick(canvas_.get(), Qt::Key_9);  // there is no ninth
    QCOMPARE(canvas_->current_class(), 3);
}

void CanvasViewTest::eyedropper_takes_the_class() {
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 6));
    canvas_->set_class(3);
    canvas_->set_tool(PaintTool::Eyedropper);
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 6));
    QCOMPARE(canvas_->current_class(), 1);
    QCOMPARE(canvas_->tool(), PaintTool::Brush);
}

void CanvasViewTest::letters_choose_classes_beyond_ten() {
    std::vector<LabelClass> many;
    for (int i = 0; i < 12; ++i) {
        const auto name = "class" + std::to_string(i);
        many.push_back({name, name, {std::uint8_t(20 * i), 0, 0}});
    }
    canvas_->set_classes(many);
    QTest::keyClick(canvas_.get(), Qt::Key_0);
    QCOMPARE(canvas_->current_class(), 9);
    QTest::keyClick(canvas_.get(), Qt::Key_B, Qt::ShiftModifier);
    QCOMPARE(canvas_->current_class(), 11);
}

void CanvasViewTest::space_is_the_pages_unless_it_drags() {
    QAction resample(canvas_.get());
    resample.setShortcut(Qt::Key_Space);
    canvas_->addAction(&resample);
    QSignalSpy pressed(&resample, &QAction::triggered);
    QTest::keyClick(canvas_.get(), Qt::Key_Space);
    QCOMPARE(pressed.count(), 1);
    const LabelMap before = canvas_->labels();
    const QPoint from = at(10, 10);
    QTest::keyPress(canvas_.get(), Qt::Key_Space);
    QTest::mousePress(canvas_.get(), Qt::LeftButton, {}, from);
    move_pressed(*canvas_, from + QPoint(30, 20));
    QTest::mouseRelease(canvas_.get(), Qt::LeftButton, {}, from + QPoint(30, 20));
    QTest::keyRelease(canvas_.get(), Qt::Key_Space);
    QCOMPARE(pressed.count(), 1);
    QVERIFY(canvas_->labels() == before);
}

void CanvasViewTest::wheel_zooms_around_the_pointer() {
    const QPointF pointer(200, 100);
    const auto under = [&] { return (pointer - canvas_->canvas_rect().topLeft()) / canvas_->zoom(); };
    const QPointF before = under();
    QWheelEvent wheel(pointer, canvas_->mapToGlobal(pointer), {}, {0, 240}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(canvas_.get(), &wheel);
    QVERIFY(canvas_->zoom() > 1.5 * zoom);
    QVERIFY(QLineF(before, under()).length() < 1e-9);
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, pointer.toPoint());
    QCOMPARE(canvas_->labels().at(20, 10), 1);
    canvas_->zoom_to_fit();
    QCOMPARE(canvas_->zoom(), double(zoom));
}

void CanvasViewTest::middle_drag_moves_the_view() {
    canvas_->zoom_by(2);
    const QPointF before = canvas_->canvas_rect().topLeft();
    QTest::mousePress(canvas_.get(), Qt::MiddleButton, {}, {100, 100});
    move_pressed(*canvas_, {130, 110});
    QTest::mouseRelease(canvas_.get(), Qt::MiddleButton, {}, {130, 110});
    QCOMPARE(canvas_->canvas_rect().topLeft(), before + QPointF(30, 10));
    QCOMPARE(canvas_->undo_stack()->count(), 0);
}

void CanvasViewTest::pen_never_moves_the_view() {
    canvas_->zoom_by(2);
    canvas_->set_tool(PaintTool::Pan);
    const QRectF before = canvas_->canvas_rect();
    const QPointingDevice pen("pen", 3, QInputDevice::DeviceType::Stylus, QPointingDevice::PointerType::Pen,
                              QInputDevice::Capability::Position, 1, 3);
    for (const auto& [type, x] : {std::pair(QEvent::TabletPress, 100), std::pair(QEvent::TabletMove, 160),
                                  std::pair(QEvent::TabletRelease, 160)}) {
        const QPointF position(x, 100);
        QTabletEvent event(type, &pen, position, canvas_->mapToGlobal(position), 1, 0, 0, 0, 0, 0, {},
                           Qt::LeftButton, type == QEvent::TabletRelease ? Qt::NoButton : Qt::LeftButton);
        QApplication::sendEvent(canvas_.get(), &event);
    }
    QCOMPARE(canvas_->canvas_rect(), before);
    QCOMPARE(canvas_->undo_stack()->count(), 1);
}

void CanvasViewTest::tab_held_shows_the_bare_picture() {
    QImage photo(map_size, map_size, QImage::Format_RGB32);
    photo.fill(Qt::yellow);
    canvas_->set_backdrop(photo);
    const auto middle = [&] { return canvas_->grab().toImage().pixelColor(at(16, 16)); };
    QCOMPARE(middle(), QColor(70, 130, 180));
    canvas_->setFocus();
    QTest::keyPress(canvas_.get(), Qt::Key_Tab);
    QCOMPARE(middle(), QColor(Qt::yellow));
    QTest::keyRelease(canvas_.get(), Qt::Key_Tab);
    QCOMPARE(middle(), QColor(70, 130, 180));
    canvas_->set_opacity(0.5);
    QCOMPARE(middle().red(), (70 + 255) / 2);
    canvas_->set_clear_class(0);
    QCOMPARE(middle(), QColor(Qt::yellow));
}

void CanvasViewTest::picture_shows_the_classes_colours() {
    canvas_->set_class(3);
    canvas_->set_brush_size(3);
    stroke(*canvas_, {at(10, 10), at(14, 10)});
    QTest::mouseMove(canvas_.get(), at(25, 25));
    const QImage shown = canvas_->grab().toImage();
    const double ratio = shown.devicePixelRatio();
    QCOMPARE(shown.pixelColor((QPointF(at(12, 9)) * ratio).toPoint()), QColor(0, 0, 142));
    QCOMPARE(shown.pixelColor((QPointF(at(12, 7)) * ratio).toPoint()), QColor(70, 130, 180));
}

void CanvasViewTest::hover_tells_pixel_and_class() {
    QTest::mouseClick(canvas_.get(), Qt::LeftButton, {}, at(4, 6));
    QSignalSpy hovered(canvas_.get(), &LabelCanvas::hovered);
    QTest::mouseMove(canvas_.get(), at(5, 6));
    QTest::mouseMove(canvas_.get(), at(4, 6));
    QCOMPARE(hovered.last(), QVariantList({QPoint(4, 6), 1}));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(canvas_.get(), &leave);
    QCOMPARE(hovered.last(), QVariantList({QPoint(-1, -1), -1}));
}

void CanvasViewTest::screen_readers_hear_the_cell() {
    QTest::keyClick(canvas_.get(), Qt::Key_Right);
    QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(canvas_.get());
    QVERIFY(interface);
    QCOMPARE(interface->role(), QAccessible::Canvas);
    QCOMPARE(interface->text(QAccessible::Value), "sky");
    QVERIFY(interface->text(QAccessible::Description).contains("32 × 32 pixels"));
}

int main(int argc, char** argv) { return run_gui_test<CanvasViewTest>(argc, argv, "canvas_view_test"); }

#include "canvas_view_test.moc"
