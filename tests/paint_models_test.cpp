// The models of the Paint Studio: switching, comparing, other tasks, files that are damaged or missing.
#include <QComboBox>
#include <QFile>
#include <QListView>
#include <QLocale>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "app/labs/model_box.h"
#include "app/labs/paint/paint_board.h"
#include "tests/paint_lab_page.h"

using namespace modescope;

class PaintModelsTest : public PaintLabPage {
    Q_OBJECT
private slots:
    void initTestCase() { make_models(); }
    void init() { start(); }
    void cleanup() { lab_.reset(); }

    void models_switch_places_by_a_key();
    void small_picture_is_enlarged_with_its_error();
    void comparison_follows_to_another_task();
    void model_switches();
    void comparison_draws_the_same_noise();
    void comparison_may_be_none();
    void damaged_model_is_told_and_the_old_one_stays();
    void damaged_model_at_the_start_gives_way();
    void without_models_one_can_still_draw();
    void damaged_shipped_model_leaves_the_canvas_usable();
};

void PaintModelsTest::models_switch_places_by_a_key() {
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

void PaintModelsTest::small_picture_is_enlarged_with_its_error() {
    make_tiny_model(folder_.path(), model_path("faces-sr"), "gan+l2", "faces-sr-64");
    lab_->open_model(model_path("faces-sr"));
    QTRY_VERIFY_WITH_TIMEOUT(tiles().tiles()[0].caption.contains("error"), patience);
    const auto model = Sampler::load(model_path("faces-sr").toStdString());
    const Condition condition = lab_->drawing().condition;
    const std::vector<std::uint64_t> first{seeds(tiles())[0]};
    const Image sample = model->sample(condition, first).front();
    QVERIFY(alike(pictures(tiles())[0], to_qimage(sample)));
    const Image shown = to_image(pictures(tiles())[0]);
    const QString error = QLocale().toString(consistency_error(shown, condition.picture), 'f', 3);
    QVERIFY2(tiles().tiles()[0].caption.contains(error), qUtf8Printable(tiles().tiles()[0].caption));
    QVERIFY2(strip().text().contains("cannot be compared"), qPrintable(strip().text()));
    QVERIFY(QFile::remove(model_path("faces-sr")));
}

void PaintModelsTest::comparison_follows_to_another_task() {
    const QStringList models{model_path("faces-sr-64-gan+pmr2"), model_path("faces-sr-64-gan+l2")};
    make_tiny_model(folder_.path(), models[0], "gan+pmr2", "faces-sr-64");
    make_tiny_model(folder_.path(), models[1], "gan+l2", "faces-sr-64");
    lab_->open_model(models[0]);
    const auto& box = find<QComboBox>("Comparison model");
    QTRY_COMPARE_WITH_TIMEOUT(box.currentText(), QString("and GAN + ℓ₂"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(lab_->drawing().condition.picture.width, 8, patience);
    QVERIFY2(!strip().isVisible(), qPrintable(strip().text()));
    auto* list = qobject_cast<QListView*>(box.view());
    for (int i = 0; i < box.count(); ++i)
        if (const QString path = box.itemData(i).toString(); path.endsWith(".safetensors"))
            QCOMPARE(!list->isRowHidden(i), path.contains("faces-sr"));
    for (const auto& model : models) QVERIFY(QFile::remove(model));
}

void PaintModelsTest::model_switches() {
    auto& box = static_cast<ModelBox&>(find<QComboBox>("Model"));
    QTRY_COMPARE_WITH_TIMEOUT(box.currentText(), QString("Street · GAN + 10·pMR₂"), patience);
    box.setFocus();
    QTest::keyClick(&box, Qt::Key_Up);  // the models stand in the order of their names
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == expected("street-64-gan+l1"), patience);
    QCOMPARE(box.currentText(), QString("Street · GAN + 100·ℓ₁"));
}

void PaintModelsTest::comparison_draws_the_same_noise() {
    TileGrid& second = find<TileGrid>("Samples of the comparison model");
    QVERIFY(second.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(pictures(second) == expected("street-64-gan+l1"), patience);
    QCOMPARE(seeds(second), seeds(tiles()));
    QTest::keyClick(&canvas(), Qt::Key_C);
    QVERIFY(!second.isVisible());
    QTest::keyClick(&canvas(), Qt::Key_C);
    QVERIFY(second.isVisible());
}

void PaintModelsTest::comparison_may_be_none() {
    TileGrid& second = find<TileGrid>("Samples of the comparison model");
    QComboBox& box = find<QComboBox>("Comparison model");
    box.setFocus();
    QTest::keyClick(&box, Qt::Key_Home);
    QCOMPARE(box.currentText(), QString("no comparison"));
    QVERIFY(!second.isVisible());
}

void PaintModelsTest::damaged_model_is_told_and_the_old_one_stays() {
    const QString path = folder_.filePath("damaged.safetensors");
    make_damaged_model(path);
    lab_->open_model(path);
    QTRY_VERIFY_WITH_TIMEOUT(strip().isVisible(), patience);
    QVERIFY(strip().text().contains("damaged.safetensors"));
    QTRY_COMPARE(static_cast<ModelBox&>(find<QComboBox>("Model")).path(), model_path("street-64-gan+pmr2"));
    stroke({{4, 4}, {28, 28}});
    QTRY_VERIFY_WITH_TIMEOUT(pictures(tiles()) == expected("street-64-gan+pmr2"), patience);
}

void PaintModelsTest::damaged_model_at_the_start_gives_way() {
    lab_.reset();
    lab_ = std::make_unique<PaintLab>();
    lab_->open_model(folder_.filePath("no such file.safetensors"));
    lab_->show();
    QTRY_COMPARE_WITH_TIMEOUT(tiles().tiles().size(), 8u, patience);
    QVERIFY(strip().isVisible());
    QVERIFY(strip().text().contains("no such file.safetensors"));
}

void PaintModelsTest::without_models_one_can_still_draw() {
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

void PaintModelsTest::damaged_shipped_model_leaves_the_canvas_usable() {
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

int main(int argc, char** argv) { return run_gui_test<PaintModelsTest>(argc, argv, "paint_models_test"); }

#include "paint_models_test.moc"
