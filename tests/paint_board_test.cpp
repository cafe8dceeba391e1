// The painting desk for every task: photos, masks, small pixels, by real mouse and key events.
#include <QApplication>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoView>
#include <QWheelEvent>
#include <algorithm>
#include <chrono>
#include <memory>

#include "app/labs/paint/board_operations.h"
#include "app/labs/paint/paint_desk.h"
#include "app/labs/tile_engine.h"
#include "core/training/run.h"
#include "tests/find_widget.h"
#include "tests/gui_test.h"
#include "widgets/class_palette.h"

using namespace modescope;

namespace {

using Model = std::shared_ptr<const Sampler>;

/// A model that has hardly learned anything.
Model make_model(const QString& folder, const char* preset,
                 const std::vector<const char*>& assignments = {}) {
    Spec spec = preset_spec(preset);
    spec.objective.samples = 2;
    for (const char* assignment : assignments) set_field(spec, assignment);
    for (const char* assignment :
         {"training.steps=1", "training.predictor_steps=1", "training.batch=2", "training.predictor_batch=2",
          "training.conditions=2", "network.features=8"})
        set_field(spec, assignment);
    const QString directory = folder + "/" + preset;
    Run run(spec, {.directory = directory.toStdString()});
    run.run_to(1);
    run.wait(std::chrono::milliseconds(patience));
    run.finish();
    run.wait(std::chrono::milliseconds(patience));
    return Sampler::load((directory + "/model.safetensors").toStdString());
}

/// Left half red, right half green, lower quarter blue.
QImage photo(int width, int height) {
    QImage picture(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            picture.setPixelColor(x, y, 4 * y >= 3 * height ? Qt::blue : 2 * x < width ? Qt::red : Qt::green);
    return picture;
}

int count(const LabelMap& map, int label) {
    return static_cast<int>(std::count(map.data.begin(), map.data.end(), label));
}

QColor colour_at(const Image& picture, int x, int y) {
    return {picture.at(x, y, 0), picture.at(x, y, 1), picture.at(x, y, 2)};
}

}  // namespace

class PaintBoardTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { desk_.reset(); }

    void frame_moves_scales_and_turns();
    void random_face_is_a_condition_that_the_model_takes_data();
    void random_face_is_a_condition_that_the_model_takes();
    void chips_follow_the_task();
    void mask_is_painted_and_operated_on();
    void every_mask_operation_is_undone();
    void photo_is_placed_by_mouse_wheel_and_key();
    void dropped_photo_is_undoable();
    void small_pixels_are_painted();
    void models_of_one_small_side_have_pictures_of_their_own();
    void eyedropper_takes_a_colour_of_the_photo();
    void conditions_come_back_and_misfits_are_refused();
    void label_picture_of_unknown_colours_is_told();
    void label_operations_by_buttons();
    void history_can_be_shown();

private:
    LabelCanvas& canvas() const { return *desk_->canvas(); }
    QPoint at(int x, int y) const { return pixel_on(canvas(), x, y); }
    void drag(QPoint from, QPoint to);
    void press(const char* button);

    QTemporaryDir folder_;
    Model inpainting_, enlarging_;
    std::unique_ptr<PaintDesk> desk_;
};

void PaintBoardTest::initTestCase() {
    inpainting_ = make_model(folder_.path(), "faces-inpaint-64");
    enlarging_ = make_model(folder_.path(), "faces-sr-64");
}

void PaintBoardTest::init() {
    desk_ = std::make_unique<PaintDesk>(new QWidget);
    desk_->resize(600, 900);
    desk_->show();
    QVERIFY(QTest::qWaitForWindowExposed(desk_.get()));
    canvas().set_brush_size(1);
}

void PaintBoardTest::drag(QPoint from, QPoint to) {
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, from);
    move_pressed(canvas(), to);
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, to);
}

void PaintBoardTest::press(const char* name) {
    QTest::mouseClick(&find_named<QToolButton>(*desk_, name), Qt::LeftButton);
}

void PaintBoardTest::frame_moves_scales_and_turns() {
    PhotoFrame frame(photo(128, 64));
    QCOMPARE(frame.render(64).pixelColor(31, 10), QColor(Qt::red));  // 64 … 95 of 128 are left of the middle
    frame.move({-1, 0});
    QCOMPARE(frame.render(64).pixelColor(0, 10), QColor(Qt::green));
    frame.move({5, 5});  // no farther than to the edge
    QCOMPARE(frame.render(64).pixelColor(63, 10), QColor(Qt::red));
    frame.scale(2, {0, 1});
    QCOMPARE(frame.render(64).pixelColor(3, 60), QColor(Qt::blue));
    QCOMPARE(frame.render(64).pixelColor(3, 3), QColor(Qt::red));
    frame.scale(0.1, {0, 0});
    const QImage before = frame.render(64);
    frame.turn(1);
    QCOMPARE(frame.render(64).pixelColor(5, 30), QColor(Qt::blue));
    frame.turn(-1);
    QCOMPARE(frame.render(64), before);
}

