// The painting desk's folders, foreign label pictures, layouts, truth of photos and the canvas's view, by
// real mouse and key events.
#include <QComboBox>
#include <QDir>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>
#include <chrono>
#include <memory>

#include "app/labs/model_box.h"
#include "app/labs/paint/board_operations.h"
#include "app/labs/paint/label_import.h"
#include "app/labs/paint/paint_desk.h"
#include "app/labs/paint/paint_document_file.h"
#include "app/labs/tile_engine.h"
#include "core/training/run.h"
#include "tests/find_widget.h"
#include "tests/gui_test.h"
#include "widgets/class_palette.h"

using namespace modescope;

namespace {

QImage of_colours(QRgb left, QRgb right) {
    QImage picture(64, 64, QImage::Format_RGB32);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x) picture.setPixel(x, y, x < 32 ? left : right);
    return picture;
}

/// It has hardly learned anything.
std::shared_ptr<const Sampler> inpainting_model(const QString& folder) {
    Spec spec = preset_spec("faces-inpaint-64");
    spec.objective.samples = 2;
    for (const char* assignment :
         {"training.steps=1", "training.predictor_steps=1", "training.batch=2", "training.predictor_batch=2",
          "training.conditions=2", "network.features=8"})
        set_field(spec, assignment);
    const QString directory = folder + "/run";
    Run run(spec, {.directory = directory.toStdString()});
    run.run_to(1);
    run.wait(std::chrono::milliseconds(patience));
    run.finish();
    run.wait(std::chrono::milliseconds(patience));
    return Sampler::load((directory + "/model.safetensors").toStdString());
}

}  // namespace

class PaintExtrasTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { qRegisterMetaType<TileStudy>(); }
    void init();
    void cleanup() { desk_.reset(); }

    void page_keys_walk_through_a_folder();
    void empty_folder_is_told();
    void cancelled_import_leaves_the_drawing();
    void import_takes_the_chosen_classes_and_remembers_them();
    void numbers_are_asked_for();
    void space_and_drag_moves_the_view();
    void space_alone_is_the_pages();
    void typing_narrows_the_classes();
    void layout_is_taken_by_keys();
    void opacity_serves_a_sample_below();
    void random_face_brings_its_truth();
    void models_of_one_world_are_told_by_their_task();
    void reopened_face_has_its_truth();
    void photo_comes_back_under_the_hole();
    void history_is_walked_by_keys();
    void operations_stay_one_line();

private:
    LabelCanvas& canvas() const { return *desk_->canvas(); }
    QPoint at(int x, int y) const { return pixel_on(canvas(), x, y); }
    LabelImport* dialog() const { return desk_->findChild<LabelImport*>("label_import"); }

    QTemporaryDir folder_;
    std::unique_ptr<PaintDesk> desk_;
};

void PaintExtrasTest::init() {
    desk_ = std::make_unique<PaintDesk>(new QWidget);
    desk_->resize(600, 900);
    desk_->show();
    QVERIFY(QTest::qWaitForWindowActive(desk_.get()));
    canvas().setFocus();
}

void PaintExtrasTest::page_keys_walk_through_a_folder() {
    const QDir folder(folder_.path());
    QVERIFY(folder.mkpath("maps"));
    for (const int number : {2, 10, 1}) {
        const LabelMap labels(64, 64, static_cast<std::uint8_t>(number % 7));
        to_qimage(colour_labels(desk_->classes(), labels))
            .save(folder.filePath(QString("maps/%1.png").arg(number)));
    }
    QSignalSpy walked(desk_.get(), &PaintDesk::walked);
    desk_->operations()->open_folder(folder.filePath("maps"));
    QCOMPARE(walked.takeFirst().first().toString(), QString("1.png · 1 of 3"));
    QCOMPARE(int(canvas().labels().at(5, 5)), 1);
    QTest::keyClick(&canvas(), Qt::Key_PageDown);
    QTest::keyClick(&canvas(), Qt::Key_PageDown);
    QTest::keyClick(&canvas(), Qt::Key_PageDown);
    QCOMPARE(walked.last().first().toString(), QString("10.png · 3 of 3"));
    QCOMPARE(int(canvas().labels().at(5, 5)), 10 % 7);
    QTest::keyClick(&canvas(), Qt::Key_PageUp);
    QCOMPARE(walked.last().first().toString(), QString("2.png · 2 of 3"));
    canvas().undo_stack()->undo();
    QCOMPARE(int(canvas().labels().at(5, 5)), 10 % 7);
}

