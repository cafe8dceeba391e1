#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>
#include <csignal>
#include <cstdio>
#include <utility>
#include <vector>

#include "app/cli/run.h"

/// A PNG of one red pixel.
constexpr char dot[] =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/// What goes to standard output or error meanwhile. Libraries write there through the same descriptor.
class Capture {
public:
    explicit Capture(int descriptor) : descriptor_(descriptor) {
        file_.open();
        std::fflush(nullptr);
        before_ = ::dup(descriptor_);
        ::dup2(file_.handle(), descriptor_);
    }
    ~Capture() { stop(); }

    QString text() {
        stop();
        file_.seek(0);
        return QString::fromUtf8(file_.readAll());
    }

private:
    void stop() {
        if (before_ < 0) return;
        std::fflush(nullptr);
        ::dup2(before_, descriptor_);
        ::close(std::exchange(before_, -1));
    }

    int descriptor_, before_ = -1;
    QTemporaryFile file_;
};

/// The command line as a user or a script meets it: what it prints, writes and returns. Most commands are
/// served in this process, as starting the program takes longer than what they do.
class CliTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void program_serves_its_command_line();
    void every_command_has_help_data();
    void every_command_has_help();
    void bad_input_gives_one_sentence_and_2_data();
    void bad_input_gives_one_sentence_and_2();
    void world_writes_a_picture();
    void truth_scores_as_truth();
    void compare_agrees_with_evaluate_and_writes_a_report();
    void compare_takes_a_drawing();
    void a_folder_has_as_many_conditions_as_pictures();
    void a_run_goes_on_with_data_that_moved();
    void quiz_score_tells_the_realism();
    void training_makes_a_model_that_samples();
    void a_resumed_training_goes_on_with_grids_and_log();
    void training_never_overwrites();
    void a_toy_trains_on_a_shape_and_on_points();
    void a_weight_that_is_set_holds_whatever_the_objective();
    void interrupted_training_saves_and_resumes();
    void json_without_a_file_goes_to_standard_output();
    void info_counts_the_paper_s_parameters();
    void a_label_picture_is_drawn_from();
    void check_tells_what_a_folder_is();
    void reproduce_writes_stable_json();
    void without_a_display_it_says_what_works();

private:
    struct Result {
        int code;
        QString out, err;
    };

    Result run(const QStringList& arguments) {
        std::vector<QByteArray> words{"modescope"};
        for (const auto& argument : arguments) words.push_back(argument.toUtf8());
        std::vector<char*> list;
        for (auto& word : words) list.push_back(word.data());
        Capture out(STDOUT_FILENO), error(STDERR_FILENO);
        const int code = modescope::cli::run(static_cast<int>(list.size()), list.data());
        const auto said = error.text();
        return {code, out.text(), said};
    }

    Result run_program(const QStringList& arguments) {
        QProcess process;
        process.setWorkingDirectory(folder_.path());
        process.start(MODESCOPE_PROGRAM, arguments);
        if (!process.waitForFinished(120000)) process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    /// A training of seconds: everything small.
    static QStringList small(const QStringList& first) {
        return first + QStringList{"--set", "data.size=16",
                                   "--set", "network.downs=3",
                                   "--set", "network.features=4",
                                   "--set", "network.noise_channels=2",
                                   "--set", "network.discriminator_features=4",
                                   "--set", "network.discriminator_layers=1",
                                   "--set", "training.batch=2",
                                   "--set", "training.conditions=2",
                                   "--set", "training.predictor_batch=2",
                                   "--set", "training.predictor_steps=2"};
    }

    /// Three photos of each split, and one that is none.
    Result train_on_photos(const QString& photos, const QString& out) {
        for (const char* place : {"/train", "/val"}) {
            if (!QDir(folder_.path()).mkpath(photos + place)) qFatal("no folder");
            for (int i = 0; i < 3; ++i) {
                QImage picture(16, 16, QImage::Format_RGB32);
                picture.fill(qRgb(80 * i, 40, 0));
                if (!picture.save(path(QString("%1%2/%3.png").arg(photos, place).arg(i))))
                    qFatal("no picture");
            }
        }
        write(photos + "/train/broken.png", "no picture");
        return run(small({"train", "faces-inpaint-64", "--data", photos, "--out", out}) +
                   QStringList{"--set", "training.steps=1", "--set", "data.hole_least=4", "--set",
                               "data.hole_most=8", "--set", "data.hole_box=8", "--set",
                               "data.hole_margin=0"});
    }

    QString path(const QString& name) const { return folder_.filePath(name); }

    void write(const QString& name, const QByteArray& text) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("cannot write");
    }

    QTemporaryDir folder_;
};

