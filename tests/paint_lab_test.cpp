// The Paint Studio, driven by real mouse and key events over two tiny models made on the spot.
#include "app/labs/paint_lab.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QMouseEvent>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <chrono>
#include <memory>

#include "app/labs/found_table.h"
#include "app/labs/model_box.h"
#include "app/labs/sample_controls.h"
#include "app/labs/section.h"
#include "app/labs/tile_sheet.h"
#include "core/training/run.h"
#include "widgets/label_canvas.h"
#include "widgets/message_strip.h"
#include "widgets/moment_strip.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"

using namespace modescope;

namespace {

constexpr int patience = 30000;  // ms: the machine may be busy
constexpr int car = 5;

/// A model that draws rubbish, but a different one for each layout and noise.
void make_model(const QString& folder, const QString& name, const char* objective) {
    Spec spec = preset_spec("street-64");
    spec.objective = parse_objective(objective);
    spec.objective.samples = 2;
    for (const char* assignment :
         {"data.size=32", "network.downs=4", "network.features=4", "network.widest=2",
          "network.noise_channels=4", "network.discriminator_features=4", "network.discriminator_layers=2",
          "training.steps=2", "training.predictor_steps=2", "training.batch=2", "training.conditions=2"})
        set_field(spec, assignment);
    const QString directory = folder + "/run-" + name;
    Run run(spec, {.directory = directory.toStdString()});
    run.run_to(2);
    run.wait(std::chrono::milliseconds(patience));
    run.finish();
    run.wait(std::chrono::milliseconds(patience));
    if (!QFile::copy(directory + "/model.safetensors", folder + "/models/" + name + ".safetensors"))
        qFatal("%s was not trained: %s", qUtf8Printable(name), run.status().message.c_str());
}

/// QTest::mouseMove does not say that the button is down.
void drag_to(QWidget& widget, QPointF position) {
    QMouseEvent event(QEvent::MouseMove, position, widget.mapToGlobal(position), Qt::NoButton, Qt::LeftButton,
                      Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

std::vector<QImage> pictures(const TileGrid& grid) {
    std::vector<QImage> list;
    for (const auto& tile : grid.tiles()) list.push_back(tile.picture);
    return list;
}

std::vector<quint64> seeds(const TileGrid& grid) {
    std::vector<quint64> list;
    for (const auto& tile : grid.tiles()) list.push_back(tile.seed);
    return list;
}

}  // namespace

class PaintLabTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();

    void pictures_come_without_asking();
    void stroke_changes_tiles_and_undo_brings_them_back();
    void last_result_is_of_the_final_drawing();
    void long_stroke_shows_tiles_before_it_ends();
    void space_draws_new_noise();
    void space_resamples_wherever_the_focus_is();
    void pinned_tile_stays();
    void unpinned_tile_stays_until_resampling();
    void samples_follow_k();
    void no_noise_makes_all_tiles_alike();
    void double_click_resets_the_noise();
    void model_switches();
    void comparison_draws_the_same_noise();
    void comparison_may_be_none();
    void digits_choose_classes_from_anywhere();
    void random_layout_is_undoable();
    void moments_appear_and_fold_away();
    void status_tells_class_time_and_model();
    void table_tells_what_the_tiles_show();
    void damaged_model_is_told_and_the_old_one_stays();
    void damaged_model_at_the_start_gives_way();
    void without_models_one_can_still_draw();
    void damaged_shipped_model_leaves_the_canvas_usable();
    void choices_come_back();
    void sheet_holds_what_made_it();
    void engine_delivers_the_newest();

private:
    template <class T>
    T& find(const char* name) const {
        for (T* widget : lab_->findChildren<T*>())
            if (widget->accessibleName() == QLatin1String(name)) return *widget;
        qFatal("There is no %s", name);
    }
    LabelCanvas& canvas() const { return find<LabelCanvas>("Label map"); }
    TileGrid& tiles() const { return find<TileGrid>("Samples"); }
    MessageStrip& strip() const { return *lab_->findChild<MessageStrip*>(); }
    QString model_path(const QString& name) const {
        return folder_.filePath("models/" + name + ".safetensors");
    }
    void open_lab();
    /// Position of a label pixel's centre on the canvas.
    QPoint at(int x, int y) const;
    void stroke(std::vector<QPoint> pixels);
    /// What the shown model makes of the shown drawing and seeds.
    std::vector<QImage> expected(const QString& model, double scale = 1) const;

    QTemporaryDir folder_;
    std::unique_ptr<PaintLab> lab_;
};

void PaintLabTest::initTestCase() {
    QVERIFY(QDir(folder_.path()).mkdir("models"));
    make_model(folder_.path(), "street-64-gan+pmr2", "gan+10*pmr2");
    make_model(folder_.path(), "street-64-gan+l1", "gan+100*l1");
}

void PaintLabTest::init() {
    QSettings().clear();
    qputenv("MODESCOPE_MODELS", folder_.filePath("models").toUtf8());
    open_lab();
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), 8u, patience);
}

