#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <csignal>
#include <cstring>
#include <map>
#include <vector>

namespace {

/// A port that was free a moment ago.
int free_port() {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    ::bind(listener, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(listener);
    return ntohs(address.sin_port);
}

/// The tensors of a safetensors file; those that are not float32 as raw bytes.
struct Tensors {
    std::map<QString, std::vector<float>> numbers;
    std::map<QString, QByteArray> others;
};

Tensors read_tensors(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const auto content = file.readAll();
    std::uint64_t length = 0;
    std::memcpy(&length, content.constData(), sizeof length);
    const auto start = static_cast<qsizetype>(sizeof length + length);
    const auto header =
        QJsonDocument::fromJson(content.mid(sizeof length, start - 8)).object().toVariantMap();
    Tensors all;
    for (const auto& [name, entry] : header.asKeyValueRange()) {
        const auto offsets = entry.toMap()["data_offsets"].toList();
        if (offsets.size() != 2) continue;  // the metadata
        const auto bytes =
            content.mid(start + offsets[0].toLongLong(), offsets[1].toLongLong() - offsets[0].toLongLong());
        if (entry.toMap()["dtype"] != "F32") {
            all.others[name] = bytes;
            continue;
        }
        auto& values = all.numbers[name];
        values.resize(static_cast<std::size_t>(bytes.size()) / sizeof(float));
        std::memcpy(values.data(), bytes.constData(), static_cast<std::size_t>(bytes.size()));
    }
    return all;
}

/// ‖a − b‖ / ‖b‖.
double relative_difference(const std::vector<float>& a, const std::vector<float>& b) {
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        difference += std::pow(a[i] - b[i], 2);
        size += std::pow(b[i], 2);
    }
    return std::sqrt(difference / (size + 1e-30));
}

std::vector<QJsonObject> log_rows(const QString& path) {
    QFile file(path);
    std::vector<QJsonObject> rows;
    if (file.open(QIODevice::ReadOnly))
        while (!file.atEnd()) rows.push_back(QJsonDocument::fromJson(file.readLine()).object());
    return rows;
}

const QStringList common{"--threads", "1", "--device", "cpu"};
const QStringList tiny_street = common + QStringList{"--set", "data.size=16",
                                                     "--set", "network.downs=3",
                                                     "--set", "network.features=4",
                                                     "--set", "network.noise_channels=2",
                                                     "--set", "network.discriminator_features=4",
                                                     "--set", "network.discriminator_layers=2"};
const QStringList tiny_inpainting = common + QStringList{"--set", "data.size=32",
                                                         "--set", "network.kind=glcic",
                                                         "--set", "network.upsampling=transposed",
                                                         "--set", "network.noise_vector=16",
                                                         "--set", "data.hole_least=6",
                                                         "--set", "data.hole_most=16",
                                                         "--set", "data.hole_box=16",
                                                         "--set", "network.features=4",
                                                         "--set", "network.widest=2",
                                                         "--set", "network.noise_channels=2",
                                                         "--set", "network.discriminator_features=2"};
const QStringList endless = QStringList{"train", "street-64", "--objective", "l1"} + tiny_street +
                            QStringList{"--set", "training.batch=2", "--set", "training.steps=1000000"};

QStringList batch_of(int pairs) {
    QStringList settings;
    for (const char* key : {"batch", "conditions", "predictor_batch"})
        settings += {"--set", QString("training.%1=%2").arg(key).arg(pairs)};
    return settings;
}

}  // namespace

/// Trainings of several processes, which the environment names, as torchrun, mpirun or Slurm start them.
class ProcessesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void bad_variables_give_one_sentence_and_2_data();
    void bad_variables_give_one_sentence_and_2();
    void a_world_of_one_is_alone();
    void two_train_as_one_with_twice_the_batch_data();
    void two_train_as_one_with_twice_the_batch();
    void an_interrupt_of_one_stops_both_and_both_resume();
    void the_end_of_one_ends_the_other();
    void different_settings_are_refused();
    void a_refused_folder_ends_both();