void CliTest::initTestCase() { QVERIFY(QDir::setCurrent(folder_.path())); }

void CliTest::program_serves_its_command_line() {
    const QStringList bad{"train", "toy", "--stesp", "3"}, good{"presets"};
    for (const auto& arguments : {bad, good}) {
        const auto program = run_program(arguments), here = run(arguments);
        QCOMPARE(program.code, here.code);
        QCOMPARE(program.out, here.out);
        QCOMPARE(program.err, here.err);
    }
    QCOMPARE(run_program(bad).code, 2);
    QVERIFY(run_program({"--version"}).out.startsWith("Modescope "));
}

void CliTest::every_command_has_help_data() {
    QTest::addColumn<QString>("command");
    for (const char* command :
         {"train", "sample", "evaluate", "compare", "world", "check", "info", "lpips", "export", "reproduce",
          "bench", "presets", "demo", "screenshot", "quiz-score"})
        QTest::newRow(command) << command;
}

void CliTest::every_command_has_help() {
    QFETCH(QString, command);
    const auto result = run({command, "--help"});
    QCOMPARE(result.code, 0);
    QVERIFY(result.out.contains("Usage: modescope " + command));
}

void CliTest::bad_input_gives_one_sentence_and_2_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* name, const QStringList& arguments, const char* names) {
        QTest::newRow(name) << arguments << names;
    };
    row("unknown command", {"trian"}, "trian");
    row("unknown flag", {"train", "toy", "--stesp", "3"}, "--stesp");
    row("unknown preset", {"train", "tooy", "--out", "r"}, "tooy");
    row("unknown key", {"train", "toy", "--out", "r", "--set", "training.stesp=3"}, "training.steps");
    row("value out of range", {"train", "toy", "--out", "r", "--set", "training.steps=-3"}, "training.steps");
    row("value of the wrong type", {"train", "toy", "--out", "r", "--set", "training.steps=many"},
        "training.steps");
    row("key before the preset", {"train", "--set", "training.stesp=3", "toy", "--out", "r"},
        "training.steps");
    row("noise twice", {"sample", "street-64-gan+l1", "--recipe", "3", "--k", "2"}, "--recipe");
    row("two conditions", {"sample", "street-64-gan+l1", "--input", "p.png", "--layout", "3"}, "--layout");
    row("runs of no training", {"reproduce", "--quick", "--runs", "r"}, "--full");
    row("painting without a window", {"bench", "--soak", "--no-frames"}, "--soak");
    row("nothing but two things", {"bench", "--preset", "toy", "--paper"}, "--paper");
    row("unknown term", {"train", "toy", "--out", "r", "--objective", "gan+l7"}, "l7");
    row("no folder", {"train", "toy"}, "--out");
    row("nothing to resume", {"train", "--resume", "nowhere"}, "nowhere");
    row("a preset to resume", {"train", "toy", "--resume", "r"}, "preset excludes --resume");
    for (const char* option : {"--out", "--objective", "--set", "--start"})
        row(option, {"train", "--resume", "r", option, "training.steps=9"}, option);
    row("preset without its keys", {"presets", "toy"}, "--keys");
    row("negative seed", {"sample", "street-64-gan+l1", "--seed", "-3"}, "-3 is negative");
    row("mask of nothing", {"sample", "faces-inpaint-64-gan", "--mask", "p.png"}, "--mask");
    row("mask of another task", {"sample", "street-64-gan", "--input", "p.png", "--mask", "p.png"}, "--mask");
    row("another size of a model", {"evaluate", "street-64-gan+l1", "--size", "77"}, "--size");
    row("another task of a model", {"evaluate", "street-64-gan+l1", "--task", "picture"}, "--task");
    row("folder of a world's model", {"evaluate", "street-64-gan+l1", "--data", "."}, "--data");
    row("unknown world", {"world", "streat", "x.png"}, "streat");
    row("unknown picture format", {"world", "street", "x.xyz", "--n", "1"}, "x.xyz");
    row("folder that is not there", {"world", "street", "no/where/x.png", "--n", "1"}, "no/where/x.png");
    row("no such model", {"sample", "nothing"}, "nothing");
    row("foreign model", {"sample", "foreign.safetensors"}, "foreign.safetensors");
    row("no weights for LPIPS", {"lpips", "p.png", "p.png"}, "MODESCOPE_LPIPS");
    row("unknown preset to tell of", {"info", "streat-64"}, "streat-64");
    row("unknown folder", {"check", "no-folder"}, "no-folder");
    row("folder preset without a folder", {"train", "srgan-celeba", "--out", "r"}, "--data");
    row("foreign folder", {"train", "srgan-celeba", "--out", "r", "--data", "no-folder"}, "no-folder");
    row("device that is not there", {"train", "street-64", "--out", "r", "--device", "quantum"}, "quantum");
    row("picture of foreign colours", {"sample", "street-64-gan+l1", "--input", "p.png"}, "p.png");
    row("nonsense for noise", {"sample", "street-64-gan+l1", "--recipe", "vase"}, "vase");
    row("folder of foreign pictures", {"sample", "street-64-gan+l1", "--input", "."}, "p.png");
    row("nothing to export", {"export", "foreign.safetensors", "--out", "e.safetensors"},
        "foreign.safetensors");
    row("task that a world lacks", {"evaluate", "truth", "--world", "faces"}, "faces");
    row("holes larger than the picture", {"evaluate", "truth", "--task", "inpainting", "--size", "16"},
        "data.size 16");
    row("another world's classes", {"compare", "street-64-gan+l1", "truth", "--world", "maps"}, "Maps");
    row("tiles of another task", {"bench", "--model", "faces-inpaint-64-gan+pmr2", "--no-frames"},
        "faces-inpaint-64-gan+pmr2");
    row("no such model to compare", {"compare", "street-64-gan+l1", "nothing"}, "nothing");
    row("input that is not there", {"compare", "street-64-gan+l1", "--input", "no.png"},
        "Cannot read no.png: No such file");
    row("another task", {"compare", "street-64-gan+l1", "--task", "inpainting"}, "inpainting");
    row("unknown distribution", {"train", "toy", "--out", "r", "--data", "rnig"}, "rnig");
    row("unknown distribution as a key", {"train", "toy", "--out", "r", "--set", "data.toy=rnig"}, "rnig");
    row("one point", {"train", "toy", "--out", "r", "--data", "one.csv"}, "1 point,");
    row("points that are none", {"train", "toy", "--out", "r", "--data", "nan.csv"}, "line 2");
    row("a picture for points", {"train", "toy", "--out", "r", "--data", "p.png"}, "p.png");
    row("a folder for points", {"train", "toy", "--out", "r", "--data", "."}, "folder");
    row("answers that are none", {"quiz-score", "p.png"}, "p.png");
    row("truth of a folder", {"compare", "truth", "--data", "."}, "--data");
    row("two sources of inputs", {"compare", "street-64-gan+l1", "--world", "street", "--data", "."},
        "--data");
    row("mask of no drawing", {"compare", "street-64-gan+l1", "--mask", "p.png"}, "--drawing");
    row("unknown lab", {"screenshot", "--lab", "kitchen", "x.png"}, "kitchen");
    row("model for a page without one", {"screenshot", "--lab", "toy", "--model", "a", "x.png"}, "--model");
    row("model that is not there", {"screenshot", "--lab", "paint", "--model", "nowhere", "x.png"},
        "nowhere");
}