void PaintBoardTest::random_face_is_a_condition_that_the_model_takes_data() {
    QTest::addColumn<Model>("model");
    QTest::newRow("inpainting") << inpainting_;
    QTest::newRow("super-resolution") << enlarging_;
}

void PaintBoardTest::random_face_is_a_condition_that_the_model_takes() {
    QFETCH(Model, model);
    desk_->set_model(*model);
    const std::vector<std::uint64_t> seeds{1};
    const Condition first = desk_->condition();
    QCOMPARE(model->sample(first, seeds).front().width, 64);
    QSignalSpy changed(desk_.get(), &PaintDesk::condition_changed);
    QTest::keyClick(&canvas(), Qt::Key_L);
    QVERIFY(!changed.isEmpty());
    const Condition second = desk_->condition();
    QVERIFY(!(second == first));
    canvas().undo_stack()->undo();
    QVERIFY(desk_->condition() == first);
    canvas().undo_stack()->redo();
    QVERIFY(desk_->condition() == second);
}

void PaintBoardTest::chips_follow_the_task() {
    const auto chips = [this] {
        int visible = 0;
        for (auto* chip : desk_->findChild<ClassPalette*>()->findChildren<QToolButton*>())
            visible += !chip->visibleRegion().isEmpty();
        return visible;
    };
    QTRY_COMPARE(chips(), 8);
    desk_->set_model(*inpainting_);
    QTRY_COMPARE(chips(), 2);
    desk_->set_model(*enlarging_);
    QTRY_COMPARE(chips(), 9);
}

void PaintBoardTest::mask_is_painted_and_operated_on() {
    desk_->set_model(*inpainting_);
    press("Clear");
    QCOMPARE(count(desk_->condition().mask, 1), 0);
    QTest::keyClick(&canvas(), Qt::Key_R);
    drag(at(10, 10), at(19, 14));
    QCOMPARE(count(desk_->condition().mask, 1), 50);
    press("Grow");
    QCOMPARE(count(desk_->condition().mask, 1), 80);
    press("Shrink");
    QCOMPARE(count(desk_->condition().mask, 1), 50);
    press("Invert");
    QCOMPARE(count(desk_->condition().mask, 0), 50);
    press("Centre square");
    QCOMPARE(count(desk_->condition().mask, 1), 32 * 32);
    QTest::keyClick(&canvas(), Qt::Key_E);
    drag(at(20, 20), at(20, 20));
    QCOMPARE(count(desk_->condition().mask, 1), 32 * 32 - 1);
}

void PaintBoardTest::every_mask_operation_is_undone() {
    desk_->set_model(*inpainting_);
    for (const char* operation : {"Grow", "Shrink", "Invert", "Clear", "Centre square"}) {
        const Condition before = desk_->condition();
        press(operation);
        const Condition after = desk_->condition();
        QVERIFY2(!(after == before), operation);
        canvas().undo_stack()->undo();
        QVERIFY2(desk_->condition() == before, operation);
        canvas().undo_stack()->redo();
        QVERIFY2(desk_->condition() == after, operation);
    }
}

void PaintBoardTest::photo_is_placed_by_mouse_wheel_and_key() {
    desk_->set_model(*inpainting_);
    press("Clear");
    desk_->operations()->take_picture(photo(256, 128), "photo.png");
    const int steps = canvas().undo_stack()->count();
    QTest::keyClick(&canvas(), Qt::Key_T);
    QCOMPARE(canvas().tool(), PaintTool::Photo);
    const Condition first = desk_->condition();
    QCOMPARE(colour_at(first.picture, 40, 10), QColor(Qt::green));
    drag(at(10, 10), at(26, 10));
    QCOMPARE(colour_at(desk_->condition().picture, 40, 10), QColor(Qt::red));
    QCOMPARE(canvas().undo_stack()->count(), steps + 1);
    canvas().undo_stack()->undo();
    QVERIFY(desk_->condition() == first);
    QWheelEvent wheel(at(32, 63), canvas().mapToGlobal(at(32, 63)), {}, {0, 360}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvas(), &wheel);
    QCOMPARE(colour_at(desk_->condition().picture, 10, 40), QColor(Qt::blue));
    QTest::keyClick(&canvas(), Qt::Key_Period);
    QCOMPARE(colour_at(desk_->condition().picture, 3, 30), QColor(Qt::blue));
    QTest::keyClick(&canvas(), Qt::Key_Comma);
    QCOMPARE(colour_at(desk_->condition().picture, 10, 62), QColor(Qt::blue));
}

void PaintBoardTest::dropped_photo_is_undoable() {
    desk_->set_model(*enlarging_);
    const Condition before = desk_->condition();
    const QString path = folder_.filePath("photo.png");
    QVERIFY(photo(200, 200).save(path));
    desk_->operations()->open_picture(path);
    QCOMPARE(colour_at(desk_->condition().picture, 2, 2), QColor(Qt::red));
    canvas().undo_stack()->undo();
    QVERIFY(desk_->condition() == before);
    QSignalSpy problem(desk_.get(), &PaintDesk::problem);
    desk_->operations()->open_picture(folder_.filePath("missing.png"));
    QVERIFY(problem.takeFirst().first().toString().contains("missing.png"));
    QVERIFY(desk_->condition() == before);
}

