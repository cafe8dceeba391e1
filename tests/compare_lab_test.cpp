// The Compare page, driven by real mouse, wheel and key events over two tiny models made on the spot.
#include "app/labs/compare/compare_lab.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>
#include <memory>
#include <numeric>

#include "app/labs/compare/compare_rows.h"
#include "app/labs/compare/figure_table.h"
#include "app/labs/tile_engine.h"
#include "app/main_window.h"
#include "tests/find_widget.h"
#include "tests/tiny_model.h"
#include "widgets/message_strip.h"
#include "widgets/pair_view.h"
#include "widgets/picture_matrix.h"
#include "widgets/theme.h"

using namespace modescope;

namespace {

constexpr int patience = 30000;  // ms: the machine may be busy

void drag_to(QWidget& widget, QPointF position) {
    QMouseEvent event(QEvent::MouseMove, position, widget.mapToGlobal(position), Qt::NoButton, Qt::LeftButton,
                      Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

void wheel(QWidget& widget, QPointF position, int clicks) {
    QWheelEvent event(position, widget.mapToGlobal(position), {}, {0, 120 * clicks}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

}  // namespace

class CompareLabTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();

    void rows_are_models_and_truth_on_the_same_noise();
    void space_draws_new_noise_for_all_rows();
    void page_down_shows_the_next_input();
    void columns_follow_their_number();
    void rows_move_hide_and_go();
    void chip_brings_a_hidden_row_back();
    void wheel_zooms_all_pictures_around_the_pointer();
    void drag_moves_all_pictures();
    void keys_and_shift_choose_the_pair();
    void wipe_follows_the_mouse();
    void f_flickers_while_it_is_held();
    void difference_is_measured();
    void figures_come_by_themselves();
    void stopped_measuring_goes_on();
    void list_jumps_to_the_input();
    void report_is_written();
    void report_menu_writes_each_kind_data();
    void report_menu_writes_each_kind();
    void report_asked_for_early_is_a_part_and_comes_again();
    void unwritable_report_is_told();
    void damaged_model_is_told_and_the_rows_stay();
    void drawing_is_an_input_with_its_truth();
    void drawing_of_other_models_is_told_and_the_inputs_stay();
    void folder_is_stepped_through();
    void dropped_model_becomes_a_row();
    void key_adds_a_model_file();
    void name_is_dragged_to_move_its_row();
    void key_opens_the_page();
    void without_models_it_says_what_to_do();
    void rows_come_back_as_they_were();
    void inputs_come_back();

private:
    template <class T>
    T& find(const char* name) const {
        return find_named<T>(*lab_, name);
    }
    PictureMatrix& matrix() const { return *lab_->findChild<PictureMatrix*>(); }
    PairView& pair() const { return *lab_->findChild<PairView*>(); }
    FigureTable& table() const { return *lab_->findChild<FigureTable*>(); }
    MessageStrip& strip() const { return *lab_->findChild<MessageStrip*>(); }
    QStringList labels() const {
        QStringList list;
        for (const auto& row : matrix().rows()) list << row.label;
        return list;
    }
    QString model(const QString& name) const { return folder_.filePath("models/" + name + ".safetensors"); }
    void open_lab();
    PaintDrawing drawing() const;
    void make_inputs();
    void choose_report(int entry, const QString& path);
    QPushButton* choice(const QString& text) const;
    void drop(const QString& path);
    /// All rows show pictures of the wanted noise and input.
    bool drawn() const;
    std::vector<QImage> expected(int row, int input, std::uint64_t noise) const;
    bool measured() const { return find<QPushButton>("Measuring").isHidden() && table().rowCount() > 0; }

    QTemporaryDir folder_;
    std::unique_ptr<CompareLab> lab_;
};

void CompareLabTest::initTestCase() {
    qputenv("XDG_CACHE_HOME", folder_.filePath("cache").toUtf8());
    qunsetenv("MODESCOPE_LPIPS");
    QVERIFY(QDir(folder_.path()).mkdir("models"));
    make_tiny_model(folder_.path(), model("street-64-gan+pmr2"), "gan+10*pmr2");
    make_tiny_model(folder_.path(), model("street-64-gan+l1"), "gan+100*l1");
    make_tiny_model(folder_.path(), folder_.filePath("third.safetensors"), "gan");
}

void CompareLabTest::init() {
    QSettings().clear();
    QSettings().setValue("compare/conditions", 3);
    QSettings().setValue("compare/samples", 4);
    qputenv("MODESCOPE_MODELS", folder_.filePath("models").toUtf8());
    open_lab();
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 3u, patience);
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

void CompareLabTest::cleanup() { lab_.reset(); }

void CompareLabTest::open_lab() {
    lab_ = std::make_unique<CompareLab>();
    lab_->resize(1300, 800);
    lab_->show();
    QVERIFY(QTest::qWaitForWindowActive(lab_.get()));
}

bool CompareLabTest::drawn() const {
    for (const auto& row : matrix().rows())
        if (row.pictures.empty() || row.deviation.isNull()) return false;
    return true;
}

std::vector<QImage> CompareLabTest::expected(int row, int input, std::uint64_t noise) const {
    const auto contestant = lab_->findChild<CompareRows*>()->shown().at(row);
    const auto cases = own_cases(*lab_->findChild<CompareRows*>()->first_model());
    const auto condition = cases.at(input);
    std::vector<QImage> list;
    for (const auto& picture :
         draw(contestant, cases, condition, find<QSpinBox>("Columns").value(), condition.seed + noise))
        list.push_back(to_qimage(picture));
    return list;
}

void CompareLabTest::rows_are_models_and_truth_on_the_same_noise() {
    QCOMPARE(labels(), QStringList({"GAN + 100·ℓ₁", "GAN + 10·pMR₂", "True pictures"}));
    for (int row = 0; row < 3; ++row) QVERIFY(matrix().rows()[row].pictures == expected(row, 0, 0));
    QVERIFY(!strip().isVisible());
    QVERIFY(matrix().hasFocus());
}

void CompareLabTest::space_draws_new_noise_for_all_rows() {
    QTest::keyClick(&matrix(), Qt::Key_Space);
    const auto noise = static_cast<std::uint64_t>(find<QSpinBox>("Noise").value());
    QCOMPARE(noise, 8u);
    for (int row = 0; row < 3; ++row)
        QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[row].pictures == expected(row, 0, noise), patience);
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
    drag_to(matrix(), tile.center() + QPoint(tile.width() / 4, 0));
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
    drag_to(pair(), QPointF(rect.left() + rect.width() * 0.8, rect.center().y()));
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

void CompareLabTest::figures_come_by_themselves() {
    // Models open one after the other: the first may be measured before the next is there.
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().rowCount() == 3, patience);
    QCOMPARE(table().item(0, 0)->text(), QString("GAN + 100·ℓ₁"));
    for (int row = 0; row < 3; ++row)
        QVERIFY2(table().item(row, 1)->toolTip().contains("n = 3 inputs × 4 samples"),
                 qPrintable(table().item(row, 1)->text()));
    // Untrained models may vary nothing; the truth does.
    QVERIFY2(table().item(2, 1)->text().toDouble() > 0, qPrintable(table().item(2, 1)->text()));
}

void CompareLabTest::stopped_measuring_goes_on() {
    find<QSpinBox>("Inputs to measure on").setValue(60);
    auto& button = find<QPushButton>("Measuring");
    QTRY_COMPARE_WITH_TIMEOUT(button.text(), QString("Stop"), patience);
    QTest::mouseClick(&button, Qt::LeftButton);
    QCOMPARE(button.text(), QString("Measure"));
    find<QSpinBox>("Inputs to measure on").setValue(4);
    // The run of three inputs before may have been whole when it was stopped.
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().item(0, 1)->toolTip().contains("n = 4 inputs"), patience);
}

void CompareLabTest::list_jumps_to_the_input() {
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    auto& list = find<QListWidget>("Inputs where they differ most");
    QCOMPARE(list.count(), 3);
    for (int i = 0; i < 3; ++i)
        if (!list.item(i)->text().startsWith("input 1 ")) {
            const auto wanted = list.item(i)->text().section(' ', 1, 1).toInt();
            QTest::mouseClick(list.viewport(), Qt::LeftButton, {},
                              list.visualItemRect(list.item(i)).center());
            QCOMPARE(find<QSpinBox>("Input").value(), wanted);
            QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[0].pictures == expected(0, wanted - 1, 0), patience);
            return;
        }
}