void CliTest::bad_input_gives_one_sentence_and_2() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, names);
    QFile foreign(path("foreign.safetensors"));
    QVERIFY(foreign.open(QIODevice::WriteOnly) && foreign.write("this is no model, whatever its name") > 0);
    foreign.close();
    qunsetenv("MODESCOPE_LPIPS");
    QFile picture(path("p.png"));
    QVERIFY(picture.open(QIODevice::WriteOnly) && picture.write(QByteArray::fromBase64(dot)) > 0);
    picture.close();
    write("one.csv", "x,y\n1,2\n");
    write("nan.csv", "1,2\nnan,nan\n");
    const auto result = run(arguments);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.err.contains(names), qPrintable(result.err));
    QCOMPARE(result.err.trimmed().count('\n'), 0);
    QVERIFY(result.err.trimmed().endsWith('.') || result.err.trimmed().endsWith('?'));
}

void CliTest::world_writes_a_picture() {
    QCOMPARE(run({"world", "street", "--n", "2", "--size", "32", "w.png"}).code, 0);
    QFile file(path("w.png"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.read(8) == QByteArray("\x89PNG\r\n\x1a\n", 8));
}

void CliTest::truth_scores_as_truth() {
    const auto result =
        run({"evaluate", "truth", "--world", "street", "--layouts", "6", "--samples", "32", "--json", "-"});
    QCOMPARE(result.code, 0);
    const auto json = QJsonDocument::fromJson(result.out.toUtf8()).object();
    QVERIFY(json["validity"].toDouble() >= 0.98);
    QVERIFY(json["factors"].toObject()["time_of_day"].toObject()["entropy_ratio"].toDouble() > 0.9);
    QVERIFY(qAbs(json["noise_sensitivity"].toDouble() - 1) < 0.1);
}

void CliTest::compare_agrees_with_evaluate_and_writes_a_report() {
    const auto one = run({"evaluate", "street-64-gan+l1", "--layouts", "3", "--samples", "4", "--json", "-"});
    const auto all = run({"compare", "street-64-gan+l1", "truth", "--conditions", "3", "--samples", "4",
                          "--no-cache", "--report", "r.html", "--csv", "r.csv", "--json", "-"});
    QCOMPARE(all.code, 0);
    const auto alone = QJsonDocument::fromJson(one.out.toUtf8()).object();
    const auto models = QJsonDocument::fromJson(all.out.toUtf8()).object()["models"].toArray();
    const auto metrics = models[0].toObject()["metrics"].toObject();
    for (const char* id : {"deviation", "noise_sensitivity", "validity", "mean_error", "best_of_k"}) {
        const auto figure = metrics[id].toObject();
        QVERIFY2(qAbs(figure["value"].toDouble() - alone[id].toDouble()) < 1e-6, id);
        const auto interval = figure["interval"].toArray();
        QVERIFY(interval[0].toDouble() <= figure["value"].toDouble());
        QVERIFY(interval[1].toDouble() >= figure["value"].toDouble());
    }
    QCOMPARE(models[1].toObject()["metrics"].toObject()["validity"].toObject()["value"].toDouble(), 1.0);
    QVERIFY(QFile(path("r.html")).size() > 10000);
    QVERIFY(QFile(path("r.csv")).size() > 500);
}

/// Its truth is the world's, and another drawing has another.
void CliTest::compare_takes_a_drawing() {
    QVERIFY(run({"world", "street", "--n", "1", "--size", "64", "--seed", "7", "sheet.png"}).code == 0);
    QVERIFY(QImage(path("sheet.png")).copy(0, 0, 128, 128).scaled(64, 64).save(path("drawing.png")));
    const auto result = run({"compare", "street-64-gan+l1", "truth", "--drawing", "drawing.png", "--samples",
                             "4", "--no-cache", "--json", "-"});
    QVERIFY2(result.code == 0, qPrintable(result.err));
    const auto json = QJsonDocument::fromJson(result.out.toUtf8()).object();
    QCOMPARE(json["conditions"].toInt(), 1);
    const auto truth = json["models"].toArray()[1].toObject()["metrics"].toObject();
    QCOMPARE(truth["validity"].toObject()["value"].toDouble(), 1.0);
}

/// However many are asked for.
void CliTest::a_folder_has_as_many_conditions_as_pictures() {
    const auto trained = train_on_photos("photos", "filled");
    QVERIFY2(trained.code == 0, qPrintable(trained.err));
    QVERIFY2(trained.err.contains("Passed over in the folder: "), qPrintable(trained.err));
    QVERIFY2(trained.err.contains("broken.png"), qPrintable(trained.err));
    qunsetenv("MODESCOPE_LPIPS");
    const QString model = "filled/model.safetensors";
    for (const auto& [command, key] : {std::pair{"evaluate", "layouts"}, {"compare", "conditions"}}) {
        const auto result = run({command, model, "--samples", "2", "--json", "-"});
        QVERIFY2(result.code == 0, qPrintable(result.err));
        QCOMPARE(QJsonDocument::fromJson(result.out.toUtf8()).object()[key].toInt(), 3);
    }
}

void CliTest::a_run_goes_on_with_data_that_moved() {
    QCOMPARE(train_on_photos("here", "moving").code, 0);
    QVERIFY(QDir(folder_.path()).rename("here", "elsewhere"));
    const auto lost = run({"train", "--resume", "moving"});
    QCOMPARE(lost.code, 2);
    QVERIFY2(lost.err.contains("/here"), qPrintable(lost.err));
    const auto found = run({"train", "--resume", "moving", "--data", "elsewhere"});
    QVERIFY2(found.code == 0, qPrintable(found.err));
    QCOMPARE(run({"train", "--resume", "moving"}).code, 0);  // it is known from then on
    const auto wrong = run({"train", "--resume", "moving", "--data", "elsewhere/nothing"});
    QCOMPARE(wrong.code, 2);
    QVERIFY2(wrong.err.contains("elsewhere/nothing"), qPrintable(wrong.err));
    QCOMPARE(run(small({"train", "street-64", "--out", "of-a-world", "--objective", "l1"}) +
                 QStringList{"--set", "training.steps=1"})
                 .code,
             0);
    const auto none = run({"train", "--resume", "of-a-world", "--data", "elsewhere"});
    QCOMPARE(none.code, 2);
    QVERIFY2(none.err.contains("leave out --data"), qPrintable(none.err));
}

/// Two raters, eight fakes and eight real pictures; one finds every fake, the other takes half of both for
/// fake.
void CliTest::quiz_score_tells_the_realism() {
    QFile file(path("answers.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("rater,picture,model,said,milliseconds,order\n");
    for (int i = 0; i < 16; ++i) {
        const bool fake = i % 2, half = i % 4 < 2;
        const auto line = [&](const char* rater, bool said) {
            file.write(QString("%1,p%2,%3,%4,900,%5\n")
                           .arg(rater)
                           .arg(i)
                           .arg(fake ? "gan" : "real", said ? "fake" : "real")
                           .arg(i + 1)
                           .toUtf8());
        };
        line("Ada", fake);
        line("Bo", half);
    }
    file.close();
    const auto result = run({"quiz-score", "answers.csv", "--json", "-"});
    QVERIFY2(result.code == 0, qPrintable(result.err));
    const auto score = QJsonDocument::fromJson(result.out.toUtf8()).object();
    const auto model = score["models"].toArray().first().toObject();
    QCOMPARE(model["model"].toString(), QString("gan"));
    // F is 1 for Ada and 2·½ / (1 + ½ + ½) = ½ for Bo.
    QVERIFY2(qAbs(model["realism"].toDouble() - 0.5) < 1e-9, qPrintable(result.out));
    QVERIFY(run({"quiz-score", "answers.csv"}).out.contains("gan"));
}

void CliTest::training_makes_a_model_that_samples() {
    const auto trained = run(small({"train", "street-64", "--out", "run", "--set", "training.steps=3"}));
    QVERIFY2(trained.code == 0, qPrintable(trained.err));
    for (const char* name :
         {"spec.json", "log.jsonl", "checkpoint.safetensors", "model.safetensors", "grids/0000003.png"})
        QVERIFY2(QFile::exists(path(QString("run/") + name)), name);
    QCOMPARE(run({"sample", "run/model.safetensors", "--k", "3", "--seed", "9", "--out", "s"}).code, 0);
    for (const char* name : {"seed-9.png", "seed-11.png", "sheet.png"})
        QVERIFY2(QFile::exists(path(QString("s/") + name)), name);
    const auto scored =
        run({"evaluate", "run/model.safetensors", "--layouts", "2", "--samples", "4", "--json", "-"});
    QVERIFY2(scored.code == 0, qPrintable(scored.err));
    QCOMPARE(QJsonDocument::fromJson(scored.out.toUtf8()).object()["configuration"].toString(),
             QString("gan+pmr2"));
}

void CliTest::a_resumed_training_goes_on_with_grids_and_log() {
    QCOMPARE(
        run(small({"train", "street-64", "--out", "more", "--objective", "l1", "--set", "training.steps=20"}))
            .code,
        0);
    QVERIFY(QFile::remove(path("more/grids/0000020.png")));
    QCOMPARE(run({"train", "--resume", "more"}).code, 0);
    QVERIFY(QFile::exists(path("more/grids/0000020.png")));
    QFile log(path("more/log.jsonl"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const auto text = log.readAll();
    QCOMPARE(text.count('\n'), 3);  // steps 10 and 20 and what saving measured, once each
    QCOMPARE(text.count("spread"), 1);
}

void CliTest::training_never_overwrites() {
    QCOMPARE(run(small({"train", "street-64", "--out", "kept", "--set", "training.steps=1"})).code, 0);
    const auto again = run(small({"train", "street-64", "--out", "kept", "--set", "training.steps=1"}));
    QCOMPARE(again.code, 2);
    QVERIFY(again.err.contains("kept"));
}

void CliTest::a_toy_trains_on_a_shape_and_on_points() {
    QByteArray table = "x,y\n";
    for (int i = 0; i < 40; ++i) table += QByteArray::number(i) + (i % 2 == 0 ? ",10\n" : ",30\n");
    write("two.csv", table);
    for (const char* data : {"ring", "two.csv"}) {
        const QString out = QStringLiteral("toy-") + data;
        const auto trained = run({"train", "toy", "--data", data, "--objective", "gan", "--set",
                                  "training.steps=3", "--out", out});
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        QFile spec(path(out + "/spec.json"));
        QVERIFY(spec.open(QIODevice::ReadOnly));
        const auto toy =
            QJsonDocument::fromJson(spec.readAll()).object()["data"].toObject()["toy"].toString();
        QVERIFY2(data == QByteArray("ring") ? toy == "ring" : toy.startsWith("points:"), qPrintable(toy));
        QVERIFY(QFile::remove(path("two.csv")) || data == QByteArray("two.csv"));
        QCOMPARE(run({"train", "--resume", out}).code, 0);  // without the table
        write("two.csv", table);
    }
}

void CliTest::a_weight_that_is_set_holds_whatever_the_objective() {
    const auto trained = run({"train", "toy", "--objective", "gan+mr1", "--set", "objective.mr1=3", "--set",
                              "training.steps=1", "--out", "weighted"});
    QVERIFY2(trained.code == 0, qPrintable(trained.err));
    QFile spec(path("weighted/spec.json"));
    QVERIFY(spec.open(QIODevice::ReadOnly));
    const auto weights = QJsonDocument::fromJson(spec.readAll()).object()["objective"].toObject();
    QCOMPARE(weights["mr1"].toDouble(), 3.0);
    QCOMPARE(weights["gan"].toDouble(), 1.0);
}

/// Stopped once and resumed, the model is the one of a training that was never stopped.
void CliTest::interrupted_training_saves_and_resumes() {
    const QStringList toy{"--objective", "gan+mr1",           "--set", "training.steps=3000",
                          "--set",       "training.batch=16", "--set", "training.conditions=16"};
    QProcess process;
    process.setWorkingDirectory(folder_.path());
    process.start(MODESCOPE_PROGRAM, QStringList{"train", "toy", "--out", "stopped"} + toy);
    QTRY_VERIFY_WITH_TIMEOUT(QFile(path("stopped/log.jsonl")).size() > 0, 60000);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().contains("--resume"));
    const auto resumed = run({"train", "--resume", "stopped"});
    QVERIFY2(resumed.code == 0, qPrintable(resumed.err));
    QCOMPARE(run(QStringList{"train", "toy", "--out", "straight"} + toy).code, 0);
    QFile a(path("stopped/checkpoint.safetensors")), b(path("straight/checkpoint.safetensors"));
    QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
    QVERIFY(a.readAll() == b.readAll());
}

void CliTest::json_without_a_file_goes_to_standard_output() {
    const auto bare = run({"info", "street-64", "--json"}), named = run({"info", "street-64", "--json", "-"});
    QCOMPARE(bare.code, 0);
    QVERIFY(QJsonDocument::fromJson(bare.out.toUtf8()).object().contains("parameters"));
    QCOMPARE(bare.out, named.out);
}

void CliTest::info_counts_the_paper_s_parameters() {
    const auto result = run({"info", "srgan-celeba", "--json", "-"});
    QCOMPARE(result.code, 0);
    const auto parameters = QJsonDocument::fromJson(result.out.toUtf8()).object()["parameters"].toObject();
    QCOMPARE(qRound(parameters["generator"].toDouble() / 1e4), 84);
    QCOMPARE(qRound(parameters["discriminator"].toDouble() / 1e5), 52);
    QCOMPARE(qRound(parameters["predictor"].toDouble() / 1e4), 75);
}

/// The drawing of the first sheet, given as a file, makes the same pictures.
void CliTest::a_label_picture_is_drawn_from() {
    QCOMPARE(run(small({"train", "street-64", "--out", "drawn", "--set", "training.steps=1"})).code, 0);
    QCOMPARE(run({"world", "street", "--n", "1", "--size", "16", "--seed", "7", "w.png"}).code, 0);
    const QString model = "drawn/model.safetensors";
    QCOMPARE(run({"sample", model, "--layout", "7", "--k", "1", "--out", "a"}).code, 0);
    QImage sheet(path("w.png"));
    QVERIFY(sheet.copy(0, 0, 32, 32).scaled(16, 16).save(path("labels.png")));
    QCOMPARE(run({"sample", model, "--input", "labels.png", "--k", "1", "--out", "b"}).code, 0);
    QCOMPARE(QImage(path("b/seed-1.png")), QImage(path("a/seed-1.png")));
    QVERIFY(QDir(folder_.path()).mkpath("batch"));
    for (const char* name : {"batch/one.png", "batch/two.png"})
        QVERIFY(QFile::copy(path("labels.png"), path(name)));
    QCOMPARE(
        run({"sample", model, "--input", "batch", "--recipe", "1", "--recipe", "1~0.5*2", "--out", "c"}).code,
        0);
    QCOMPARE(QImage(path("c/two.png/seed-1.png")), QImage(path("a/seed-1.png")));
    const QImage varied(path("c/one.png/sample-2.png"));
    QCOMPARE(varied.text("Noise"), QString("1~0.5*2"));
    QCOMPARE(varied.text("Model SHA-256").size(), 64);
    QVERIFY(varied.text("Software").startsWith("Modescope"));
}

void CliTest::check_tells_what_a_folder_is() {
    QVERIFY(QDir(folder_.path()).mkpath("faces"));
    for (int i = 0; i < 3; ++i)
        QVERIFY(QImage(path("p.png")).scaled(8, 8).save(path(QString("faces/%1.png").arg(i))));
    QVERIFY(QFile(path("p.png")).copy(path("faces/x.jpg")));  // a PNG, whatever its name
    const auto result = run({"check", "faces"});
    QCOMPARE(result.code, 0);
    QVERIFY2(result.out.contains("photos"), qPrintable(result.out));
}

void CliTest::reproduce_writes_stable_json() {
    const auto result = run({"reproduce", "--only", "toy", "--seeds", "1", "--steps", "5", "--json", "-"});
    QCOMPARE(result.code, 0);
    const auto rows = QJsonDocument::fromJson(result.out.toUtf8()).object()["toy"].toArray();
    QStringList ids;
    for (const auto& row : rows) {
        ids << row.toObject()["configuration"].toString();
        for (const char* key : {"w1", "minor_mode", "valid", "noise", "bias2", "variance"})
            QVERIFY(row.toObject()[key].isDouble());
    }
    QCOMPARE(ids, QStringList(
                      {"gan", "l2", "l1", "gan+l2", "gan+l1", "gan+mr1", "gan+mr2", "gan+pmr1", "gan+pmr2"}));
}

void CliTest::without_a_display_it_says_what_works() {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(variable);
    process.setProcessEnvironment(environment);
    process.start(MODESCOPE_PROGRAM, QStringList{});
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("modescope demo"));
}

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
