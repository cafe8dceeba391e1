// The rows and pictures of the Compare page, driven by real mouse, wheel and key events.
#include "app/labs/compare/compare_lab.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "app/main_window.h"
#include "tests/compare_lab_page.h"
#include "widgets/pair_view.h"

using namespace modescope;

namespace {

void wheel(QWidget& widget, QPointF position, int clicks) {
    QWheelEvent event(position, widget.mapToGlobal(position), {}, {0, 120 * clicks}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

}  // namespace

class CompareLabTest : public CompareLabPage {
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { start(); }
    void cleanup() { lab_.reset(); }

    void rows_are_models_and_truth_on_the_same_noise();
    void space_draws_new_noise_for_all_rows();
    void space_presses_what_has_no_key_of_its_own();
    void page_down_shows_the_next_input();
    void columns_follow_their_number();
    void family_changes_while_its_rows_are_drawn();
    void rows_move_hide_and_go();
    void chip_brings_a_hidden_row_back();
    void wheel_zooms_all_pictures_around_the_pointer();
    void drag_moves_all_pictures();
    void keys_and_shift_choose_the_pair();
    void wipe_follows_the_mouse();
    void f_flickers_while_it_is_held();
    void difference_is_measured();
    void damaged_model_is_told_and_the_rows_stay();
    void dropped_model_becomes_a_row();
    void key_adds_a_model_file();
    void name_is_dragged_to_move_its_row();
    void key_opens_the_page();
    void without_models_it_says_what_to_do();
    void rows_come_back_as_they_were();
    void the_family_comes_for_rows_that_are_gone();

private:
    PairView& pair() const { return *lab_->findChild<PairView*>(); }
    QStringList labels() const {
        QStringList list;
        for (const auto& row : matrix().rows()) list << row.label;
        return list;
    }
};

void CompareLabTest::initTestCase() {
    make_models();
    make_tiny_model(folder_.path(), folder_.filePath("third.safetensors"), "gan");
}

void CompareLabTest::rows_are_models_and_truth_on_the_same_noise() {
    QCOMPARE(labels(), QStringList({"GAN + 100·ℓ₁", "GAN + 10·pMR₂", "True pictures"}));
    for (int row = 0; row < 3; ++row) QVERIFY(matrix().rows()[row].pictures == expected(row, 0, 0));
    QVERIFY(!strip().isVisible());
    QVERIFY(matrix().hasFocus());
}

void CompareLabTest::space_draws_new_noise_for_all_rows() {
    QTest::keyClick(&matrix(), Qt::Key_Space);
    const auto noise = static_cast<std::uint64_t>(find<QSpinBox>("Seed of the noise").value());
    QCOMPARE(noise, 8u);
    for (int row = 0; row < 3; ++row)
        QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[row].pictures == expected(row, 0, noise), patience);
}

void CompareLabTest::space_presses_what_has_no_key_of_its_own() {
    auto& chip = find<QToolButton>("street-64-gan+l1");
    chip.setFocus(Qt::TabFocusReason);
    QTest::keyClick(&chip, Qt::Key_Space);
    QCOMPARE(labels().size(), 2);
    QCOMPARE(find<QSpinBox>("Seed of the noise").value(), 0);
}

void CompareLabTest::page_down_shows_the_next_input() {
    QTest::keyClick(&matrix(), Qt::Key_PageDown);
    QCOMPARE(find<QSpinBox>("Input").value(), 2);
    for (int row = 0; row < 3; ++row)
        QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[row].pictures == expected(row, 1, 0), patience);
    QTest::keyClick(&matrix(), Qt::Key_PageUp);
    QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[0].pictures == expected(0, 0, 0), patience);
}

void CompareLabTest::columns_follow_their_number() {
    find<QSpinBox>("Columns").setValue(3);
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows()[2].pictures.size(), 3u, patience);
}

void CompareLabTest::family_changes_while_its_rows_are_drawn() {
    QTest::keyClick(&matrix(), Qt::Key_Space);
    emit find<QComboBox>("Which models").activated(0);
    QCOMPARE(matrix().rows().size(), 0u);
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 3u, patience);
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

