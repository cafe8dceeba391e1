#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

/// Weights for other programs: `modescope export`, and the script that reads them without any library.
class ExportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void a_toy_has_the_parameters_it_should();
    void only_the_averaged_generator_is_written();
    void values_are_those_of_the_checkpoint();
    void half_precision_halves_the_file();
    void metadata_says_where_the_weights_come_from();
    void the_script_counts_the_same_data();
    void the_script_counts_the_same();
    void the_script_refuses_damaged_files();
    void bad_input_gives_one_sentence_and_2_data();
    void bad_input_gives_one_sentence_and_2();

private:
    struct Result {
        int code;
        QString out, err;
    };

    Result run(const QString& program, const QStringList& arguments) const {
        QProcess process;
        process.setWorkingDirectory(folder_.path());
        process.start(program, arguments);
        if (!process.waitForFinished(120000)) process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    Result modescope(const QStringList& arguments) const { return run(MODESCOPE_PROGRAM, arguments); }

    struct Weights {
        QJsonObject header, metadata;
        QByteArray data;

        QByteArray bytes(const QString& name) const {
            const auto offsets = header[name].toObject()["data_offsets"].toArray();
            return data.mid(offsets[0].toInteger(), offsets[1].toInteger() - offsets[0].toInteger());
        }
        /// Of floating-point tensors that are no statistics of a batch normalisation.
        qint64 parameters() const;
    };
    Weights read(const QString& name) const;

    /// The number before the word in what a program printed.
    static qint64 number_before(const QString& word, const QString& text) {
        return QRegularExpression("(\\d+) " + word).match(text).captured(1).toLongLong();
    }

    QTemporaryDir folder_;
    QMap<QString, QString> said_;  ///< by export, by the name of the file
};

qint64 ExportTest::Weights::parameters() const {
    qint64 count = 0;
    for (const auto& name : header.keys()) {
        if (name.contains("running_") || header[name].toObject()["dtype"].toString() == "I64") continue;
        qint64 elements = 1;
        for (const auto& side : header[name].toObject()["shape"].toArray()) elements *= side.toInteger();
        count += elements;
    }
    return count;
}

ExportTest::Weights ExportTest::read(const QString& name) const {
    QFile file(folder_.filePath(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const auto content = file.readAll();
    const auto length = qFromLittleEndian<quint64>(content.constData());
    auto header = QJsonDocument::fromJson(content.mid(8, static_cast<qsizetype>(length))).object();
    const auto metadata = header.take("__metadata__").toObject();
    return {header, metadata, content.mid(8 + static_cast<qsizetype>(length))};
}

/// A toy and a street of a few steps, and what is exported of them.
void ExportTest::initTestCase() {
    const QStringList toy{"--objective", "gan+mr1",          "--set", "training.steps=4",
                          "--set",       "training.batch=8", "--set", "training.conditions=8"};
    QCOMPARE(modescope(QStringList{"train", "toy", "--out", "toy"} + toy).code, 0);
    QStringList street{"train", "street-64", "--out", "street", "--objective", "gan+mr1"};
    for (const char* setting :
         {"data.size=16", "network.downs=3", "network.features=4", "network.noise_channels=2",
          "network.discriminator_features=4", "network.discriminator_layers=1", "training.batch=2",
          "training.conditions=2", "training.steps=2"})
        street << "--set" << setting;
    QCOMPARE(modescope(street).code, 0);
    for (const QStringList& exported :
         {QStringList{"toy", "toy.st"}, {"street", "street.st"}, {"street", "street-half.st", "--half"}}) {
        const auto result = modescope(
            QStringList{"export", exported[0] + "/checkpoint.safetensors", "--out"} + exported.mid(1));
        QVERIFY2(result.code == 0, qPrintable(result.err));
        said_[exported[1]] = result.out;
    }
}

void ExportTest::a_toy_has_the_parameters_it_should() {
    // x and one noise dimension, two hidden layers of 64, one output; each layer has a bias.
    constexpr qint64 expected = (2 + 1) * 64 + (64 + 1) * 64 + (64 + 1);
    QCOMPARE(read("toy.st").parameters(), expected);
    QCOMPARE(number_before("parameters", said_["toy.st"]), expected);
}

void ExportTest::only_the_averaged_generator_is_written() {
    for (const char* name : {"toy", "street"}) {
        const auto weights = read(QString(name) + ".st");
        const auto names = weights.header.keys();
        QVERIFY(!names.isEmpty());
        for (const auto& tensor : names) QVERIFY2(tensor.startsWith("generator."), qPrintable(tensor));
        const auto all = read(QString(name) + "/checkpoint.safetensors").header.keys();
        QCOMPARE(names.size(), all.filter(QRegularExpression("^average\\.")).size());
    }
}

void ExportTest::values_are_those_of_the_checkpoint() {
    const auto weights = read("street.st"), checkpoint = read("street/checkpoint.safetensors");
    bool differs = false;
    for (const auto& name : weights.header.keys()) {
        const auto rest = name.mid(QString("generator.").size());
        QVERIFY2(weights.bytes(name) == checkpoint.bytes("average." + rest), qPrintable(name));
        differs = differs || weights.bytes(name) != checkpoint.bytes(name);
    }
    // Or else it could not be told from the weights that train.
    QVERIFY(differs);
}

void ExportTest::half_precision_halves_the_file() {
    const auto full = read("street.st"), half = read("street-half.st");
    QCOMPARE(half.header.keys(), full.header.keys());
    for (const auto& name : full.header.keys()) {
        const bool real = full.header[name].toObject()["dtype"].toString() == "F32";
        QCOMPARE(half.header[name].toObject()["dtype"].toString(), QString(real ? "F16" : "I64"));
        QCOMPARE(half.bytes(name).size() * (real ? 2 : 1), full.bytes(name).size());
    }
}

void ExportTest::metadata_says_where_the_weights_come_from() {
    const auto metadata = read("street.st").metadata;
    QCOMPARE(metadata["step"].toString(), QString("2"));
    QCOMPARE(metadata["configuration"].toString(), QString("gan+mr1"));
    QVERIFY(metadata["program"].toString().startsWith("Modescope "));
    const auto spec = QJsonDocument::fromJson(metadata["spec"].toString().toUtf8()).object();
    QCOMPARE(spec["network"].toObject()["features"].toInt(), 4);
}

void ExportTest::the_script_counts_the_same_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"toy.st", "street.st", "street-half.st"}) QTest::newRow(file) << file;
}