void CompareLabTest::report_is_written() {
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    for (const char* name : {"report.html", "report.csv", "report.json"}) {
        const QString path = folder_.filePath(name);
        lab_->write_report(path);
        QTRY_COMPARE_WITH_TIMEOUT(strip().text(), QString("The report is in %1.").arg(path), patience);
        QVERIFY(QFile(path).size() > 100);
    }
}

/// Opens the menu with the mouse, and types the file's name.
void CompareLabTest::choose_report(int entry, const QString& path) {
    auto& button = find<QToolButton>("Report");
    QTimer::singleShot(0, &button, [entry] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu);
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(entry)).center());
    });
    QTest::mouseClick(&button, Qt::LeftButton);
    auto* dialog = lab_->findChild<QFileDialog*>();
    QVERIFY(dialog);
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QCoreApplication::sendPostedEvents(dialog, QEvent::DeferredDelete);
}

QPushButton* CompareLabTest::choice(const QString& text) const {
    for (auto* button : strip().findChildren<QPushButton*>())
        if (button->isVisible() && button->text() == text) return button;
    return nullptr;
}

void CompareLabTest::report_menu_writes_each_kind_data() {
    QTest::addColumn<int>("entry");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("page") << 0 << "menu.html" << QByteArray("<!doctype html>");
    QTest::newRow("table") << 1 << "menu.csv" << QByteArray("model,configuration,metric");
    QTest::newRow("values") << 2 << "menu.json" << QByteArray("{");
}

