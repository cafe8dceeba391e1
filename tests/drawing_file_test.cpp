// The format of drawings' files, and what hostile bytes do to it.
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

#include "core/base/error.h"
#include "tests/some_drawing.h"

using namespace modescope;

namespace {

QString problem_of(const QByteArray& json) {
    try {
        drawing_from_json(json, "x.modescope");
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

/// The drawing's JSON with one value replaced; the way is "noise.k".
QByteArray with(const QString& way, const QJsonValue& value) {
    auto json = QJsonDocument::fromJson(drawing_to_json(some_drawing(Task::labels))).object();
    const QStringList keys = way.split('.');
    if (keys.size() == 1) {
        json[keys[0]] = value;
    } else {
        auto inner = json[keys[0]].toObject();
        inner[keys[1]] = value;
        json[keys[0]] = inner;
    }
    return QJsonDocument(json).toJson();
}

}  // namespace

class DrawingFileTest : public QObject {
    Q_OBJECT
private slots:
    void drawing_survives_its_file_data();
    void drawing_survives_its_file();
    void wrong_keys_are_named_data();
    void wrong_keys_are_named();
    void damage_never_gets_through();
};

void DrawingFileTest::drawing_survives_its_file_data() {
    QTest::addColumn<int>("task");
    for (const auto& task : tasks()) QTest::newRow(task.id.c_str()) << static_cast<int>(task.task);
}

void DrawingFileTest::drawing_survives_its_file() {
    QFETCH(int, task);
    const PaintDrawing drawing = some_drawing(static_cast<Task>(task));
    const PaintDrawing back = drawing_from_json(drawing_to_json(drawing), "x");
    QVERIFY(back.task == drawing.task);
    QCOMPARE(back.size, drawing.size);
    QVERIFY(back.classes == drawing.classes);
    QVERIFY(back.condition == drawing.condition);
    QVERIFY(back.photo == drawing.photo);
    QVERIFY(back.noises == drawing.noises);
    QCOMPARE(back.frozen_levels, drawing.frozen_levels);
    QCOMPARE(back.frozen_seed, drawing.frozen_seed);
    QCOMPARE(back.scale, drawing.scale);
    QCOMPARE(back.samples, drawing.samples);
    QVERIFY(back.example == drawing.example);
}

void DrawingFileTest::wrong_keys_are_named_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("named");
    const auto row = [](const QString& way, const QJsonValue& value, const QString& named = {}) {
        const QString text = value.toVariant().toString();
        QTest::newRow(qPrintable(way + " = " + text))
            << with(way, value) << (named.isEmpty() ? '"' + way + '"' : named);
    };
    row("format", "png");
    row("version", 2, "newer");
    row("version", 0);
    row("version", "1");
    row("task", "poetry");
    row("size", 1e9);
    row("size", -1);
    row("size", 16.5);
    row("size", 17, "\"condition.labels\"");
    row("classes", "no colours");
    row("classes", "Sky #0000ff", "\"condition.labels\"");  // a class that the labels use is missing
    row("condition", 3);
    row("condition.labels", "AAAA");
    row("condition.labels", 7);
    row("noise.k", 0);
    row("noise.k", 1e6);
    row("noise.scale", -1);
    row("noise.seed", 12);
    row("noise.seed", "-3");
    row("noise.tiles", "many");
    row("model", "x.safetensors");
    row("document", 5);
    QTest::newRow("empty") << QByteArray() << "byte 0";
    QTest::newRow("list") << QByteArray("[1, 2]") << "\"format\"";
    QTest::newRow("deep") << QByteArray(100000, '[') << "damaged";
    QTest::newRow("cut off") << drawing_to_json(some_drawing(Task::labels)).chopped(30) << "cut off";
}

void DrawingFileTest::wrong_keys_are_named() {
    QFETCH(QByteArray, json);
    QFETCH(QString, named);
    const QString problem = problem_of(json);
    QVERIFY2(problem.startsWith("x.modescope"), qUtf8Printable(problem));
    QVERIFY2(problem.contains(named), qUtf8Printable(problem));
}

/// Whatever the bytes, there is a drawing that holds together or a sentence that names the file.
void DrawingFileTest::damage_never_gets_through() {
    QRandomGenerator random(7);
    for (const auto& task : tasks()) {
        const QByteArray whole = drawing_to_json(some_drawing(task.task));
        for (int i = 0; i < 1500; ++i) {
            QByteArray json = whole;
            for (int flips = random.bounded(1, 6); flips > 0; --flips)
                json[random.bounded(json.size())] = static_cast<char>(random.bounded(256));
            if (i % 3 == 0) json.truncate(random.bounded(json.size()));
            try {
                const PaintDrawing drawing = drawing_from_json(json, "x.modescope");
                for (const auto label : drawing.condition.labels.data)
                    QVERIFY(label < drawing.classes.size());
                QVERIFY(drawing.size <= 2048 && drawing.samples > 0);
            } catch (const Error& error) {
                QVERIFY2(QByteArray(error.what()).startsWith("x.modescope"), error.what());
            }
        }
    }
}

QTEST_GUILESS_MAIN(DrawingFileTest)
#include "drawing_file_test.moc"
