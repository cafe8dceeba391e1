// The Paint Studio, driven by real mouse and key events over two tiny models made on the spot.
#include "app/labs/paint/paint_lab.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QLocale>
#include <QMouseEvent>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>

#include "app/labs/model_box.h"
#include "app/labs/paint/found_table.h"
#include "app/labs/paint/mix_panel.h"
#include "app/labs/paint/sample_controls.h"
#include "app/labs/paint/tile_sheet.h"
#include "app/labs/section.h"
#include "core/training/run.h"
#include "tests/find_widget.h"
#include "tests/tiny_model.h"
#include "widgets/label_canvas.h"
#include "widgets/message_strip.h"
#include "widgets/mix_pad.h"
#include "widgets/moment_strip.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"

using namespace modescope;

namespace {

constexpr int patience = 30000;  // ms: the machine may be busy
constexpr int car = 5;

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

/// The same sample: drawn beside others or alone, the last bit may round otherwise.
bool alike(const QImage& a, const QImage& b) {
    if (a.size() != b.size()) return false;
    int largest = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            largest = std::max({largest, std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)),
                                std::abs(qBlue(p) - qBlue(q))});
        }
    return largest <= 1;
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
    void typed_seed_is_drawn();
    void nonsense_is_told_and_changes_nothing();
    void copied_tile_is_picture_and_seed();
    void neighbours_are_near();
    void pinned_tile_is_not_varied();
    void frozen_levels_share_their_noise();
    void two_tiles_are_interpolated();
    void four_tiles_are_interpolated();
    void interpolation_plays_and_is_kept();
    void film_is_written();
    void found_pair_is_the_nearest();
    void models_switch_places_by_a_key();
    void manual_mode_waits_for_enter();
    void a_drawing_makes_the_tiles_again();
    void small_picture_is_enlarged_with_its_error();
    void comparison_follows_to_another_task();
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
    void files_hold_what_made_them();
    void engine_delivers_the_newest();

private:
    template <class T>
    T& find(const char* name) const {
        return find_named<T>(*lab_, name);
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
    make_tiny_model(folder_.path(), model_path("street-64-gan+pmr2"), "gan+10*pmr2");
    make_tiny_model(folder_.path(), model_path("street-64-gan+l1"), "gan+100*l1");
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

void PaintLabTest::typed_seed_is_drawn() {
    tiles().setFocus();
    QTest::keyClick(&tiles(), Qt::Key_Right);
    QTest::keyClick(&tiles(), Qt::Key_F2);
    auto* line = tiles().findChild<QLineEdit*>();
    QVERIFY(line);
    QTest::keyClicks(line, "123456");
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(seeds(tiles())[1], 123456u, patience);
    QVERIFY(pictures(tiles()) == expected("street-64-gan+pmr2"));
    QVERIFY(tiles().hasFocus());
}

void PaintLabTest::nonsense_is_told_and_changes_nothing() {
    const auto before = seeds(tiles());
    QTest::mouseClick(&tiles(), Qt::LeftButton, {}, tiles().caption_rect(0).center());
    auto* line = tiles().findChild<QLineEdit*>();
    QVERIFY(line);
    QTest::keyClicks(line, "vase");
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(strip().isVisible());
    QVERIFY2(strip().text().contains("vase"), qUtf8Printable(strip().text()));
    QVERIFY(seeds(tiles()) == before);
}

void PaintLabTest::copied_tile_is_picture_and_seed() {
    tiles().setFocus();
    QTest::keyClick(&tiles(), Qt::Key_Right);
    QTest::keyClick(&tiles(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QString::number(seeds(tiles())[1]));
    QCOMPARE(QApplication::clipboard()->image().convertToFormat(QImage::Format_RGB32), pictures(tiles())[1]);
}

void PaintLabTest::neighbours_are_near() {
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

void PaintLabTest::pinned_tile_is_not_varied() {
    QTest::mouseClick(&tiles(), Qt::LeftButton, {}, tiles().pin_rect(2).center());
    const auto before = pictures(tiles());
    tiles().set_current(0);
    QTest::keyClick(&canvas(), Qt::Key_V);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles())[1] != before[1], patience);
    QCOMPARE(pictures(tiles())[2], before[2]);
    QCOMPARE(pictures(tiles())[0], before[0]);
}

void PaintLabTest::frozen_levels_share_their_noise() {
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

void PaintLabTest::two_tiles_are_interpolated() {
    QTest::mouseClick(&tiles(), Qt::LeftButton, Qt::ControlModifier, tiles().tile_rect(1).center());
    QTest::mouseClick(&tiles(), Qt::LeftButton, Qt::ControlModifier, tiles().tile_rect(4).center());
    QTest::keyClick(&canvas(), Qt::Key_J);
    auto& large = find<TileGrid>("Interpolated sample");
    auto& pad = find<MixPad>("Interpolation pad");
    QVERIFY(large.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!large.tiles().empty(), patience);
    QTest::mousePress(&pad, Qt::LeftButton, {}, pad.place_of({0.5, 0.5}).toPoint());
    drag_to(pad, pad.place_of({0, 0.5}) - QPointF(30, 0));
    QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[1]), patience);
    drag_to(pad, pad.place_of({1, 0.5}) + QPointF(30, 0));
    QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[4]), patience);
    drag_to(pad, pad.place_of({0.5, 0.5}));
    QTRY_VERIFY_WITH_TIMEOUT(large.tiles()[0].picture != pictures(tiles())[4], patience);
    QTest::mouseRelease(&pad, Qt::LeftButton);
    QTest::keyClick(&pad, Qt::Key_Home);
    QTRY_VERIFY_WITH_TIMEOUT(alike(large.tiles()[0].picture, pictures(tiles())[1]), patience);
    QTest::keyClick(&pad, Qt::Key_Escape);
    QVERIFY(!large.isVisible());
}

