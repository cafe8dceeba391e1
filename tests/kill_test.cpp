// What a training leaves behind when its process is killed or the disk is full.
#include <sys/resource.h>
#include <torch/torch.h>

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/sampling/sampler.h"
#include "core/training/run.h"
#include "core/training/run_directory.h"
#include "tests/support.h"

namespace modescope {

namespace {

using nlohmann::json;

constexpr int patience_ms = 120'000;

/// Steps of milliseconds, and more of them than any test lets happen.
QStringList tiny(const QString& preset, const QStringList& settings) {
    QStringList arguments{"train", preset, "--threads", "1", "--checkpoint-minutes", "0.01"};
    const QStringList small{"data.size=16",
                            "network.features=4",
                            "network.noise_channels=2",
                            "network.discriminator_features=4",
                            "objective.samples=2",
                            "training.batch=2",
                            "training.conditions=2",
                            "training.predictor_batch=2",
                            "training.predictor_steps=2",
                            "training.steps=1000000"};
    for (const auto& setting : small + settings) arguments << "--set" << setting;
    return arguments;
}

QStringList tiny_street_arguments() {
    return tiny("street-64", {"network.downs=2", "network.noise_levels=1", "network.widest=1",
                              "network.refine=0", "network.discriminator_layers=1"});
}

/// The folder of a run, as somebody finds it at any moment.
class Remains {
public:
    explicit Remains(const QString& path) : path_(path) {}

    std::string path(const char* name) const { return path_.toStdString() + "/" + name; }
    bool has(const char* name) const { return QFile::exists(path_ + "/" + name); }
    qint64 log_size() const { return QFile(path_ + "/log.jsonl").size(); }
    /// Files that write_file is about to rename, or was.
    QStringList unfinished() const {
        return QDir(path_).entryList({"*.part"}) + QDir(path_ + "/grids").entryList({"*.part"});
    }

    bool has_grid(std::int64_t step) const {
        return QFile::exists(QString("%1/grids/%2.png").arg(path_).arg(step, 7, 10, QChar('0')));
    }

    /// What is not whole; empty if all is well.
    std::string damage() const {
        return error_of([&] {
            const auto saved = spec_from_json(json::parse(read_file(path("spec.json")), nullptr, false));
            if (to_json(saved) != to_json(read_checkpoint(path("checkpoint.safetensors")).spec))
                throw Error("The checkpoint has another spec.");
            if (has("model.safetensors")) Sampler::load(path("model.safetensors"));
            const QDir grids(path_ + "/grids");
            for (const auto& name : grids.entryList({"*.png"}))
                read_image(grids.filePath(name).toStdString());
            log_steps();
        });
    }