void CompareLabTest::report_menu_writes_each_kind() {
    QFETCH(int, entry);
    QFETCH(QString, name);
    QFETCH(QByteArray, begin);
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    const QString path = folder_.filePath(name);
    choose_report(entry, path);
    QTRY_COMPARE_WITH_TIMEOUT(strip().text(), QString("The report is in %1.").arg(path), patience);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().startsWith(begin));
}

void CompareLabTest::report_asked_for_early_is_a_part_and_comes_again() {
    find<QSpinBox>("Inputs to measure on").setValue(40);
    auto& button = find<QPushButton>("Measuring");
    // More than the three inputs of before, so it is the new measuring.
    const auto inputs = [&] {
        const QRegularExpression number("n = (\\d+)");
        return table().rowCount() == 3 ? number.match(table().item(0, 1)->toolTip()).captured(1).toInt() : 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(button.isVisible() && button.text() == "Stop" && inputs() > 3, patience);
    const QString path = folder_.filePath("early.html");
    choose_report(0, path);
    QTRY_VERIFY_WITH_TIMEOUT(strip().text().contains("of 40 inputs"), patience);
    QFile part(path);
    QVERIFY(part.open(QIODevice::ReadOnly) && part.readAll().contains("of 40 inputs so far"));
    QVERIFY(button.isVisible());  // and measuring goes on
    auto* again = choice("Write it again at the end");
    QVERIFY(again);
    QTest::mouseClick(again, Qt::LeftButton);
    QVERIFY(choice("Cancel"));
    QTRY_COMPARE_WITH_TIMEOUT(strip().text(), QString("The report is in %1.").arg(path), 4 * patience);
    QFile whole(path);
    QVERIFY(whole.open(QIODevice::ReadOnly) && !whole.readAll().contains("so far"));
}

void CompareLabTest::unwritable_report_is_told() {
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    lab_->write_report(folder_.filePath("no such folder/report.html"));
    QTRY_VERIFY_WITH_TIMEOUT(!strip().text().startsWith("Writing"), patience);
    QVERIFY(strip().text().contains("no such folder"));
    QCOMPARE(table().rowCount(), 3);
    for (const auto* button : strip().findChildren<QPushButton*>()) QVERIFY(button->text() != "Try again");
    lab_->findChild<CompareRows*>()->hide_row(0);  // measuring goes on with what changes
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().rowCount() == 2, patience);
}

void CompareLabTest::damaged_model_is_told_and_the_rows_stay() {
    const QString path = folder_.filePath("damaged.safetensors");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no model at all");
    file.close();
    lab_->open_model(path);
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("damaged.safetensors"));
    QCOMPARE(matrix().rows().size(), 3u);
}