void PaintLabTest::four_tiles_are_interpolated() {
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

void PaintLabTest::interpolation_plays_and_is_kept() {
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
}

void PaintLabTest::film_is_written() {
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

void PaintLabTest::found_pair_is_the_nearest() {
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

void PaintLabTest::models_switch_places_by_a_key() {
    TileGrid& second = find<TileGrid>("Samples of the comparison model");
    QTRY_VERIFY_WITH_TIMEOUT(pictures(second) == expected("street-64-gan+l1"), patience);
    const auto first_pictures = pictures(tiles()), second_pictures = pictures(second);
    QTest::keyClick(&canvas(), Qt::Key_X);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == second_pictures, patience);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(second) == first_pictures, patience);
    QCOMPARE(static_cast<ModelBox&>(find<QComboBox>("Model")).path(), model_path("street-64-gan+l1"));
    QTest::keyClick(&canvas(), Qt::Key_X);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == first_pictures, patience);
}

void PaintLabTest::manual_mode_waits_for_enter() {
    lab_->findChild<ExploreBar*>()->set_live(false);
    QSignalSpy status(lab_.get(), &Lab::status_changed);
    const auto before = pictures(tiles());
    QTest::keyClick(&canvas(), Qt::Key_L);
    QVERIFY(status.last().first().toStringList()[1].contains("Enter"));
    QTest::keyClick(&canvas(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!status.last().first().toStringList().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) != before, patience);
    QVERIFY(pictures(tiles()) == expected("street-64-gan+pmr2"));
}

void PaintLabTest::a_drawing_makes_the_tiles_again() {
    QTest::mouseClick(&tiles(), Qt::LeftButton, {}, tiles().pin_rect(2).center());
    QTest::keyClick(&canvas(), Qt::Key_V);
    QTRY_VERIFY_WITH_TIMEOUT(seeds(tiles())[0] == seeds(tiles())[1], patience);
    const PaintDrawing drawing = lab_->drawing();
    const auto shown = pictures(tiles());
    QTest::keyClick(&canvas(), Qt::Key_L);
    QTest::keyClick(&canvas(), Qt::Key_Space);
    QTest::keyClick(&canvas(), Qt::Key_X);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) != shown, patience);
    lab_->show_drawing(drawing);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == shown, patience);
    QVERIFY(tiles().tiles()[2].pinned);
}