private:
    using Variables = std::map<QString, QString>;

    struct Pair {
        QProcess first, second;
    };

    void start(QProcess& process, const QStringList& arguments, const Variables& variables) {
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "LOCAL_RANK"})
            environment.remove(name);
        for (const auto& [name, value] : variables) environment.insert(name, value);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder_.path());
        process.start(MODESCOPE_PROGRAM, arguments);
    }

    void start(Pair& pair, const QStringList& of_first, const QStringList& of_second) {
        Variables variables{
            {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "127.0.0.1"}, {"MASTER_PORT", QString::number(free_port())}};
        variables["RANK"] = "0";
        start(pair.first, of_first, variables);
        variables["RANK"] = "1";
        start(pair.second, of_second, variables);
    }
    void start(Pair& pair, const QStringList& arguments) { start(pair, arguments, arguments); }

    /// Ends what does not end of itself.
    static bool ends(QProcess& process) {
        if (process.state() == QProcess::NotRunning || process.waitForFinished(60000)) return true;
        process.kill();
        process.waitForFinished();
        return false;
    }
    static bool both_end(Pair& pair) {
        const bool first = ends(pair.first);
        return ends(pair.second) && first;
    }

    /// Exit code 2 and one sentence that has the part.
    static bool refuses(QProcess& process, const QString& part) {
        const auto said = QString::fromUtf8(process.readAllStandardError()).trimmed();
        if (process.exitCode() == 2 && said.count('\n') == 0 && said.endsWith('.') && said.contains(part))
            return true;
        qWarning("exit code %d: %s", process.exitCode(), qPrintable(said));
        return false;
    }

    /// Until a few steps are in the log.
    bool has_trained(const QString& run) const {
        return QTest::qWaitFor([&] { return QFile(path(run + "/log.jsonl")).size() > 0; }, 60000);
    }

    void compare_logs(const QString& found, const QString& expected, double most_difference);
    void compare_checkpoints(const QString& found, const QString& expected, double most_difference);

    QString path(const QString& name) const { return folder_.filePath(name); }

    QTemporaryDir folder_;
};

void ProcessesTest::initTestCase() {
#ifndef MODESCOPE_GLOO
    QSKIP("This build has no Gloo (libgloo-dev), so that trainings are of one process.");
#endif
}

void ProcessesTest::bad_variables_give_one_sentence_and_2_data() {
    QTest::addColumn<Variables>("variables");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* name, const Variables& change, const char* names) {
        Variables variables{
            {"WORLD_SIZE", "2"}, {"RANK", "0"}, {"MASTER_ADDR", "127.0.0.1"}, {"MASTER_PORT", "29500"}};
        for (const auto& [key, value] : change) variables[key] = value;
        QTest::newRow(name) << variables << QString(names);
    };
    row("no WORLD_SIZE", {{"WORLD_SIZE", ""}}, "WORLD_SIZE");
    row("no number", {{"WORLD_SIZE", "two"}}, "WORLD_SIZE");
    row("none", {{"WORLD_SIZE", "0"}}, "WORLD_SIZE");
    row("no RANK", {{"RANK", ""}}, "RANK");
    row("RANK too large", {{"RANK", "2"}}, "RANK");
    row("half a RANK", {{"RANK", "0.5"}}, "RANK");
    row("no MASTER_ADDR", {{"MASTER_ADDR", ""}}, "MASTER_ADDR");
    row("no MASTER_PORT", {{"MASTER_PORT", ""}}, "MASTER_PORT");
    row("no port", {{"MASTER_PORT", "65536"}}, "MASTER_PORT");
    row("LOCAL_RANK below 0", {{"LOCAL_RANK", "-1"}}, "LOCAL_RANK");
}

void ProcessesTest::bad_variables_give_one_sentence_and_2() {
    QFETCH(Variables, variables);
    QFETCH(QString, names);
    QProcess process;
    start(process, {"train", "toy", "--out", "bad"}, variables);
    QVERIFY(ends(process));
    QVERIFY(refuses(process, names));
    QVERIFY(!QFile::exists(path("bad")));
}

void ProcessesTest::a_world_of_one_is_alone() {
    QProcess process;
    start(process,
          QStringList{"train", "toy", "--objective", "l2", "--set", "training.steps=1", "--out", "alone"} +
              common,
          {{"WORLD_SIZE", "1"}, {"RANK", "0"}});
    QVERIFY(ends(process));
    QCOMPARE(process.exitCode(), 0);
}

void ProcessesTest::two_train_as_one_with_twice_the_batch_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<double>("most_difference");
    QTest::addColumn<double>("most_log_difference");
    const auto row = [](const char* name, const QStringList& arguments, int steps, double most_difference,
                        double most_log_difference = 1e-4) {
        const auto count = QString::number(steps);
        QTest::newRow(name) << arguments + QStringList{"--set", "training.predictor_steps=" + count, "--set",
                                                       "training.steps=" + count}
                            << most_difference << most_log_difference;
    };
    const QStringList noisy{"--set", "training.instance_noise=0.1", "--set", "training.generator_steps=2"};
    const auto predicted = QStringList{"street-64", "--objective", "gan+10*pmr2"} + tiny_street,
               adversarial = QStringList{"street-64", "--objective", "gan+l1"} + tiny_street + noisy,
               inpainting = QStringList{"faces-inpaint-64", "--objective", "gan+pmr2"} + tiny_inpainting;
    row("P, one step", predicted, 1, 1e-4);
    row("batch norms in D, noise on what it sees, one step", adversarial, 1, 1e-4);
    row("holes of several sizes, one step", inpainting, 1, 1e-4);
    // A rounding that switches a ReLU over grows from step to step.
    row("P", predicted, 10, 0.05);
    row("batch norms in D, noise on what it sees", adversarial, 10, 0.05);
    // It keeps 8 bits of every number.
    const QStringList coarse{"--set", "training.precision=bfloat16"};
    row("P in bfloat16, one step", predicted + coarse, 1, 0.05, 0.01);
}