void PaintLabTest::cleanup() { lab_.reset(); }

void PaintLabTest::open_lab() {
    lab_ = std::make_unique<PaintLab>();
    lab_->resize(1200, 800);
    lab_->show();
    QVERIFY(QTest::qWaitForWindowActive(lab_.get()));
}

QPoint PaintLabTest::at(int x, int y) const {
    return (canvas().canvas_rect().topLeft() + QPointF(x + 0.5, y + 0.5) * canvas().zoom()).toPoint();
}

void PaintLabTest::stroke(std::vector<QPoint> pixels) {
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, at(pixels.front().x(), pixels.front().y()));
    for (const QPoint pixel : pixels) drag_to(canvas(), at(pixel.x(), pixel.y()));
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, at(pixels.back().x(), pixels.back().y()));
}

std::vector<QImage> PaintLabTest::expected(const QString& model, double scale) const {
    const auto wanted = seeds(tiles());
    const std::vector<std::uint64_t> numbers(wanted.begin(), wanted.end());
    std::vector<QImage> list;
    for (const auto& picture : Sampler::load(model_path(model).toStdString())
                                   ->sample({.labels = canvas().labels()}, numbers, scale))
        list.push_back(to_qimage(picture));
    return list;
}

void PaintLabTest::pictures_come_without_asking() {
    for (const auto& tile : tiles().tiles()) QCOMPARE(tile.picture.size(), QSize(32, 32));
    QCOMPARE(canvas().labels().width, 32);
    QVERIFY(canvas().hasFocus());
    QVERIFY(!strip().isVisible());
}

void PaintLabTest::stroke_changes_tiles_and_undo_brings_them_back() {
    const auto before = pictures(tiles());
    const LabelMap drawing = canvas().labels();
    QTest::keyClick(&canvas(), Qt::Key_0 + car + 1);
    stroke({{4, 4}, {28, 28}});
    QVERIFY(!(canvas().labels() == drawing));
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) != before, patience);
    QTest::keyClick(&canvas(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(canvas().labels() == drawing);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == before, patience);
    QTest::keyClick(&canvas(), Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(!(canvas().labels() == drawing));
}

void PaintLabTest::last_result_is_of_the_final_drawing() {
    std::vector<QPoint> path;
    for (int i = 0; i < 60; ++i) path.push_back({4 + i * 7 % 24, 4 + i * 5 % 24});
    stroke(path);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == expected("street-64-gan+pmr2"), patience);
}

void PaintLabTest::long_stroke_shows_tiles_before_it_ends() {
    const auto before = pictures(tiles());
    QTest::keyClick(&canvas(), Qt::Key_0 + car + 1);
    QTest::mousePress(&canvas(), Qt::LeftButton, {}, at(4, 4));
    drag_to(canvas(), at(28, 28));
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) != before, patience);
    QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, at(28, 28));
}

