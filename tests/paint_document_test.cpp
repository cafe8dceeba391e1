// Drawings as files from the page: saving, opening, giving way and coming back.
#include "app/labs/paint/paint_document.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>
#include <QUrl>
#include <algorithm>
#include <memory>

#include "app/labs/paint/paint_desk.h"
#include "app/labs/paint/paint_hints.h"
#include "app/main_window.h"
#include "tests/paint_studio.h"
#include "tests/some_drawing.h"
#include "tests/tiny_model.h"

using namespace modescope;

class PaintDocumentTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();

    void title_follows_the_undo_stack();
    void pins_are_work_to_be_saved();
    void pins_of_one_drawing_are_not_anothers();
    void saved_drawing_opens_with_its_noise();
    void drawing_brings_its_own_comparison();
    void damaged_file_leaves_the_drawing();
    void unknown_model_is_named();
    void changed_model_is_told();
    void unwritable_file_is_told_and_stays_unsaved();
    void failed_save_as_leaves_the_file_that_it_is();
    void new_drawing_can_be_taken_back();
    void drawings_can_be_taken_back_one_after_the_other();
    void what_gave_way_is_offered_at_the_next_start();
    void what_gave_way_outlives_a_crash();
    void what_cannot_be_brought_back_is_not_lost();
    void another_kind_of_model_lets_the_drawing_come_back();
    void tiles_are_copied_and_pictures_pasted();
    void dropped_file_opens();
    void recent_files_are_listed();
    void hints_go_when_they_are_followed();

private:
    QString state() const { return room_->filePath("state"); }
    void use_models(bool any) {
        qputenv("MODESCOPE_MODELS", any ? folder_.filePath("models").toUtf8() : QByteArray("/nowhere"));
    }

    QTemporaryDir folder_;
    std::unique_ptr<QTemporaryDir> room_;
};

void PaintDocumentTest::initTestCase() {
    QVERIFY(QDir(folder_.path()).mkdir("models"));
    const QString models = folder_.filePath("models/");
    make_tiny_model(folder_.path(), models + "street-64-gan+pmr2.safetensors", "gan+10*pmr2");
    make_tiny_model(folder_.path(), models + "street-64-gan+l1.safetensors", "gan+100*l1");
}

void PaintDocumentTest::init() {
    QSettings().clear();
    room_ = std::make_unique<QTemporaryDir>();
    use_models(false);
}