void PaintExtrasTest::empty_folder_is_told() {
    const QTemporaryDir empty;
    QSignalSpy problem(desk_.get(), &PaintDesk::problem);
    desk_->operations()->open_folder(empty.path());
    QVERIFY(problem.takeFirst().first().toString().contains("no pictures"));
}

void PaintExtrasTest::cancelled_import_leaves_the_drawing() {
    const Condition before = desk_->condition();
    desk_->operations()->take_picture(of_colours(qRgb(255, 0, 0), qRgb(1, 2, 3)), "labels.png");
    QVERIFY(dialog());
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!dialog());
    QVERIFY(desk_->condition() == before);
    QCOMPARE(canvas().undo_stack()->count(), 0);
}

void PaintExtrasTest::import_takes_the_chosen_classes_and_remembers_them() {
    const auto [red, green, blue] = desk_->classes()[2].colour;
    const QImage picture = of_colours(qRgb(red ^ 1, green, blue), qRgb(255, 0, 255));
    desk_->operations()->take_picture(picture, "labels.png");
    auto* near_box = dialog()->findChild<QComboBox*>("meaning_" + text_of(picture.pixel(0, 0)));
    auto* far_box = dialog()->findChild<QComboBox*>("meaning_#ff00ff");
    QVERIFY(near_box && far_box);
    QCOMPARE(near_box->currentIndex(), 2);
    far_box->setFocus();
    QTest::keyClick(far_box, Qt::Key_Home);
    QTest::keyClick(far_box, Qt::Key_Down);
    QTest::mouseClick(dialog()->findChild<QPushButton*>("import_take"), Qt::LeftButton);
    QTRY_VERIFY(!dialog());
    QCOMPARE(int(canvas().labels().at(5, 5)), 2);
    QCOMPARE(int(canvas().labels().at(60, 5)), 1);
    canvas().undo_stack()->undo();
    desk_->operations()->take_picture(picture, "labels.png");
    QVERIFY(!dialog());
    QCOMPARE(int(canvas().labels().at(60, 5)), 1);
}

void PaintExtrasTest::numbers_are_asked_for() {
    QImage picture(64, 64, QImage::Format_Grayscale8);
    picture.fill(3);
    desk_->operations()->take_picture(picture, "ids.png");
    QVERIFY(dialog());
    QCOMPARE(dialog()->findChild<QComboBox*>("meaning_id 3")->currentIndex(), 3);
    QTest::keyClick(dialog()->findChild<QPushButton*>("import_take"), Qt::Key_Return);
    QTRY_VERIFY(!dialog());
    QVERIFY(canvas().labels() == LabelMap(64, 64, 3));
}

void PaintExtrasTest::space_and_drag_moves_the_view() {
    QAction resample(desk_.get());
    resample.setShortcut(Qt::Key_Space);
    resample.setShortcutContext(Qt::WidgetWithChildrenShortcut);
    desk_->addAction(&resample);
    QSignalSpy resampled(&resample, &QAction::triggered);
    canvas().zoom_by(3);
    const LabelMap before = canvas().labels();
    const QRectF place = canvas().canvas_rect();
    const QPoint middle = canvas().rect().center();
    QTest::keyPress(&canvas(), Qt::Key_Space);
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, middle);
    move_pressed(canvas(), middle + QPoint(30, 20));
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, middle + QPoint(30, 20));
    QTest::keyRelease(&canvas(), Qt::Key_Space);
    QCOMPARE(canvas().canvas_rect().topLeft() - place.topLeft(), QPointF(30, 20));
    QVERIFY(canvas().labels() == before);
    QCOMPARE(resampled.count(), 0);
}

void PaintExtrasTest::space_alone_is_the_pages() {
    QAction resample(desk_.get());
    resample.setShortcut(Qt::Key_Space);
    resample.setShortcutContext(Qt::WidgetWithChildrenShortcut);
    desk_->addAction(&resample);
    QSignalSpy resampled(&resample, &QAction::triggered);
    QTest::keyPress(&canvas(), Qt::Key_Space);
    QCOMPARE(resampled.count(), 0);
    QTest::keyRelease(&canvas(), Qt::Key_Space);
    QCOMPARE(resampled.count(), 1);
}

