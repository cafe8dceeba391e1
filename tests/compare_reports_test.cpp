// The figures, reports and inputs of the Compare page, driven by real mouse and key events.
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <numeric>

#include "app/labs/compare/figure_table.h"
#include "tests/compare_lab_page.h"

using namespace modescope;

class CompareReportsTest : public CompareLabPage {
    Q_OBJECT
private slots:
    void initTestCase() { make_models(); }
    void init() { start(); }
    void cleanup() { lab_.reset(); }

    void figures_come_by_themselves();
    void weights_that_are_none_cost_no_figure();
    void stopped_measuring_goes_on();
    void list_jumps_to_the_input();
    void report_is_written();
    void report_menu_writes_each_kind_data();
    void report_menu_writes_each_kind();
    void report_asked_for_early_is_a_part_and_comes_again();
    void unwritable_report_is_told();
    void drawing_is_an_input_with_its_truth();
    void drawing_of_other_models_is_told_and_the_inputs_stay();
    void folder_is_stepped_through();
    void inputs_come_back();

private:
    FigureTable& table() const { return *lab_->findChild<FigureTable*>(); }
    PaintDrawing drawing() const;
    void make_inputs();
    void choose_report(int entry, const QString& path);
    QPushButton* choice(const QString& text) const;
    bool measured() const { return find<QPushButton>("Measuring").isHidden() && table().rowCount() > 0; }
};

void CompareReportsTest::figures_come_by_themselves() {
    // Models open one after the other: the first may be measured before the next is there.
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().rowCount() == 3, patience);
    QCOMPARE(table().item(0, 0)->text(), QString("GAN + 100·ℓ₁"));
    for (int row = 0; row < 3; ++row)
        QVERIFY2(table().item(row, 1)->toolTip().contains("n = 3 inputs × 4 samples"),
                 qPrintable(table().item(row, 1)->text()));
    // Untrained models may vary nothing; the truth does.
    QVERIFY2(table().item(2, 1)->text().toDouble() > 0, qPrintable(table().item(2, 1)->text()));
}

void CompareReportsTest::weights_that_are_none_cost_no_figure() {
    lab_.reset();
    QSettings().setValue("compare/lpips", model("street-64-gan+l1"));
    open_lab();
    QTRY_VERIFY_WITH_TIMEOUT(strip().text().contains("street-64-gan+l1.safetensors"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().rowCount() == 3, patience);
    QVERIFY(lab_->findChild<QPushButton*>("compare.lpips")->isVisible());
    lab_.reset();
    QCOMPARE(QSettings().value("compare/lpips").toString(), QString());
}

void CompareReportsTest::stopped_measuring_goes_on() {
    find<QSpinBox>("Inputs to measure on").setValue(60);
    auto& button = find<QPushButton>("Measuring");
    QTRY_COMPARE_WITH_TIMEOUT(button.text(), QString("Stop"), patience);
    QTest::mouseClick(&button, Qt::LeftButton);
    QCOMPARE(button.text(), QString("Measure"));
    find<QSpinBox>("Inputs to measure on").setValue(4);
    // The run of three inputs before may have been whole when it was stopped.
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().item(0, 1)->toolTip().contains("n = 4 inputs"), patience);
}

void CompareReportsTest::list_jumps_to_the_input() {
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

void CompareReportsTest::report_is_written() {
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    for (const char* name : {"report.html", "report.csv", "report.json"}) {
        const QString path = folder_.filePath(name);
        lab_->write_report(path);
        QTRY_COMPARE_WITH_TIMEOUT(strip().text(), QString("The report is in %1.").arg(path), patience);
        QVERIFY(QFile(path).size() > 100);
    }
}

/// Opens the menu with the mouse, and types the file's name.
void CompareReportsTest::choose_report(int entry, const QString& path) {
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

QPushButton* CompareReportsTest::choice(const QString& text) const {
    for (auto* button : strip().findChildren<QPushButton*>())
        if (button->isVisible() && button->text() == text) return button;
    return nullptr;
}

void CompareReportsTest::report_menu_writes_each_kind_data() {
    QTest::addColumn<int>("entry");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("page") << 0 << "menu.html" << QByteArray("<!doctype html>");
    QTest::newRow("table") << 1 << "menu.csv" << QByteArray("model,configuration,metric");
    QTest::newRow("values") << 2 << "menu.json" << QByteArray("{");
}

void CompareReportsTest::report_menu_writes_each_kind() {
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

void CompareReportsTest::report_asked_for_early_is_a_part_and_comes_again() {
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

void CompareReportsTest::unwritable_report_is_told() {
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    lab_->write_report(folder_.filePath("no such folder/report.html"));
    QTRY_VERIFY_WITH_TIMEOUT(!strip().text().startsWith("Writing"), patience);
    QVERIFY(strip().text().contains("no such folder"));
    QCOMPARE(table().rowCount(), 3);
    for (const auto* button : strip().findChildren<QPushButton*>()) QVERIFY(button->text() != "Try again");
    lab_->findChild<CompareRows*>()->hide_row(0);  // measuring goes on with what changes
    QTRY_VERIFY_WITH_TIMEOUT(measured() && table().rowCount() == 2, patience);
}

PaintDrawing CompareReportsTest::drawing() const {
    const auto& model = *lab_->findChild<CompareRows*>()->first_model();
    return {.task = Task::labels,
            .size = 32,
            .classes = model.classes(),
            .condition = {.labels = LabelMap(32, 32, 3)}};
}

void CompareReportsTest::drawing_is_an_input_with_its_truth() {
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

void CompareReportsTest::drawing_of_other_models_is_told_and_the_inputs_stay() {
    auto other = drawing();
    other.classes.pop_back();
    lab_->show_drawing(other);
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("Paint Studio"));
    QVERIFY(matrix().rows()[0].pictures == expected(0, 0, 0));
}

void CompareReportsTest::make_inputs() {
    QVERIFY(QDir(folder_.path()).mkpath("inputs"));
    const auto sky = lab_->findChild<CompareRows*>()->first_model()->classes()[0].colour;
    for (const char* name : {"inputs/a.png", "inputs/b.png"}) {
        QImage picture(32, 32, QImage::Format_RGB32);
        picture.fill(qRgb(sky[0], sky[1], sky[2]));
        QVERIFY(picture.save(folder_.filePath(name)));
    }
}

void CompareReportsTest::folder_is_stepped_through() {
    make_inputs();
    drop(folder_.filePath("inputs"));
    QTRY_COMPARE_WITH_TIMEOUT(matrix().rows().size(), 2u, patience);  // nobody knows the truth of it
    QTRY_COMPARE_WITH_TIMEOUT(find<QSpinBox>("Input").maximum(), 2, patience);
    QTest::keyClick(&matrix(), Qt::Key_PageDown);
    QCOMPARE(find<QSpinBox>("Input").value(), 2);
    QTRY_VERIFY_WITH_TIMEOUT(measured(), patience);
    QVERIFY(table().item(0, 1)->toolTip().contains("n = 2 inputs"));
}

void CompareReportsTest::inputs_come_back() {
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
    return run_gui_test<CompareReportsTest>(argc, argv, "compare_reports_test");
}

#include "compare_reports_test.moc"
