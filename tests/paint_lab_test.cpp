// The Paint Studio, driven by real mouse and key events over two tiny models made on the spot.
#include "app/labs/paint/paint_lab.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "app/labs/paint/found_table.h"
#include "app/labs/paint/tile_sheet.h"
#include "tests/paint_lab_page.h"
#include "widgets/moment_strip.h"

using namespace modescope;

namespace {

constexpr int car = 5;

}  // namespace

class PaintLabTest : public PaintLabPage {
    Q_OBJECT
private slots:
    void initTestCase() { make_models(); }
    void init() { start(); }
    void cleanup() { lab_.reset(); }

    void pictures_come_without_asking();
    void stroke_changes_tiles_and_undo_brings_them_back();
    void last_result_is_of_the_final_drawing();
    void long_stroke_shows_tiles_before_it_ends();
    void typed_seed_is_drawn();
    void typed_seed_keeps_the_common_strength();
    void nonsense_is_told_and_changes_nothing();
    void copied_tile_is_picture_and_seed();
    void manual_mode_waits_for_enter();
    void shift_enter_is_the_pages();
    void a_drawing_makes_the_tiles_again();
    void space_draws_new_noise();
    void space_resamples_wherever_the_focus_is();
    void pinned_tile_stays();
    void unpinned_tile_stays_until_resampling();
    void samples_follow_k();
    void no_noise_makes_all_tiles_alike();
    void double_click_resets_the_noise();
    void digits_choose_classes_from_anywhere();
    void random_layout_is_undoable();
    void moments_appear_and_fold_away();
    void status_tells_class_time_and_model();
    void table_tells_what_the_tiles_show();
    void choices_come_back();
    void files_hold_what_made_them();
    void engine_delivers_the_newest();
};

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
    move_pressed(canvas(), at(28, 28));
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

/// The text of a tile tells what counts for all tiles too; typing must not make it count twice.
void PaintLabTest::typed_seed_keeps_the_common_strength() {
    auto* strength = &find<QSlider>("Noise scale");
    strength->setValue(50);
    QTRY_VERIFY_WITH_TIMEOUT(tiles().tiles()[1].noise.endsWith(" x0.5"), patience);
    tiles().setFocus();
    QTest::keyClick(&tiles(), Qt::Key_Right);
    QTest::keyClick(&tiles(), Qt::Key_F2);
    auto* line = tiles().findChild<QLineEdit*>();
    QTest::keyClicks(line, "123456 x0.5");
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles()[1].noise, QString("123456 x0.5"), patience);
    strength->setValue(100);
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles()[1].noise, QString("123456"), patience);
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

void PaintLabTest::manual_mode_waits_for_enter() {
    lab_->findChild<ExploreBar*>()->set_live(false);
    QSignalSpy status(lab_.get(), &Lab::status_changed);
    const auto before = pictures(tiles());
    QTest::keyClick(&canvas(), Qt::Key_L);
    QVERIFY(status.last().first().toStringList()[1].contains("Enter"));
    QTest::keyClick(&canvas(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) != before, patience);
    QVERIFY(pictures(tiles()) == expected("street-64-gan+pmr2"));
}

void PaintLabTest::shift_enter_is_the_pages() {
    const LabelMap before = canvas().labels();
    auto* live = lab_->findChild<QAction*>("paint.live");
    const bool was = live->isChecked();
    QTest::keyClick(&canvas(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClick(&canvas(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClick(&canvas(), Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(live->isChecked(), !was);
    QVERIFY(canvas().labels() == before);
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
    move_pressed(canvas(), at(3, 0));
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

int main(int argc, char** argv) { return run_gui_test<PaintLabTest>(argc, argv, "paint_lab_test"); }

#include "paint_lab_test.moc"