void PaintLabTest::small_picture_is_enlarged_with_its_error() {
    if (!QFile::exists(model_path("faces-sr")))
        make_tiny_model(folder_.path(), model_path("faces-sr"), "gan+l2", "faces-sr-64");
    lab_->open_model(model_path("faces-sr"));
    QTRY_VERIFY_WITH_TIMEOUT(tiles().tiles()[0].caption.contains("error"), patience);
    const auto model = Sampler::load(model_path("faces-sr").toStdString());
    const Condition condition = lab_->drawing().condition;
    const std::vector<std::uint64_t> first{seeds(tiles())[0]};
    const Image sample = model->sample(condition, first).front();
    QVERIFY(alike(pictures(tiles())[0], to_qimage(sample)));
    const QString error = QLocale().toString(consistency_error(sample, condition.picture), 'f', 3);
    QVERIFY2(tiles().tiles()[0].caption.contains(error), qUtf8Printable(tiles().tiles()[0].caption));
    QVERIFY(!strip().isVisible() || !strip().text().contains("faces-sr"));
    QVERIFY(QFile::remove(model_path("faces-sr")));
}

void PaintLabTest::comparison_follows_to_another_task() {
    const QStringList models{model_path("faces-sr-64-gan+pmr2"), model_path("faces-sr-64-gan+l2")};
    make_tiny_model(folder_.path(), models[0], "gan+pmr2", "faces-sr-64");
    make_tiny_model(folder_.path(), models[1], "gan+l2", "faces-sr-64");
    lab_->open_model(models[0]);
    const auto& box = find<QComboBox>("Comparison model");
    QTRY_COMPARE_WITH_TIMEOUT(box.currentText(), QString("and GAN + ℓ₂"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(lab_->drawing().condition.picture.width, 8, patience);
    QVERIFY2(!strip().isVisible(), qPrintable(strip().text()));
    for (const auto& model : models) QVERIFY(QFile::remove(model));
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
    QVERIFY2(facts.last().startsWith("street-64-gan+pmr2 · ") && facts.last().endsWith(" steps"),
             qUtf8Printable(facts.last()));
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

void PaintLabTest::files_hold_what_made_them() {
    const auto model = Sampler::load(model_path("street-64-gan+l1").toStdString());
    TileResult result;
    result.request.first = result.request.second = model;
    result.request.condition.labels = canvas().labels();
    result.request.noises = {NoiseRecipe(7), vary(NoiseRecipe(8), 9, 0.25)};
    for (const auto& picture : model->sample(result.request.condition, result.request.noises))
        result.first.push_back(to_qimage(picture));
    result.second = result.first;
    QTemporaryDir out;
    QCOMPARE(save_all(result, out.path()), QString());
    const QImage tile(out.filePath("sample-2.png")), sheet(out.filePath("sheet.png"));
    QCOMPARE(tile.convertToFormat(QImage::Format_RGB32), result.first[1]);
    QCOMPARE(parse_recipe(tile.text("Noise").toStdString()), result.request.noises[1]);
    QFile file(model_path("street-64-gan+l1"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto hash = QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex();
    QCOMPARE(tile.text("Model SHA-256"), QString::fromLatin1(hash));
    QVERIFY(tile.text("Title").contains("GAN + 100·ℓ₁"));
    QVERIFY(tile.text("Software").startsWith("Modescope"));
    QVERIFY(!tile.text("Description").isEmpty());
    QCOMPARE(sheet.text("Noise"), QString("7; 8~0.25*9"));
    QCOMPARE(sheet.text("Comparison Model"), QString("street-64-gan+l1.safetensors"));
    for (const char* name : {"seed-7.png", "comparison-seed-7.png", "comparison-sample-2.png", "colours.png"})
        QVERIFY2(!QImage(out.filePath(name)).isNull(), name);
    const QImage classes(out.filePath("classes.png"));
    for (int x = 0; x < 32; ++x) QCOMPARE(qGray(classes.pixel(x, 9)), int(canvas().labels().at(x, 9)));
    QVERIFY(save_sheet(result, out.filePath("missing/sheet.png")).contains("missing"));
    QCOMPARE(save_tile(result, 1, out.filePath("one.png")), QString());
    QCOMPARE(QImage(out.filePath("one.png")).text("Noise"), tile.text("Noise"));
}

void PaintLabTest::engine_delivers_the_newest() {
    const auto model = Sampler::load(model_path("street-64-gan+l1").toStdString());
    TileEngine engine;
    QSignalSpy spy(&engine, &TileEngine::ready);
    TileRequest request;
    request.first = model;
    quint64 last = 0;
    for (int i = 0; i < 200; ++i) {
        request.condition.labels = LabelMap(32, 32, i % 8);
        request.noises = {NoiseRecipe(i)};
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