void ExportTest::the_script_counts_the_same() {
    QFETCH(QString, file);
    const auto python = QStandardPaths::findExecutable("python3");
    if (python.isEmpty()) QSKIP("there is no python3");
    // Isolated: no package that happens to be installed can help.
    const auto result = run(python, {"-I", "-S", MODESCOPE_SCRIPTS "/read_weights.py", file});
    QVERIFY2(result.code == 0, qPrintable(result.err));
    const auto weights = read(file);
    QCOMPARE(number_before("parameters", result.out), weights.parameters());
    QCOMPARE(number_before("parameters", said_[file]), weights.parameters());
    QCOMPARE(number_before("tensors", result.out), weights.header.size());
    for (const auto& name : weights.header.keys()) QVERIFY(result.out.contains(name));
    QVERIFY(result.out.contains("configuration: gan+mr1"));
}

void ExportTest::the_script_refuses_damaged_files() {
    const auto python = QStandardPaths::findExecutable("python3");
    if (python.isEmpty()) QSKIP("there is no python3");
    QFile file(folder_.filePath("toy.st"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto content = file.readAll();
    for (const qsizetype length : {qsizetype{0}, qsizetype{5}, qsizetype{90}, content.size() - 1}) {
        QFile cut(folder_.filePath("cut.st"));
        QVERIFY(cut.open(QIODevice::WriteOnly) && cut.write(content.left(length)) == length);
        cut.close();
        const auto result = run(python, {MODESCOPE_SCRIPTS "/read_weights.py", "cut.st"});
        QVERIFY(result.code != 0);
        QVERIFY2(result.err.startsWith("cut.st") && result.err.trimmed().count('\n') == 0,
                 qPrintable(result.err));
    }
}

void ExportTest::bad_input_gives_one_sentence_and_2_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("names");
    QTest::newRow("no such model") << QStringList{"export", "nothing", "--out", "x.st"} << "nothing";
    QTest::newRow("exported before") << QStringList{"export", "toy.st", "--out", "x.st"} << "toy.st";
    QTest::newRow("folder that is not there")
        << QStringList{"export", "toy/checkpoint.safetensors", "--out", "no/where/x.st"} << "no/where/x.st";
}

void ExportTest::bad_input_gives_one_sentence_and_2() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, names);
    const auto result = modescope(arguments);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.err.contains(names), qPrintable(result.err));
    QCOMPARE(result.err.trimmed().count('\n'), 0);
    QVERIFY(!QFile::exists(folder_.filePath("x.st")));
}

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
