// The autosave, and what drawings come back after the program was closed or killed.
#include <QDir>
#include <QProcess>
#include <QProcessEnvironment>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <vector>

#include "tests/paint_studio.h"

using namespace modescope;

namespace {

/// Killed after its first stroke; returns what the autosave holds.
LabelMap paint_and_kill(const QString& folder) {
    QProcess painter;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_CONFIG_HOME", folder + "/settings");
    painter.setProcessEnvironment(environment);
    painter.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    painter.start(MODESCOPE_PAINTER, {folder});
    QByteArray said;
    while (!said.contains("stored") && painter.waitForReadyRead(patience))
        said += painter.readAllStandardOutput();
    painter.kill();
    painter.waitForFinished(patience);
    if (!said.contains("stored")) qFatal("The painter stored nothing");
    return read_drawing(folder + "/drawing-0.modescope").condition.labels;
}

}  // namespace

class PaintRecoveryTest : public QObject {
    Q_OBJECT
private slots:
    void init();

    void unsaved_drawing_comes_back_after_closing();
    void two_closed_drawings_both_come_back();
    void saved_drawing_comes_back_after_closing();
    void nothing_is_kept_of_a_saved_drawing();
    void two_programs_keep_apart();
    void killed_program_is_offered();
    void discarded_drawing_is_gone();

private:
    QString state() const { return room_->filePath("state"); }
    QStringList kept() const { return QDir(state()).entryList({"*.modescope"}); }

    std::unique_ptr<QTemporaryDir> room_;
};

void PaintRecoveryTest::init() {
    QSettings().clear();
    room_ = std::make_unique<QTemporaryDir>();
    qputenv("MODESCOPE_MODELS", "/nowhere");
}

void PaintRecoveryTest::unsaved_drawing_comes_back_after_closing() {
    LabelMap drawn;
    {
        Studio studio(state());
        studio.stroke_and_wait();
        drawn = studio.labels();
    }
    for (int i = 0; i < 2; ++i) {  // also when nothing is done to it meanwhile
        Studio studio(state());
        QTRY_VERIFY_WITH_TIMEOUT(studio.labels() == drawn, patience);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document->changed(), patience);
        QVERIFY(!studio.strip().isVisible());
    }
    QCOMPARE(kept().size(), 1);  // each took over what the one before left
}

void PaintRecoveryTest::two_closed_drawings_both_come_back() {
    std::vector<LabelMap> drawn;
    {
        Studio first(state()), second(state());
        for (const Studio* studio : {&first, &second}) {
            studio->stroke_and_wait();
            drawn.push_back(studio->labels());
        }
    }
    Studio studio(state());
    QTRY_VERIFY_WITH_TIMEOUT(studio.document->changed(), patience);
    const LabelMap one = studio.labels();
    QVERIFY(one == drawn[0] || one == drawn[1]);
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().isVisible(), patience);
    QTest::mouseClick(&studio.button("Restore"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(studio.labels() == drawn[one == drawn[0] ? 1 : 0], patience);
    QVERIFY(studio.button("Bring it back").isVisible());
}

void PaintRecoveryTest::saved_drawing_comes_back_after_closing() {
    LabelMap drawn;
    {
        Studio studio(state());
        studio.stroke_and_wait();
        drawn = studio.labels();
        studio.save(room_->filePath("a.modescope"));
    }
    Studio studio(state());
    QTRY_COMPARE_WITH_TIMEOUT(studio.document->name(), QString("a"), patience);
    QVERIFY(studio.labels() == drawn);
    QVERIFY(!studio.document->changed());
}

void PaintRecoveryTest::nothing_is_kept_of_a_saved_drawing() {
    Studio studio(state());
    studio.stroke_and_wait();
    QCOMPARE(kept().size(), 1);
    studio.save(room_->filePath("a.modescope"));
    QTRY_VERIFY_WITH_TIMEOUT(kept().isEmpty(), patience);
}

void PaintRecoveryTest::two_programs_keep_apart() {
    Studio first(state());
    first.stroke_and_wait();
    Studio second(state());
    QVERIFY(!second.strip().isVisible());
    second.stroke_and_wait();
    QCOMPARE(kept().size(), 2);
}

void PaintRecoveryTest::killed_program_is_offered() {
    const LabelMap drawn = paint_and_kill(state());
    Studio studio(state());
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().isVisible(), patience);
    QVERIFY(studio.strip().text().contains("Restore the drawing of"));
    QVERIFY(!(studio.labels() == drawn));
    {
        Studio other(state());  // a second program, meanwhile
        QVERIFY(!other.strip().isVisible());
    }
    QTest::mouseClick(&studio.button("Restore"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(studio.labels() == drawn, patience);
    QVERIFY(studio.document->changed());
    QVERIFY(!studio.strip().isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(kept(), QStringList{"drawing-1.modescope"}, patience);  // safe in its own place
}

void PaintRecoveryTest::discarded_drawing_is_gone() {
    paint_and_kill(state());
    {
        Studio studio(state());
        QTRY_VERIFY_WITH_TIMEOUT(studio.strip().isVisible(), patience);
    }
    Studio studio(state());  // it is offered until somebody decides
    QTRY_VERIFY_WITH_TIMEOUT(studio.strip().isVisible(), patience);
    QTest::mouseClick(&studio.button("Discard"), Qt::LeftButton);
    QVERIFY(!studio.strip().isVisible());
    QVERIFY(kept().isEmpty());
}

int main(int argc, char** argv) { return run_gui_test<PaintRecoveryTest>(argc, argv, "paint_recovery_test"); }

#include "paint_recovery_test.moc"