void PaintLabTest::space_draws_new_noise() {
    const auto old_seeds = seeds(tiles());
    const auto old_pictures = pictures(tiles());
    QTest::keyClick(&canvas(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(seeds(tiles()) != old_seeds, patience);
    for (int i = 0; i < 8; ++i) {
        QVERIFY(seeds(tiles())[i] != old_seeds[i]);
        QVERIFY(pictures(tiles())[i] != old_pictures[i]);
        QCOMPARE(seeds(tiles())[i], find<QSpinBox>("First seed").value() + quint64(i));
    }
}

void PaintLabTest::space_resamples_wherever_the_focus_is() {
    auto* random = lab_->findChildren<QPushButton*>().first();
    for (auto* button : lab_->findChildren<QPushButton*>())
        if (button->text() == "Random layout") random = button;
    const LabelMap drawing = canvas().labels();
    QSpinBox& seed = find<QSpinBox>("First seed");
    for (QWidget* focused :
         {static_cast<QWidget*>(random), static_cast<QWidget*>(&find<QComboBox>("Model")),
          static_cast<QWidget*>(&seed), static_cast<QWidget*>(&find<QSlider>("Noise scale")),
          static_cast<QWidget*>(&tiles())}) {
        focused->setFocus(Qt::TabFocusReason);
        QVERIFY(focused->hasFocus());
        const int before = seed.value();
        QTest::keyClick(focused, Qt::Key_Space);
        QVERIFY2(seed.value() != before, focused->metaObject()->className());
    }
    QVERIFY(canvas().labels() == drawing);
    QVERIFY(!QApplication::activePopupWidget());
}

void PaintLabTest::pinned_tile_stays() {
    QTest::mouseClick(&tiles(), Qt::LeftButton, {}, tiles().pin_rect(2).center());
    QVERIFY(tiles().tiles()[2].pinned);
    const auto old_seeds = seeds(tiles());
    const auto old_pictures = pictures(tiles());
    QTest::keyClick(&tiles(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(seeds(tiles())[0] != old_seeds[0], patience);
    QCOMPARE(seeds(tiles())[2], old_seeds[2]);
    QCOMPARE(pictures(tiles())[2], old_pictures[2]);
    QVERIFY(tiles().tiles()[2].pinned);
    QVERIFY(!tiles().tiles()[1].pinned);
}

void PaintLabTest::unpinned_tile_stays_until_resampling() {
    QTest::mouseDClick(&tiles(), Qt::LeftButton, {}, tiles().tile_rect(2).center());
    const quint64 kept = seeds(tiles())[2];
    QTest::keyClick(&canvas(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(seeds(tiles())[0] != kept - 2, patience);
    QTest::mouseDClick(&tiles(), Qt::LeftButton, {}, tiles().tile_rect(2).center());
    QTest::keyClick(&canvas(), Qt::Key_L);
    QCOMPARE(seeds(tiles())[2], kept);
    QTest::keyClick(&canvas(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(seeds(tiles())[2] != kept, patience);
}

void PaintLabTest::samples_follow_k() {
    QSpinBox& k = find<QSpinBox>("Number of samples K");
    const auto old_pictures = pictures(tiles());
    for (const int count : {k.maximum(), k.minimum(), 8}) {
        k.setValue(count);
        QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), static_cast<std::size_t>(count), patience);
    }
    QVERIFY(pictures(tiles()) == old_pictures);
}

void PaintLabTest::no_noise_makes_all_tiles_alike() {
    find<QSlider>("Noise scale").setValue(0);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == expected("street-64-gan+pmr2", 0), patience);
    QCOMPARE(pictures(tiles())[0], pictures(tiles())[7]);
}

void PaintLabTest::double_click_resets_the_noise() {
    QSlider& scale = find<QSlider>("Noise scale");
    const int usual = scale.value();
    scale.setValue(13);
    QTest::mouseDClick(&scale, Qt::LeftButton);
    QCOMPARE(scale.value(), usual);
}

void PaintLabTest::model_switches() {
    auto& box = static_cast<ModelBox&>(find<QComboBox>("Model"));
    QTRY_COMPARE_WITH_TIMEOUT(box.currentText(), QString("Street · GAN + 10·pMR₂"), patience);
    box.setFocus();
    QTest::keyClick(&box, Qt::Key_Up);  // the models stand in the order of their names
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == expected("street-64-gan+l1"), patience);
    QCOMPARE(box.currentText(), QString("Street · GAN + 100·ℓ₁"));
}

void PaintLabTest::comparison_draws_the_same_noise() {
    TileGrid& second = find<TileGrid>("Samples of the comparison model");
    QVERIFY(second.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(pictures(second) == expected("street-64-gan+l1"), patience);
    QCOMPARE(seeds(second), seeds(tiles()));
    QTest::keyClick(&canvas(), Qt::Key_C);
    QVERIFY(!second.isVisible());
    QTest::keyClick(&canvas(), Qt::Key_C);
    QVERIFY(second.isVisible());
}

void PaintLabTest::comparison_may_be_none() {
    TileGrid& second = find<TileGrid>("Samples of the comparison model");
    QComboBox& box = find<QComboBox>("Comparison model");
    box.setFocus();
    QTest::keyClick(&box, Qt::Key_Home);
    QCOMPARE(box.currentText(), QString("no comparison"));
    QVERIFY(!second.isVisible());
}

void PaintLabTest::digits_choose_classes_from_anywhere() {
    QTest::keyClick(&canvas(), Qt::Key_4);
    QCOMPARE(canvas().current_class(), 3);
    tiles().setFocus();
    QTest::keyClick(&tiles(), Qt::Key_6);
    QCOMPARE(canvas().current_class(), 5);
    QTest::keyClick(&tiles(), Qt::Key_E);
    QCOMPARE(canvas().tool(), LabelCanvas::Tool::Eraser);
    QTest::keyClick(&tiles(), Qt::Key_F);
    QCOMPARE(canvas().tool(), LabelCanvas::Tool::Fill);
    QTest::keyClick(&canvas(), Qt::Key_B);
    QCOMPARE(canvas().tool(), LabelCanvas::Tool::Brush);
}

void PaintLabTest::random_layout_is_undoable() {
    const LabelMap drawing = canvas().labels();
    QTest::keyClick(&canvas(), Qt::Key_L);
    QVERIFY(!(canvas().labels() == drawing));
    QTest::keyClick(&canvas(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(canvas().labels() == drawing);
    QTest::keyClick(&canvas(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!(canvas().labels() == drawing));
}

void PaintLabTest::moments_appear_and_fold_away() {
    auto* moments = lab_->findChild<MomentStrip*>();
    QTRY_VERIFY_WITH_TIMEOUT(!moments->picture(0).isNull(), patience);
    for (int i = 0; i < 6; ++i) QCOMPARE(moments->picture(i).size(), QSize(32, 32));
    QVERIFY(moments->scale() > 0.1);  // the truth of the street varies more than that
    QTest::keyClick(&canvas(), Qt::Key_M);
    QVERIFY(!moments->isVisible());
    QTest::keyClick(&canvas(), Qt::Key_M);
    QVERIFY(moments->isVisible());
}

void PaintLabTest::status_tells_class_time_and_model() {
    QSignalSpy spy(lab_.get(), &Lab::status_changed);
    drag_to(canvas(), at(3, 0));
    const QStringList facts = spy.last().first().toStringList();
    QCOMPARE(facts.first(), QString("x 3 · y 0 · sky"));
    QVERIFY2(facts[1].startsWith("8 tiles in "), qUtf8Printable(facts[1]));
    QVERIFY2(facts.last().startsWith("street-64-gan+pmr2 · step "), qUtf8Printable(facts.last()));
}

void PaintLabTest::table_tells_what_the_tiles_show() {
    auto* table = lab_->findChild<FoundTable*>();
    QTRY_VERIFY_WITH_TIMEOUT(table->accessibleDescription().contains("Time of day"), patience);
}

void PaintLabTest::damaged_model_is_told_and_the_old_one_stays() {
    const QString path = folder_.filePath("damaged.safetensors");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no model at all");
    file.close();
    lab_->open_model(path);
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("damaged.safetensors"));
    QTRY_COMPARE(static_cast<ModelBox&>(find<QComboBox>("Model")).path(), model_path("street-64-gan+pmr2"));
    stroke({{4, 4}, {28, 28}});
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == expected("street-64-gan+pmr2"), patience);
}

void PaintLabTest::damaged_model_at_the_start_gives_way() {
    lab_.reset();
    lab_ = std::make_unique<PaintLab>();
    lab_->open_model(folder_.filePath("no such file.safetensors"));
    lab_->show();
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), 8u, patience);
    QVERIFY(strip().isVisible());
    QVERIFY(strip().text().contains("no such file.safetensors"));
}

void PaintLabTest::without_models_one_can_still_draw() {
    QTemporaryDir empty;
    qputenv("MODESCOPE_MODELS", empty.path().toUtf8());
    open_lab();
    QVERIFY(strip().isVisible());
    const LabelMap before = canvas().labels();
    QTest::keyClick(&canvas(), Qt::Key_6);
    stroke({{4, 4}, {28, 28}});
    QVERIFY(!(canvas().labels() == before));
    lab_->open_model(model_path("street-64-gan+l1"));
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), 8u, patience);
    QVERIFY(!strip().isVisible());
}

void PaintLabTest::damaged_shipped_model_leaves_the_canvas_usable() {
    QTemporaryDir damaged;
    QFile file(damaged.filePath("street-64-gan.safetensors"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    qputenv("MODESCOPE_MODELS", damaged.path().toUtf8());
    lab_.reset();  // remembers what it showed
    QSettings().clear();
    open_lab();
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("street-64-gan.safetensors"));
    const LabelMap before = canvas().labels();
    QTest::keyClick(&canvas(), Qt::Key_6);
    stroke({{4, 4}, {28, 28}});
    QVERIFY(!(canvas().labels() == before));
}

void PaintLabTest::choices_come_back() {
    find<QSpinBox>("Number of samples K").setValue(5);
    find<QSpinBox>("First seed").setValue(77);
    find<QSlider>("Noise scale").setValue(50);
    canvas().set_brush_size(3);
    QTest::keyClick(&canvas(), Qt::Key_4);
    QTest::keyClick(&canvas(), Qt::Key_F);
    QTest::keyClick(&canvas(), Qt::Key_M);
    lab_.reset();
    open_lab();
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), 5u, patience);
    QCOMPARE(seeds(tiles()).front(), 77u);
    QCOMPARE(find<QSlider>("Noise scale").value(), 50);
    QCOMPARE(canvas().brush_size(), 3);
    QCOMPARE(canvas().current_class(), 3);
    QCOMPARE(canvas().tool(), LabelCanvas::Tool::Fill);
    QVERIFY(!lab_->findChild<MomentStrip*>()->isVisible());
}

void PaintLabTest::sheet_holds_what_made_it() {
    const auto model = Sampler::load(model_path("street-64-gan+l1").toStdString());
    TileResult result;
    result.request.first = model;
    result.request.labels = canvas().labels();
    result.request.seeds = {7, 8};
    for (const auto& picture : model->sample({.labels = result.request.labels}, result.request.seeds))
        result.first.push_back(to_qimage(picture));
    const QString path = folder_.filePath("sheet.png");
    QCOMPARE(save_sheet(tile_sheet(result), path), QString());
    const QImage sheet(path);
    QCOMPARE(sheet.text("Seeds"), QString("7 8"));
    QVERIFY(sheet.text("Model").contains("GAN + 100·ℓ₁"));
    QVERIFY(save_sheet(sheet, folder_.filePath("missing/sheet.png")).contains("missing"));
}

void PaintLabTest::engine_delivers_the_newest() {
    const auto model = Sampler::load(model_path("street-64-gan+l1").toStdString());
    TileEngine engine;
    QSignalSpy spy(&engine, &TileEngine::ready);
    TileRequest request;
    request.first = model;
    quint64 last = 0;
    for (int i = 0; i < 200; ++i) {
        request.labels = LabelMap(32, 32, i % 8);
        request.seeds = {std::uint64_t(i)};
        last = engine.request(request);
    }
    const auto stamp = [&](int i) { return spy[i][0].value<TileResult>().request.stamp; };
    QTRY_VERIFY_WITH_TIMEOUT(!spy.isEmpty() && stamp(spy.size() - 1) == last, patience);
    QVERIFY(spy.size() < 200);
    for (int i = 1; i < spy.size(); ++i) QVERIFY(stamp(i) > stamp(i - 1));
    const auto result = spy.last()[0].value<TileResult>();
    const std::vector<std::uint64_t> seeds = {199};
    QCOMPARE(result.first[0], to_qimage(model->sample({.labels = LabelMap(32, 32, 199 % 8)}, seeds)[0]));
}

int main(int argc, char** argv) {
    if (!qEnvironmentVariableIsSet("MODESCOPE_TEST_DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("modescope-test");
    QCoreApplication::setApplicationName("paint_lab_test");
    apply_theme(app, Scheme::Dark);
    PaintLabTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "paint_lab_test.moc"