PaintDrawing CompareLabTest::drawing() const {
    const auto& model = *lab_->findChild<CompareRows*>()->first_model();
    return {.task = Task::labels,
            .size = 32,
            .classes = model.classes(),
            .condition = {.labels = LabelMap(32, 32, 3)}};
}

void CompareLabTest::drawing_is_an_input_with_its_truth() {
    QSignalSpy asked(lab_.get(), &CompareLab::drawing_requested);
    QTest::keyClick(&matrix(), Qt::Key_P);
    QCOMPARE(asked.count(), 1);
    lab_->show_drawing(drawing());
    QTRY_VERIFY_WITH_TIMEOUT(find<QComboBox>("Where inputs come from").currentText().contains("drawing"),
                             patience);
    QCOMPARE(matrix().rows().size(), 3u);
    const auto rows = lab_->findChild<CompareRows*>()->shown();
    std::vector<std::uint64_t> seeds(8);
    std::iota(seeds.begin(), seeds.end(), 1);
    const auto last = to_qimage(rows[0].sampler->sample(drawing().condition, seeds)[7]);
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows()[0].pictures[7], last, patience);
    QTest::keyClick(&matrix(), Qt::Key_I);
    QTRY_VERIFY_WITH_TIMEOUT(matrix().rows()[0].pictures == expected(0, 0, 0), patience);
}

void CompareLabTest::drawing_of_other_models_is_told_and_the_inputs_stay() {
    auto other = drawing();
    other.classes.pop_back();
    lab_->show_drawing(other);
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("Paint Studio"));
    QVERIFY(matrix().rows()[0].pictures == expected(0, 0, 0));
}

void CompareLabTest::make_inputs() {
    QVERIFY(QDir(folder_.path()).mkpath("inputs"));
    const auto sky = lab_->findChild<CompareRows*>()->first_model()->classes()[0].colour;
    for (const char* name : {"inputs/a.png", "inputs/b.png"}) {
        QImage picture(32, 32, QImage::Format_RGB32);
        picture.fill(qRgb(sky[0], sky[1], sky[2]));
        QVERIFY(picture.save(folder_.filePath(name)));
    }
}

void CompareLabTest::folder_is_stepped_through() {
    make_inputs();
    drop(folder_.filePath("inputs"));
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 2u, patience);  // nobody knows the truth of it
    QTRY_COMPARE_WITH_TIMEOUT(find<QSpinBox>("Input").maximum(), 2, patience);
    QTest::keyClick(&matrix(), Qt::Key_PageDown);
    QCOMPARE(find<QSpinBox>("Input").value(), 2);
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    QVERIFY(table().item(0, 1)->toolTip().contains("n = 2 inputs"));
}

void CompareLabTest::drop(const QString& path) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({9, 9}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(lab_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event({9, 9}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(lab_.get(), &event);
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
    drag_to(matrix(), to);
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

void CompareLabTest::inputs_come_back() {
    make_inputs();
    drop(folder_.filePath("inputs"));
    QTRY_COMPARE_WITH_TIMEOUT(find<QSpinBox>("Input").maximum(), 2, patience);
    QTest::keyClick(&matrix(), Qt::Key_PageDown);
    lab_.reset();
    open_lab();
    auto& source = find<QComboBox>("Where inputs come from");
    QTRY_VERIFY_WITH_TIMEOUT(source.currentText().contains("folder"), patience);
    QCOMPARE(find<QSpinBox>("Input").value(), 2);
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 2u, patience);
    lab_.reset();
    QVERIFY(QDir(folder_.filePath("inputs")).removeRecursively());
    open_lab();
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible() && strip().text().contains("inputs"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 3u, patience);  // held-out ones, with their truth
    QTRY_VERIFY_WITH_TIMEOUT(drawn(), patience);
}

int main(int argc, char** argv) {
    if (!qEnvironmentVariableIsSet("MODESCOPE_TEST_DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("modescope-test");
    QCoreApplication::setApplicationName("compare_lab_test");
    apply_theme(app, Scheme::Dark);
    CompareLabTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "compare_lab_test.moc"