void PaintDocumentTest::title_follows_the_undo_stack() {
    Studio studio(state());
    QVERIFY(!studio.document->changed());
    QCOMPARE(studio.document->name(), QString("Untitled"));
    studio.stroke_and_wait();
    QVERIFY(studio.document->changed());
    QTest::keyClick(&studio.canvas(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!studio.document->changed());
    QTest::keyClick(&studio.canvas(), Qt::Key_Y, Qt::ControlModifier);
    studio.save(room_->filePath("my street.modescope"));
    QVERIFY(!studio.document->changed());
    QCOMPARE(studio.document->name(), QString("my street"));
}

void PaintDocumentTest::pins_are_work_to_be_saved() {
    use_models(true);
    Studio studio(state());
    QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
    QTest::keyClick(&studio.canvas(), Qt::Key_Space);
    QVERIFY(!studio.document->changed());
    QTest::mouseClick(&studio.tiles(), Qt::LeftButton, {}, studio.tiles().pin_rect(2).center());
    QVERIFY(studio.document->changed());
    studio.save(room_->filePath("pinned.modescope"));
    QVERIFY(!studio.document->changed());
}

void PaintDocumentTest::pins_of_one_drawing_are_not_anothers() {
    use_models(true);
    {
        Studio studio(state());
        QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
        for (const char* name : {"b", "a"}) {
            QTest::keyClick(&studio.canvas(), Qt::Key_L);
            studio.save(room_->filePath(name + QString(".modescope")));
        }
        QTest::mouseClick(&studio.tiles(), Qt::LeftButton, {}, studio.tiles().pin_rect(2).center());
        studio.document->open(room_->filePath("b.modescope"));
        QTRY_COMPARE_WITH_TIMEOUT(studio.document->name(), QString("b"), patience);
        QVERIFY(!studio.document->changed());
    }
    QCOMPARE(QDir(state()).entryList({"*.modescope"}), QStringList{"drawing-0.before-1.modescope"});
}

void PaintDocumentTest::saved_drawing_opens_with_its_noise() {
    use_models(true);
    const QString path = room_->filePath("a.modescope");
    LabelMap labels;
    std::vector<quint64> seeds;
    const auto seeds_of = [](const TileGrid& tiles) {
        std::vector<quint64> list;
        for (const auto& tile : tiles.tiles()) list.push_back(tile.seed);
        return list;
    };
    {
        Studio studio(state());
        QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
        studio.stroke_and_wait();
        QTest::mouseClick(&studio.tiles(), Qt::LeftButton, {}, studio.tiles().pin_rect(2).center());
        const auto before = seeds_of(studio.tiles());
        QTest::keyClick(&studio.canvas(), Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(seeds_of(studio.tiles()) != before, patience);
        studio.save(path);
        labels = studio.labels();
        seeds = seeds_of(studio.tiles());
        QCOMPARE(seeds[2], before[2]);
    }
    const PaintDrawing drawing = read_drawing(path);
    QCOMPARE(drawing.model.sha256.size(), 64);
    QVERIFY(drawing.comparison.path.endsWith("street-64-gan+l1.safetensors"));
    QSettings().clear();
    Studio studio(state());
    QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
    studio.document->open(path);
    QTRY_COMPARE_WITH_TIMEOUT(studio.document->name(), QString("a"), patience);
    QVERIFY(studio.labels() == labels);
    QTRY_VERIFY_WITH_TIMEOUT(seeds_of(studio.tiles()) == seeds, patience);
    QVERIFY(studio.tiles().tiles()[2].pinned);
    QVERIFY(!studio.document->changed());
    QVERIFY(!studio.lab->undo_stack()->canUndo());
}

void PaintDocumentTest::drawing_brings_its_own_comparison() {
    use_models(true);
    const QString other = room_->filePath("faces.safetensors"), path = room_->filePath("a.modescope");
    make_tiny_model(room_->path(), other, "gan+l2", "faces-sr-64");
    Studio studio(state());
    QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
    auto drawing = studio.lab->drawing();
    drawing.comparison.path.clear();
    write_drawing(path, drawing);
    studio.lab->open_model(other);
    QTRY_VERIFY_WITH_TIMEOUT(studio.lab->drawing().task == Task::super_resolution, patience);
    studio.document->open(path);
    QTRY_COMPARE_WITH_TIMEOUT(studio.document->name(), QString("a"), patience);
    QVERIFY(studio.lab->drawing().task == Task::labels);
    QCOMPARE(studio.lab->drawing().comparison.path, QString());
    for (const auto* strip : studio.lab->findChildren<MessageStrip*>()) QVERIFY(!strip->isVisible());
}

void PaintDocumentTest::damaged_file_leaves_the_drawing() {
    Studio studio(state());
    const LabelMap before = studio.labels();
    QFile file(room_->filePath("cut.modescope"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(drawing_to_json(some_drawing(Task::labels)).left(100));
    file.close();
    studio.document->open(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().text().contains("cut.modescope"), patience);
    QVERIFY(studio.labels() == before);
    QCOMPARE(studio.document->name(), QString("Untitled"));
    studio.document->open(room_->filePath("missing.modescope"));
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().text().contains("missing.modescope"), patience);
}

void PaintDocumentTest::unknown_model_is_named() {
    Studio studio(state());
    const LabelMap before = studio.labels();
    PaintDrawing drawing = some_drawing(Task::labels);
    drawing.model.path = "/elsewhere/mine.safetensors";
    const QString path = room_->filePath("a.modescope");
    write_drawing(path, drawing);
    studio.document->open(path);
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().text().contains("mine.safetensors"), patience);
    QVERIFY(studio.strip().text().contains("\"model\""));
    QVERIFY(studio.labels() == before);
}

void PaintDocumentTest::changed_model_is_told() {
    use_models(true);
    ModelHashes hashes;
    PaintDrawing drawing = some_drawing(Task::labels);
    const QString model = folder_.filePath("models/street-64-gan+l1.safetensors");
    drawing.model = {"/elsewhere/street-64-gan+l1.safetensors", hashes.of(model)};
    QCOMPARE(find_models(drawing, room_->path(), "x", hashes), QString());
    QCOMPARE(drawing.model.path, model);  // found among the shipped ones by its name and bytes
    drawing.model = {model, QString(64, '0')};
    QVERIFY(find_models(drawing, room_->path(), "x", hashes).contains("street-64-gan+l1.safetensors"));
    drawing.comparison.path = "/elsewhere/other.safetensors";
    QVERIFY(find_models(drawing, room_->path(), "x", hashes).contains("other.safetensors"));
    QVERIFY(drawing.comparison.path.isEmpty());
}

void PaintDocumentTest::unwritable_file_is_told_and_stays_unsaved() {
    Studio studio(state());
    studio.stroke_and_wait();
    studio.document->save(room_->filePath("no such folder/a.modescope"));
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().text().contains("no such folder"), patience);
    QVERIFY(studio.document->changed());
}

void PaintDocumentTest::failed_save_as_leaves_the_file_that_it_is() {
    Studio studio(state());
    studio.stroke_and_wait();
    studio.save(room_->filePath("mine.modescope"));
    studio.stroke_and_wait();
    studio.document->save(room_->filePath("no such folder/a.modescope"));
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().text().contains("no such folder"), patience);
    QCOMPARE(studio.document->name(), QString("mine"));
    QVERIFY(studio.document->changed());
}