void ProcessesTest::two_train_as_one_with_twice_the_batch() {
    QFETCH(QStringList, arguments);
    QFETCH(double, most_difference);
    QFETCH(double, most_log_difference);
    const QString tag = QTest::currentDataTag(), together = tag + "-two", alone = tag + "-one";
    Pair two;
    start(two, QStringList{"train"} + arguments + batch_of(2) + QStringList{"--out", together});
    QProcess one;
    start(one, QStringList{"train"} + arguments + batch_of(4) + QStringList{"--out", alone}, {});
    QVERIFY(both_end(two) && ends(one));
    QCOMPARE(two.first.exitCode(), 0);
    QCOMPARE(two.second.exitCode(), 0);
    QVERIFY2(two.second.readAll().isEmpty() && two.second.readAllStandardError().isEmpty(),
             "only the first reports");
    compare_logs(path(together + "/log.jsonl"), path(alone + "/log.jsonl"), most_log_difference);
    compare_checkpoints(path(together + "/checkpoint.safetensors"), path(alone + "/checkpoint.safetensors"),
                        most_difference);
}

void ProcessesTest::compare_logs(const QString& found, const QString& expected, double most_difference) {
    const auto rows = log_rows(found), expected_rows = log_rows(expected);
    QCOMPARE(rows.size(), expected_rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (const auto& key : expected_rows[i].keys()) {
            const double value = rows[i][key].toDouble(), right = expected_rows[i][key].toDouble();
            // The spread of samples that hardly differ is what rounding makes of pictures in float32.
            const double rounding = key == "spread" ? 1e-7 : 0;
            const bool close =
                key == "ms" || std::abs(value - right) <= most_difference * std::abs(right) + rounding;
            QVERIFY2(close, qPrintable(QString("%1: %2, not %3").arg(key).arg(value).arg(right)));
        }
}

void ProcessesTest::compare_checkpoints(const QString& found, const QString& expected,
                                        double most_difference) {
    const auto tensors = read_tensors(found), right = read_tensors(expected);
    // Positions, step counts and the generators' states to the last bit.
    QVERIFY(!right.others.empty() && tensors.others == right.others);
    QVERIFY(!right.numbers.empty());
    for (const auto& [name, values] : right.numbers) {
        QCOMPARE(tensors.numbers.at(name).size(), values.size());
        const double difference = relative_difference(tensors.numbers.at(name), values);
        QVERIFY2(difference < most_difference, qPrintable(QString("%1 by %2").arg(name).arg(difference)));
    }
}

void ProcessesTest::an_interrupt_of_one_stops_both_and_both_resume() {
    for (const auto& arguments :
         {endless + QStringList{"--out", "stopped"}, QStringList{"train", "--resume", "stopped"} + common}) {
        QFile::remove(path("stopped/log.jsonl"));
        Pair two;
        start(two, arguments);
        QVERIFY(has_trained("stopped"));
        ::kill(static_cast<pid_t>(two.second.processId()), SIGINT);
        QVERIFY(both_end(two));
        QCOMPARE(two.first.exitCode(), 0);
        QCOMPARE(two.second.exitCode(), 0);
        QVERIFY(two.first.readAllStandardOutput().contains("--resume stopped"));
    }
}

void ProcessesTest::the_end_of_one_ends_the_other() {
    Pair two;
    start(two, endless + QStringList{"--out", "left"});
    QVERIFY(has_trained("left"));
    ::kill(static_cast<pid_t>(two.second.processId()), SIGKILL);
    QVERIFY(both_end(two));
    QCOMPARE(two.first.exitCode(), 2);
    QVERIFY(two.first.readAllStandardError().contains("Another process of this training has ended"));
}

void ProcessesTest::different_settings_are_refused() {
    Pair two;
    start(two, endless + QStringList{"--out", "unlike"},
          endless + QStringList{"--set", "training.batch=3", "--out", "unlike"});
    QVERIFY(both_end(two));
    QVERIFY(refuses(two.first, "different settings"));
    QVERIFY(refuses(two.second, "different settings"));
    // The mended command may take the folder's name.
    QVERIFY(!QFile::exists(path("unlike")));
}

void ProcessesTest::a_refused_folder_ends_both() {
    QVERIFY(QDir(path("full/of/things")).mkpath("."));
    Pair two;
    start(two, endless + QStringList{"--out", "full"});
    QVERIFY(both_end(two));
    QVERIFY(refuses(two.first, "full"));
    QVERIFY(refuses(two.second, "Another process"));
}

QTEST_GUILESS_MAIN(ProcessesTest)
#include "processes_test.moc"