void CompareLabTest::rows_move_hide_and_go() {
    QTest::keyClick(&matrix(), Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(labels().first(), QString("GAN + 10·pMR₂"));
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
    QVERIFY(matrix().rows()[1].pictures == expected(1, 0, 0));
    matrix().set_current(1, 0);
    QTest::keyClick(&matrix(), Qt::Key_H);
    QCOMPARE(labels(), QStringList({"GAN + 10·pMR₂", "True pictures"}));
    matrix().set_current(0, 0);
    QTest::keyClick(&matrix(), Qt::Key_Delete);
    QCOMPARE(labels(), QStringList({"True pictures"}));
    QTest::keyClick(&matrix(), Qt::Key_Delete);
    QCOMPARE(labels(), QStringList({"True pictures"}));
}

void CompareLabTest::chip_brings_a_hidden_row_back() {
    QTest::mouseClick(&find<QToolButton>("street-64-gan+l1"), Qt::LeftButton);
    QCOMPARE(labels(), QStringList({"GAN + 10·pMR₂", "True pictures"}));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QTest::mouseClick(&find<QToolButton>("street-64-gan+l1"), Qt::LeftButton);
    QCOMPARE(labels().size(), 3);
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

void CompareLabTest::wheel_zooms_all_pictures_around_the_pointer() {
    const QRect tile = matrix().tile_rect(1, 2);
    const QPointF corner = tile.topLeft() + QPointF(tile.width() * 0.25, tile.height() * 0.75);
    wheel(matrix(), corner, 3);
    const auto part = matrix().view().part();
    QVERIFY(part.width() < 0.7);
    // What was under the pointer is still there.
    QVERIFY(std::abs(part.left() + 0.25 * part.width() - 0.25) < 0.02);
    QVERIFY(std::abs(part.top() + 0.75 * part.height() - 0.75) < 0.02);
    QTest::keyClick(&matrix(), Qt::Key_0);
    QCOMPARE(matrix().view(), Viewport());
    wheel(pair(), QPointF(pair().picture_rect().center()), 2);
    QVERIFY(matrix().view().zoom > 1);
    QTest::mouseDClick(&matrix(), Qt::LeftButton, {}, tile.center());
    QCOMPARE(matrix().view(), Viewport());
}

void CompareLabTest::drag_moves_all_pictures() {
    const QRect tile = matrix().tile_rect(0, 1);
    wheel(matrix(), QPointF(tile.center()), 6);
    const auto before = matrix().view();
    QSignalSpy spy(&matrix(), &PictureMatrix::view_changed);
    QTest::mousePress(&matrix(), Qt::LeftButton, {}, tile.center());
    move_pressed(matrix(), tile.center() + QPoint(tile.width() / 4, 0));
    QTest::mouseRelease(&matrix(), Qt::LeftButton, {}, tile.center());
    QVERIFY(matrix().view().centre.x() < before.centre.x());
    QCOMPARE(matrix().view().zoom, before.zoom);
    QVERIFY(spy.count() > 0);
}

void CompareLabTest::keys_and_shift_choose_the_pair() {
    QTest::mouseClick(&matrix(), Qt::LeftButton, {}, matrix().tile_rect(1, 3).center());
    QCOMPARE(matrix().row(), 1);
    QCOMPARE(matrix().column(), 3);
    QTest::mouseClick(&matrix(), Qt::LeftButton, Qt::ShiftModifier, matrix().tile_rect(2, 0).center());
    QCOMPARE(matrix().other_row(), 2);
    QCOMPARE(matrix().row(), 1);
    QTest::keyClick(&matrix(), Qt::Key_Up, Qt::ShiftModifier);  // over the current row
    QCOMPARE(matrix().other_row(), 0);
    QTest::keyClick(&matrix(), Qt::Key_Right);
    QCOMPARE(matrix().column(), 4);
    QVERIFY(pair().accessibleDescription().startsWith("GAN + 10·pMR₂ and GAN + 100·ℓ₁"));
}

void CompareLabTest::wipe_follows_the_mouse() {
    const QRect rect = pair().picture_rect();
    QSignalSpy spy(&pair(), &PairView::split_changed);
    QTest::mousePress(&pair(), Qt::LeftButton, {}, rect.center());
    move_pressed(pair(), QPointF(rect.left() + rect.width() * 0.8, rect.center().y()));
    QTest::mouseRelease(&pair(), Qt::LeftButton, {}, rect.center());
    QVERIFY(std::abs(pair().split() - 0.8) < 0.03);
    QVERIFY(spy.count() > 0);
    QTest::keyClick(&pair(), Qt::Key_Left);
    QVERIFY(pair().split() < 0.78);
}

void CompareLabTest::f_flickers_while_it_is_held() {
    const auto usual = pair().grab().toImage();
    QTest::keyPress(&matrix(), Qt::Key_F);
    QVERIFY(pair().flipped());
    QVERIFY(pair().grab().toImage() != usual);
    QTest::keyRelease(&matrix(), Qt::Key_F);
    QVERIFY(!pair().flipped());
    QCOMPARE(pair().grab().toImage(), usual);
}

void CompareLabTest::difference_is_measured() {
    QTest::keyClick(&matrix(), Qt::Key_D);
    QCOMPARE(pair().mode(), PairView::Mode::Difference);
    QVERIFY(pair().difference() > 0);
    QTest::keyClick(&matrix(), Qt::Key_W);
    QCOMPARE(pair().mode(), PairView::Mode::Wipe);
}

void CompareLabTest::damaged_model_is_told_and_the_rows_stay() {
    const QString path = folder_.filePath("damaged.safetensors");
    make_damaged_model(path);
    lab_->open_model(path);
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("damaged.safetensors"));
    QCOMPARE(matrix().rows().size(), 3u);
}

void CompareLabTest::dropped_model_becomes_a_row() {
    drop(folder_.filePath("third.safetensors"));
    QTRY_COMPARE_WITH_TIMEOUT(
        labels(), QStringList({"GAN + 100·ℓ₁", "GAN + 10·pMR₂", "GAN", "True pictures"}), patience);
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

void CompareLabTest::key_adds_a_model_file() {
    QTest::keyClick(&matrix(), Qt::Key_A);
    auto* dialog = lab_->findChild<QFileDialog*>();
    QVERIFY(dialog);
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    name->setText(folder_.filePath("third.safetensors"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 4u, patience);
}

void CompareLabTest::name_is_dragged_to_move_its_row() {
    const QPoint from(20, matrix().tile_rect(0, 0).center().y()),
        to(20, matrix().tile_rect(1, 0).center().y());
    QTest::mousePress(&matrix(), Qt::LeftButton, {}, from);
    move_pressed(matrix(), to);
    QTest::mouseRelease(&matrix(), Qt::LeftButton, {}, to);
    QCOMPARE(labels().first(), QString("GAN + 10·pMR₂"));
    QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[0].pictures == expected(0, 0, 0), patience);
}

void CompareLabTest::key_opens_the_page() {
    lab_.reset();
    MainWindow window;
    window.show_page("quiz");
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_4, Qt::ControlModifier);
    auto* matrix = window.findChild<PictureMatrix*>();
    QVERIFY(matrix && matrix->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(matrix->rows().size(), 3u, patience);
    QTRY_VERIFY_WITH_TIMEOUT(!matrix->rows()[2].pictures.empty(), patience);
    QTest::keyClick(matrix, Qt::Key_P);
    auto* source = window.findChild<QComboBox*>("compare.source");
    QTRY_VERIFY_WITH_TIMEOUT(source->currentText().contains("drawing"), patience);
    QVERIFY(!window.findChild<CompareLab*>()->findChild<MessageStrip*>()->isVisible());
}

void CompareLabTest::without_models_it_says_what_to_do() {
    QTemporaryDir empty;
    qputenv("MODESCOPE_MODELS", empty.path().toUtf8());
    lab_.reset();
    open_lab();
    QVERIFY(strip().isVisible());
    lab_->open_model(model("street-64-gan+l1"));
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 2u, patience);
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

void CompareLabTest::the_family_comes_for_rows_that_are_gone() {
    lab_.reset();
    QSettings().setValue("compare/rows", QStringList{"/gone/model.safetensors", "truth"});
    open_lab();
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 3u, patience);
    QVERIFY(!strip().isVisible());
}

void CompareLabTest::rows_come_back_as_they_were() {
    lab_->open_model(folder_.filePath("third.safetensors"));
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 4u, patience);
    matrix().set_current(3, 0);
    QTest::keyClick(&matrix(), Qt::Key_Up, Qt::ControlModifier);
    matrix().set_current(0, 0);
    QTest::keyClick(&matrix(), Qt::Key_H);
    const QStringList shown{"GAN + 10·pMR₂", "True pictures", "GAN"};
    QCOMPARE(labels(), shown);
    lab_.reset();
    open_lab();
    QTRY_COMPARE_WITH_TIMEOUT(labels(), shown, patience);
    QVERIFY(!find<QToolButton>("street-64-gan+l1").isChecked());
    QTest::mouseClick(&find<QToolButton>("street-64-gan+l1"), Qt::LeftButton);
    QCOMPARE(labels(), QStringList{"GAN + 100·ℓ₁"} + shown);
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

int main(int argc, char** argv) { return run_gui_test<CompareLabTest>(argc, argv, "compare_lab_test"); }

#include "compare_lab_test.moc"