void PaintExtrasTest::typing_narrows_the_classes() {
    ClassPalette palette;
    palette.set_classes(cityscapes_palette());
    palette.show();
    QVERIFY(QTest::qWaitForWindowActive(&palette));
    QSignalSpy chosen(&palette, &ClassPalette::chosen);
    QVERIFY(palette.filter()->isVisible());
    QTest::keyClicks(palette.filter(), "bic");
    int visible = 0;
    for (auto* chip : palette.findChildren<QAbstractButton*>())
        visible += chip->property("chip").toBool() && chip->isVisible();
    QCOMPARE(visible, 1);
    QTest::keyClick(palette.filter(), Qt::Key_Return);
    QCOMPARE(chosen.takeFirst().first().toInt(), 18);
    QCOMPARE(palette.filter()->text(), QString());
    palette.set_classes(desk_->classes());
    QVERIFY(!palette.filter()->isVisible());
}

void PaintExtrasTest::layout_is_taken_by_keys() {
    const LabelMap before = canvas().labels();
    QTest::keyClick(&canvas(), Qt::Key_L, Qt::ControlModifier);
    auto* list = desk_->findChild<QWidget*>("layout_list");
    QVERIFY(list && list->isVisible());
    QAction page_return(desk_.get());
    page_return.setShortcuts({Qt::Key_Return, Qt::Key_B});
    desk_->addAction(&page_return);
    QSignalSpy of_page(&page_return, &QAction::triggered);
    QTest::keyClick(list, Qt::Key_B);
    QTest::keyClick(list, Qt::Key_Return);  // the first: empty
    QVERIFY(of_page.isEmpty());
    QVERIFY(!list->isVisible());
    QVERIFY(canvas().labels() == LabelMap(64, 64));
    QTest::keyClick(&canvas(), Qt::Key_L, Qt::ControlModifier);
    QTest::keyClick(list, Qt::Key_Right);
    QTest::keyClick(list, Qt::Key_Return);
    QVERIFY(!(canvas().labels() == LabelMap(64, 64)));
    canvas().undo_stack()->undo();
    canvas().undo_stack()->undo();
    QVERIFY(canvas().labels() == before);
}

void PaintExtrasTest::opacity_serves_a_sample_below() {
    auto* slider = desk_->findChild<QSlider*>("label_opacity");
    QVERIFY(!slider->isEnabled());
    QSignalSpy wanted(desk_.get(), &PaintDesk::sample_wanted);
    QTest::keyClick(&canvas(), Qt::Key_D);
    QCOMPARE(wanted.count(), 1);
    QVERIFY(desk_->wants_sample());
    QImage sample(64, 64, QImage::Format_RGB32);
    sample.fill(Qt::green);
    desk_->set_sample(sample);
    QVERIFY(slider->isEnabled());
    const QImage before = canvas().grab().toImage();
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Home);
    QVERIFY(canvas().grab().toImage() != before);
}

void PaintExtrasTest::models_of_one_world_are_told_by_their_task() {
    ModelBox box(ModelBox::Role::Main);
    const std::vector<std::string> presets{"street-64", "faces-sr-64", "faces-inpaint-64"};
    std::vector<ModelFile> models;
    for (const auto& preset : presets) models.push_back({.path = preset, .name = preset + "-gan"});
    box.set_models(models);
    for (const auto& preset : presets) {
        auto spec = preset_spec(preset);
        set_objective(spec, "gan");
        box.describe(QString::fromStdString(preset), spec);
    }
    QCOMPARE(box.itemText(0), QString("Street · GAN"));
    QCOMPARE(box.itemText(1), QString("Faces, super-resolution · GAN"));
    QCOMPARE(box.itemText(2), QString("Faces, inpainting · GAN"));
}

void PaintExtrasTest::random_face_brings_its_truth() {
    const auto model = inpainting_model(folder_.path());
    desk_->set_model(*model);
    QTest::keyClick(&canvas(), Qt::Key_L);
    TileEngine engine;
    QSignalSpy studied(&engine, &TileEngine::studied);
    const auto truth_known = [&] {
        TileRequest request{.condition = desk_->condition(),
                            .noises = {NoiseRecipe(1), NoiseRecipe(2)},
                            .first = model,
                            .second = nullptr,
                            .example = desk_->example(),
                            .moments = true};
        studied.clear();
        engine.request(request);
        if (!QTest::qWaitFor([&] { return !studied.isEmpty(); }, patience)) qFatal("No study came");
        return qvariant_cast<TileStudy>(studied.first().first()).truth.has_value();
    };
    QVERIFY(truth_known());
    canvas().set_class(1);
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, at(3, 3));  // another hole on the same face
    QVERIFY(truth_known());
    desk_->operations()->take_picture(of_colours(qRgb(255, 0, 0), qRgb(1, 2, 3)), "photo.png");
    QVERIFY(!truth_known());
}