/// Also where untouched ones come between.
void PaintDocumentTest::drawings_can_be_taken_back_one_after_the_other() {
    Studio studio(state());
    std::vector<LabelMap> drawn;
    for (int i = 0; i < 2; ++i) {
        studio.stroke_and_wait();
        drawn.push_back(studio.labels());
        for (int again = 0; again < 2; ++again)
            QTest::keyClick(&studio.canvas(), Qt::Key_N, Qt::ControlModifier);
    }
    for (const int i : {1, 0}) {
        QTest::mouseClick(&studio.button("Bring it back"), Qt::LeftButton);
        QVERIFY(studio.labels() == drawn[i]);
        if (i > 0) QTest::keyClick(&studio.canvas(), Qt::Key_Z, Qt::ControlModifier);
    }
}

void PaintDocumentTest::what_gave_way_outlives_a_crash() {
    const QString kept = state() + "/drawing-0.before-1.modescope";
    Studio studio(state());
    studio.stroke_and_wait();
    const LabelMap drawn = studio.labels();
    QTest::keyClick(&studio.canvas(), Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(kept), patience);
    QCOMPARE(read_drawing(kept).condition.labels.data, drawn.data);
    QTest::mouseClick(&studio.button("Bring it back"), Qt::LeftButton);
    QVERIFY(studio.labels() == drawn);
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(kept), patience);  // the page's own place has it now
    QVERIFY(QFile::exists(state() + "/drawing-0.modescope"));
}