    /// Of the generator's rows. Throws Error if a line but the last is cut off.
    std::vector<std::int64_t> log_steps() const {
        std::vector<std::int64_t> steps;
        std::ifstream file(path("log.jsonl"));
        bool cut_off = false;
        for (std::string line; std::getline(file, line);) {
            if (cut_off) throw Error("A line in the middle of log.jsonl is cut off.");
            const auto row = json::parse(line, nullptr, false);
            cut_off = !row.is_object();
            if (!cut_off && row["phase"] == "generator") steps.push_back(row["step"]);
        }
        return steps;
    }

private:
    QString path_;
};

/// Two kinds of moments: while a file is being written, and at any time.
void wait_for_moment(const Remains& run, QProcess& process, Rng& rng) {
    const bool while_writing = rng.chance(0.5);
    const auto size = run.log_size();
    const auto later = static_cast<qint64>(rng.uniform(0, 400));
    QElapsedTimer timer, since_log;
    timer.start();
    while (process.state() == QProcess::Running && timer.elapsed() < patience_ms) {
        if (while_writing && !run.unfinished().isEmpty()) return;
        if (run.log_size() != size && !since_log.isValid()) since_log.start();
        if (!while_writing && since_log.isValid() && since_log.elapsed() >= later) return;
        process.waitForFinished(1);
    }
}

/// How large a file this process may make; writing more fails as on a full disk.
void limit_files(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

class KillTest : public QObject {
    Q_OBJECT

private slots:
    void a_killed_training_goes_on_as_if_nothing_had_been_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("kills");
        QTest::newRow("street") << tiny_street_arguments() << 20;
        QTest::newRow("super-resolution") << tiny("faces-sr-64", {"network.blocks=1"}) << 2;
        QTest::newRow("inpainting") << tiny("faces-inpaint-64",
                                            {"data.hole_least=4", "data.hole_most=8", "data.hole_box=8",
                                             "data.hole_margin=0", "network.kind=glcic"})
                                    << 2;
    }

    void a_killed_training_goes_on_as_if_nothing_had_been() {
        QFETCH(QStringList, arguments);
        QFETCH(int, kills);
        const QTemporaryDir folder;
        const auto path = folder.filePath("run");
        const Remains run(path);
        Rng rng(7);
        QProcess process;
        process.start(MODESCOPE_PROGRAM, arguments + QStringList{"--out", path});
        QTRY_VERIFY_WITH_TIMEOUT(run.has("checkpoint.safetensors"), patience_ms);
        for (int kill = 0; kill < kills; ++kill) {
            wait_for_moment(run, process, rng);
            process.kill();
            QVERIFY(process.waitForFinished());
            QCOMPARE(process.exitStatus(), QProcess::CrashExit);  // it had not ended by itself
            QCOMPARE(run.damage(), std::string());
            process.start(MODESCOPE_PROGRAM,
                          {"train", "--resume", path, "--threads", "1", "--checkpoint-minutes", "0.01"});
        }
        end_in_order(run, process);
        expect_as_never_killed(run);
    }

    /// As if the disk were full: no file may become as large as a checkpoint.
    void a_full_disk_costs_no_training() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("run");
        const Remains run(path);
        QProcess process;
        process.start(MODESCOPE_PROGRAM, tiny_street_arguments() + QStringList{"--out", path});
        QTRY_VERIFY_WITH_TIMEOUT(run.has("checkpoint.safetensors"), patience_ms);
        end_in_order(run, process);
        const auto before = read_file(run.path("checkpoint.safetensors"));
        const auto steps = run.log_steps().size();

        process.setChildProcessModifier([most = before.size() / 2] { limit_files(most); });
        process.start(MODESCOPE_PROGRAM,
                      {"train", "--resume", path, "--threads", "1", "--checkpoint-minutes", "0.01"});
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += process.readAllStandardError()).contains("goes on and tries again"),
                                 patience_ms);
        QVERIFY(said.contains("checkpoint.safetensors"));
        QTRY_VERIFY_WITH_TIMEOUT(run.log_steps().size() > steps + 2, patience_ms);

        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(patience_ms));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 2);
        const auto last = process.readAllStandardError().trimmed().split('\n').last();
        QVERIFY2(last.startsWith("Cannot write " + QFile::encodeName(path)), last);
        QVERIFY2(last.endsWith(" is saved in " + QFile::encodeName(path) + "."), last);
        QVERIFY(read_file(run.path("checkpoint.safetensors")) == before);
        QCOMPARE(run.damage(), std::string());
        QCOMPARE(run.unfinished(), QStringList());
    }

    void a_full_disk_before_the_first_checkpoint_is_told() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("run");
        QProcess process;
        // Enough for all but the checkpoint.
        process.setChildProcessModifier([] { limit_files(20'000); });
        process.start(MODESCOPE_PROGRAM,
                      {"train", "toy", "--objective", "gan", "--set", "training.steps=1", "--out", path});
        QVERIFY(process.waitForFinished(patience_ms));
        QCOMPARE(process.exitCode(), 2);
        const auto last = process.readAllStandardError().trimmed().split('\n').last();
        QVERIFY2(last.contains("checkpoint.safetensors"), last);
        QVERIFY2(last.endsWith("Nothing is saved in " + QFile::encodeName(path) + "."), last);
    }

    /// Else it would go on with random weights when it is resumed.
    void a_start_that_cannot_be_saved_is_refused() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("run").toStdString();
        const auto model = folder.filePath("model.safetensors").toStdString();
        const auto spec = tiny_toy("gan");
        write_checkpoint(model, Trainer(spec).inference_checkpoint(false));
        const auto start = [&] { Run(spec, {.directory = path, .start = model}); };
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        limit_files(4000);
        const auto message = error_of(start);
        limit_files(before.rlim_cur);
        QVERIFY2(says(message, path + "/checkpoint.safetensors"), message.c_str());
        QVERIFY(!Remains(folder.filePath("run")).has("spec.json"));
        QCOMPARE(error_of(start), std::string());  // nothing of it is in the way
    }

    void a_full_disk_leaves_whole_rows() {
        const QTemporaryDir folder;
        const auto path = folder.filePath("run");
        const Remains run(path);
        RunDirectory directory(path.toStdString(), tiny_toy("gan"), false);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const auto log = [&](std::int64_t from) {
            for (auto step = from; step < from + 100; step += 10)
                directory.log({.step = step, .values = {{"g", 1}}});
        };
        limit_files(250);
        log(0);
        limit_files(before.rlim_cur);
        QVERIFY(says(directory.problem(), run.path("")));
        const auto written = run.log_steps().size();
        QVERIFY(written > 0 && written < 10);
        log(100);
        QCOMPARE(run.log_steps().size(), written + 10);
    }

private:
    /// Ctrl-C, once it has got further than before.
    static void end_in_order(const Remains& run, QProcess& process) {
        const auto size = run.log_size();
        QTRY_VERIFY_WITH_TIMEOUT(run.log_size() != size, patience_ms);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(patience_ms));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
    }

    static void expect_as_never_killed(const Remains& run) {
        QCOMPARE(run.damage(), std::string());
        QCOMPARE(run.unfinished(), QStringList());
        const auto steps = run.log_steps();
        QVERIFY(std::ranges::adjacent_find(steps, std::greater_equal()) == steps.end());
        const auto checkpoint = read_checkpoint(run.path("checkpoint.safetensors"));
        QVERIFY(run.has_grid(checkpoint.steps()));
        Trainer straight(checkpoint.spec);
        while (straight.progress().step < checkpoint.steps()) straight.step(StepKind::both);
        QCOMPARE(first_difference(checkpoint, straight.checkpoint()), std::string());
    }
};

std::unique_ptr<QObject> kill_test() { return std::make_unique<KillTest>(); }

}  // namespace modescope

#include "kill_test.moc"