void PaintExtrasTest::reopened_face_has_its_truth() {
    const QTemporaryDir own;
    const auto model = inpainting_model(own.path());
    desk_->set_model(*model);
    QTest::keyClick(&canvas(), Qt::Key_L);
    canvas().set_class(1);
    QTest::mouseClick(&canvas(), Qt::LeftButton, {}, at(3, 3));
    PaintDrawing drawing{.task = Task::inpainting, .size = model->size(), .samples = 2};
    drawing.condition = desk_->condition();
    drawing.example = desk_->example_seed();
    const Image face = desk_->example()->pair.y;
    const PaintDrawing back = drawing_from_json(drawing_to_json(drawing), "x");
    init();  // as after a start
    desk_->set_model(*model);
    QVERIFY(desk_->set_condition(back.condition, back.example));
    QVERIFY(desk_->condition() == drawing.condition);
    QVERIFY(desk_->example() && desk_->example()->pair.y == face);
    QVERIFY(desk_->example()->pair.x == drawing.condition);
    // Another picture is not made true by a seed.
    Condition other = drawing.condition;
    other.picture = Image(model->size(), model->size(), 3, 7);
    QVERIFY(desk_->set_condition(other, back.example));
    QVERIFY(!desk_->example());
}

void PaintExtrasTest::photo_comes_back_under_the_hole() {
    const QTemporaryDir own;
    const auto model = inpainting_model(own.path());
    desk_->set_model(*model);
    QImage photo(64, 64, QImage::Format_RGB32);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x) photo.setPixel(x, y, qRgb(3 * x, 3 * y, 90));
    desk_->operations()->take_picture(photo, "mine");
    PaintDrawing drawing{.task = Task::inpainting, .size = model->size(), .samples = 2};
    drawing.condition = desk_->condition();
    drawing.photo = desk_->photo();
    QVERIFY(drawing.photo != drawing.condition.picture);
    const PaintDrawing back = drawing_from_json(drawing_to_json(drawing), "x");
    init();  // as after a start
    desk_->set_model(*model);
    QVERIFY(desk_->set_condition(back.condition, back.example, back.photo));
    QVERIFY(desk_->condition() == drawing.condition);
    desk_->findChild<QAction*>("clear_holes")->trigger();
    QVERIFY(desk_->condition().picture == drawing.photo);
}

void PaintExtrasTest::history_is_walked_by_keys() {
    for (const int place : {3, 30}) {
        canvas().set_class(canvas().labels().at(place, place) == 1 ? 2 : 1);
        QTest::mouseClick(&canvas(), Qt::LeftButton, {}, at(place, place));
    }
    QCOMPARE(canvas().undo_stack()->index(), 2);
    QTest::keyClick(&canvas(), Qt::Key_U);
    auto* list = desk_->findChild<QWidget*>("history_list");
    QVERIFY(list->isVisible() && list->hasFocus());
    QTest::keyClick(list, Qt::Key_Up);
    QCOMPARE(canvas().undo_stack()->index(), 1);
    QTest::keyClick(list, Qt::Key_Home);
    QCOMPARE(canvas().undo_stack()->index(), 0);
    QTest::keyClick(list, Qt::Key_End);
    QCOMPARE(canvas().undo_stack()->index(), 2);
    QTest::keyClick(list, Qt::Key_Escape);
    QVERIFY(canvas().hasFocus());
}

void PaintExtrasTest::operations_stay_one_line() {
    auto* row = desk_->operations();
    auto* more = row->findChild<QToolButton*>("more");
    auto* borders = row->findChild<QToolButton*>("show_borders.button");
    desk_->resize(1200, 900);
    QTRY_VERIFY(borders->isVisible() && !more->isVisible());
    const int height = row->height();
    desk_->resize(360, 900);
    QTRY_VERIFY(more->isVisible() && !borders->isVisible());
    QCOMPARE(row->height(), height);
    emit more->menu()->aboutToShow();
    QVERIFY(more->menu()->actions().contains(borders->defaultAction()));
}

int main(int argc, char** argv) { return run_gui_test<PaintExtrasTest>(argc, argv, "paint_extras_test"); }

#include "paint_extras_test.moc"