/// Another kind of model came meanwhile, and the drawing was made without one.
void PaintDocumentTest::what_cannot_be_brought_back_is_not_lost() {
    const QString other = room_->filePath("faces.safetensors");
    make_tiny_model(room_->path(), other, "gan+l2", "faces-sr-64");
    Studio studio(state());
    studio.stroke_and_wait();
    studio.lab->open_model(other);
    QTRY_VERIFY_WITH_TIMEOUT(studio.lab->drawing().task == Task::super_resolution, patience);
    QTest::mouseClick(&studio.button("Bring it back"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().text().contains("does not fit"), patience);
    QVERIFY(studio.button("Bring back the drawing").isVisible());
    studio.document.reset();
    QVERIFY(QFile::exists(state() + "/drawing-0.before-1.modescope"));
}

void PaintDocumentTest::what_gave_way_is_offered_at_the_next_start() {
    LabelMap drawn;
    {
        Studio studio(state());
        studio.stroke_and_wait();
        drawn = studio.labels();
        QTest::keyClick(&studio.canvas(), Qt::Key_N, Qt::ControlModifier);
    }
    Studio studio(state());
    QTest::mouseClick(&studio.button("Restore"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(studio.labels() == drawn, patience);
    QVERIFY(studio.document->changed());
}

void PaintDocumentTest::new_drawing_can_be_taken_back() {
    Studio studio(state());
    studio.stroke_and_wait();
    const LabelMap drawn = studio.labels();
    QTest::keyClick(&studio.canvas(), Qt::Key_N, Qt::ControlModifier);
    QVERIFY(!(studio.labels() == drawn));
    QVERIFY(!studio.document->changed());
    QTest::mouseClick(&studio.button("Bring it back"), Qt::LeftButton);
    QVERIFY(studio.labels() == drawn);
    QVERIFY(studio.document->changed());
    QVERIFY(!studio.strip().isVisible());
    QVERIFY(studio.canvas().hasFocus());
}

void PaintDocumentTest::another_kind_of_model_lets_the_drawing_come_back() {
    use_models(true);
    const QString other = room_->filePath("faces.safetensors"), path = room_->filePath("mine.modescope");
    make_tiny_model(room_->path(), other, "gan+l2", "faces-sr-64");
    Studio studio(state());
    QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
    studio.stroke_and_wait();
    studio.save(path);
    studio.stroke_and_wait();
    const LabelMap drawn = studio.labels();
    studio.lab->open_model(other);
    QTRY_VERIFY_WITH_TIMEOUT(studio.lab->drawing().task == Task::super_resolution, patience);
    QCOMPARE(studio.document->name(), QString("Untitled"));  // Ctrl+S must not put a face there
    studio.lab->open_model(
        folder_.filePath("models/street-64-gan+l1.safetensors"));  // an untouched face goes
    QTRY_VERIFY_WITH_TIMEOUT(studio.lab->drawing().task == Task::labels, patience);
    QTest::mouseClick(&studio.button("Bring it back"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(studio.labels() == drawn, patience);
    QCOMPARE(studio.document->name(), QString("mine"));
    QVERIFY(studio.document->changed());
}

void PaintDocumentTest::tiles_are_copied_and_pictures_pasted() {
    use_models(true);
    Studio studio(state());
    QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
    QTest::keyClick(&studio.canvas(), Qt::Key_C, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(QApplication::clipboard()->image().width() > 8 * 32, patience);
    const Palette classes = studio.lab->drawing().classes;
    LabelMap labels(32, 32, 3);
    labels.at(4, 5) = 1;
    QApplication::clipboard()->setImage(to_qimage(colour_labels(classes, labels)));
    QTest::keyClick(&studio.canvas(), Qt::Key_V, Qt::ControlModifier);
    QVERIFY(studio.labels() == labels);
    QTest::keyClick(&studio.canvas(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!(studio.labels() == labels));
    QImage photo(64, 64, QImage::Format_RGB32);
    for (int i = 0; i < 64 * 64; ++i) photo.setPixel(i % 64, i / 64, qRgb(i % 64, i / 64, 200));
    QApplication::clipboard()->setImage(photo);
    QTest::keyClick(&studio.canvas(), Qt::Key_V, Qt::ControlModifier);
    const auto strips = studio.lab->findChildren<MessageStrip*>();
    QVERIFY(std::ranges::any_of(strips, [](const MessageStrip* strip) {
        return strip->isVisible() && strip->text().startsWith("The clipboard's picture has 4,096 colours");
    }));
}

void PaintDocumentTest::dropped_file_opens() {
    qputenv("XDG_STATE_HOME", room_->filePath("home").toUtf8());
    const QString path = room_->filePath("dropped.modescope");
    LabelMap labels;
    {
        Studio studio(state());
        studio.stroke_and_wait();
        labels = studio.labels();
        studio.save(path);
    }
    MainWindow window;
    window.show_page("toy");
    window.show();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &drop);
    QTRY_VERIFY_WITH_TIMEOUT(window.windowTitle().startsWith("dropped"), patience);
    QVERIFY(window.findChild<LabelCanvas*>()->labels() == labels);
    QVERIFY(!window.isWindowModified());
    QTest::keyClick(window.findChild<LabelCanvas*>(), Qt::Key_L);
    QVERIFY(window.isWindowModified());
    auto* desk = window.findChild<PaintDesk*>();  // it takes pictures, and leaves drawings to the window
    QApplication::sendEvent(desk, &enter);
    QApplication::sendEvent(desk, &drop);
    QTRY_VERIFY_WITH_TIMEOUT(!window.isWindowModified(), patience);
    QVERIFY(window.findChild<LabelCanvas*>()->labels() == labels);
    QMimeData other;
    other.setUrls({QUrl::fromLocalFile("/x.txt")});
    QVERIFY(!PaintDocument::takes(other));
}

void PaintDocumentTest::recent_files_are_listed() {
    Studio studio(state());
    for (const char* name : {"first", "second", "first"})
        studio.save(room_->filePath(name + QString(".modescope")));
    QMenu* recent = studio.document->menu()->findChild<QMenu*>();
    emit recent->aboutToShow();
    QStringList names;
    for (const auto* action : recent->actions()) names << action->text();
    QCOMPARE(names, (QStringList{"first", "second"}));
}

void PaintDocumentTest::hints_go_when_they_are_followed() {
    use_models(true);
    const auto text = [](const PaintHints& hints) { return hints.findChild<QLabel*>()->text(); };
    {
        Studio studio(state());
        PaintHints hints(*studio.lab);
        QTRY_COMPARE_WITH_TIMEOUT(studio.tiles().tiles().size(), 8u, patience);
        QVERIFY(hints.isVisible() && text(hints).contains("paint"));
        studio.stroke_and_wait();
        QVERIFY(hints.isVisible() && text(hints).contains("Space"));
        QTest::keyClick(&studio.canvas(), Qt::Key_Space);
        QVERIFY(hints.isVisible() && text(hints).contains("pin"));
    }
    Studio studio(state());
    PaintHints hints(*studio.lab);
    QVERIFY(hints.isVisible() && text(hints).contains("pin"));  // the others never return
    QTest::mouseClick(hints.findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(!hints.isVisible());
    QVERIFY(PaintHints(*studio.lab).isHidden());
}

int main(int argc, char** argv) { return run_gui_test<PaintDocumentTest>(argc, argv, "paint_document_test"); }

#include "paint_document_test.moc"