void PaintBoardTest::small_pixels_are_painted() {
    desk_->set_model(*enlarging_);
    QCOMPARE(canvas().labels().width, 16);
    const Condition before = desk_->condition();
    QTest::keyClick(&canvas(), Qt::Key_B);
    QTest::keyClick(&canvas(), Qt::Key_2);
    drag(at(5, 5), at(5, 5));
    const Condition after = desk_->condition();
    QCOMPARE(colour_at(after.picture, 5, 5), QColor("#202020"));
    QCOMPARE(colour_at(after.picture, 6, 5), colour_at(before.picture, 6, 5));
    QTest::keyClick(&canvas(), Qt::Key_E);
    drag(at(5, 5), at(5, 5));
    QVERIFY(desk_->condition() == before);
}

void PaintBoardTest::models_of_one_small_side_have_pictures_of_their_own() {
    const QTemporaryDir own;
    const auto larger = make_model(own.path(), "faces-sr-64", {"data.size=128", "data.scale=8"});
    desk_->set_model(*enlarging_);
    desk_->set_model(*larger);
    canvas().set_class(1);
    drag(at(12, 14), at(12, 14));
    const Condition condition = desk_->condition();
    QCOMPARE(condition.picture.width, 16);
    QCOMPARE(colour_at(condition.picture, 12, 14), QColor("#202020"));
}

void PaintBoardTest::eyedropper_takes_a_colour_of_the_photo() {
    desk_->set_model(*enlarging_);
    desk_->operations()->take_picture(photo(64, 64), "photo.png");
    QTest::mouseClick(&canvas(), Qt::RightButton, {}, at(2, 2));
    QTest::keyClick(&canvas(), Qt::Key_B);
    drag(at(12, 2), at(12, 2));
    QCOMPARE(colour_at(desk_->condition().picture, 12, 2), QColor(Qt::red));
}

void PaintBoardTest::conditions_come_back_and_misfits_are_refused() {
    for (const Model& model : {inpainting_, enlarging_}) {
        desk_->set_model(*model);
        const Condition kept = desk_->condition();
        desk_->random_layout();
        QVERIFY(!(desk_->condition() == kept));
        QVERIFY(desk_->set_condition(kept));
        QVERIFY(desk_->condition() == kept);
        QVERIFY(!desk_->set_condition({.labels = LabelMap(64, 64)}));
        QVERIFY(!desk_->set_condition({.picture = Image(20, 20, 3)}));
    }
}

void PaintBoardTest::label_picture_of_unknown_colours_is_told() {
    QSignalSpy problem(desk_.get(), &PaintDesk::problem);
    const Condition before = desk_->condition();
    QImage shades(64, 64, QImage::Format_RGB32);
    for (int i = 0; i < 64 * 64; ++i) shades.setPixel(i % 64, i / 64, qRgb(i % 64, i / 64, 200));
    desk_->operations()->take_picture(shades, "photo.png");
    QVERIFY(problem.takeFirst().first().toString().contains("photo.png"));
    QVERIFY(desk_->condition() == before);
    LabelMap labels(64, 64, 3);
    labels.at(4, 5) = 1;
    desk_->operations()->take_picture(to_qimage(colour_labels(desk_->classes(), labels)), "labels.png");
    QVERIFY(desk_->condition().labels == labels);
    canvas().undo_stack()->undo();
    QVERIFY(desk_->condition() == before);
}

void PaintBoardTest::label_operations_by_buttons() {
    LabelMap labels(64, 64, 0);
    paint(labels, rectangle_region({10, 10}, {30, 30}), 1);
    paint(labels, rectangle_region({20, 20}, {21, 21}), 2);
    canvas().replace_labels(labels, "Start");
    canvas().set_class(1);
    press("Fill holes");
    QCOMPARE(count(canvas().labels(), 1), 21 * 21);
    canvas().undo_stack()->undo();
    press("Remove specks");
    QCOMPARE(count(canvas().labels(), 2), 0);
    canvas().undo_stack()->undo();
    press("Lock");
    canvas().set_class(3);
    QTest::keyClick(&canvas(), Qt::Key_R);
    drag(at(0, 0), at(63, 63));
    QCOMPARE(count(canvas().labels(), 1), 21 * 21 - 4);
    QCOMPARE(count(canvas().labels(), 3), 64 * 64 - 21 * 21 + 4);
}

void PaintBoardTest::history_can_be_shown() {
    auto* view = desk_->findChild<QUndoView*>();
    QVERIFY(!view->isVisible());
    QTest::keyClick(&canvas(), Qt::Key_U);
    QVERIFY(view->isVisible());
    canvas().set_class(7);
    drag(at(3, 3), at(9, 3));
    QCOMPARE(view->model()->rowCount(), 2);
}

int main(int argc, char** argv) { return run_gui_test<PaintBoardTest>(argc, argv, "paint_board_test"); }

#include "paint_board_test.moc"
