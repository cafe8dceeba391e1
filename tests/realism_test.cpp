// The arithmetic of the realism quiz by hand-worked cases, and its files.
#include "core/metrics/realism.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/metrics/realism_file.h"
#include "tests/error_of.h"

using namespace modescope;

namespace {

using Answers = std::vector<RealismAnswer>;

/// Answers of `rater` to `count` pictures of a model, the first `fake` of them "fake".
void judge(Answers& answers, const std::string& rater, const std::string& model, int count, int fake) {
    for (int i = 0; i < count; ++i)
        answers.push_back({rater, model + std::to_string(i), model, i < fake, 900.0 + i,
                           static_cast<int>(answers.size()) + 1});
}

RealismScore score(const Answers& answers) {
    Rng rng(1);
    return score_realism(answers, rng, 500);
}

ModelRealism only_model(const Answers& answers) { return score(answers).models.at(0); }

bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

const Answers some{{"Ada", "p1", "real", false, 812.5, 1},
                   {"Ada", "p2", "gan+l1", true, 90, 2},
                   {"Ben, \"B\"\n", "p2", "gan+l1", false, 1e3, 1},
                   {"Zoë", "p1", "real", true, 0, 1}};

}  // namespace

class RealismTest : public QObject {
    Q_OBJECT

private slots:
    void all_right_is_0() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 0);
        judge(answers, "Ada", "gan", 10, 10);
        QCOMPARE(only_model(answers).realism, 0.0);
        QCOMPARE(only_model(answers).f, 1.0);
    }

    void all_wrong_is_2() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 10);
        judge(answers, "Ada", "gan", 10, 0);
        QCOMPARE(only_model(answers).realism, 2.0);
    }

    void always_fake_is_two_thirds() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 10);
        judge(answers, "Ada", "gan", 10, 10);
        QVERIFY(near(only_model(answers).f, 2.0 / 3));
        QVERIFY(near(only_model(answers).realism, 2.0 / 3));
    }

    /// Precision is undefined where nothing is called fake; recall is 0.
    void never_fake_is_2() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 0);
        judge(answers, "Ada", "gan", 10, 0);
        QCOMPARE(only_model(answers).f, 0.0);
        QCOMPARE(only_model(answers).realism, 2.0);
    }

    void guessing_is_1_in_expectation() {
        Rng rng(3);
        double sum = 0;
        constexpr int quizzes = 2000;
        for (int quiz = 0; quiz < quizzes; ++quiz) {
            Answers answers;
            for (int i = 0; i < 100; ++i) {
                const std::string model = i % 2 ? "real" : "gan";
                answers.push_back({"Ada", model + std::to_string(i), model, rng.chance(0.5), 1, i + 1});
            }
            sum += score_realism(answers, rng, 1).models.at(0).realism;
        }
        QVERIFY2(std::abs(sum / quizzes - 1) < 0.01, qPrintable(QString::number(sum / quizzes)));
    }

    /// 8 of 10 fakes found, 4 of 10 real ones distrusted: P = 8/12, R = 8/10, F = 8/11.
    void f_is_that_of_precision_and_recall() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 4);
        judge(answers, "Ada", "gan", 10, 8);
        QVERIFY(near(only_model(answers).f, 8.0 / 11));
        QVERIFY(near(only_model(answers).hit_rate, 0.8));
        QVERIFY(near(score(answers).false_alarm_rate, 0.4));
    }

    void raters_are_averaged() {
        Answers answers;
        for (const char* rater : {"Ada", "Ben"}) judge(answers, rater, "real", 10, 0);
        judge(answers, "Ada", "gan", 10, 10);
        judge(answers, "Ben", "gan", 10, 0);
        QCOMPARE(only_model(answers).f, 0.5);
        QCOMPARE(only_model(answers).raters, 2);
        QCOMPARE(only_model(answers).answers, 20);
        QCOMPARE(only_model(answers).pictures, 10);
    }

    /// Two models share the real pictures, which are twice as many as the fakes of each.
    void models_do_not_weigh_on_each_other() {
        Answers answers;
        judge(answers, "Ada", "real", 20, 20);
        judge(answers, "Ada", "a", 10, 10);
        judge(answers, "Ada", "b", 10, 0);
        const auto result = score(answers);
        QCOMPARE(result.models.size(), std::size_t(2));
        QCOMPARE(result.models[0].model, std::string("a"));
        QVERIFY(near(result.models[0].realism, 2.0 / 3));
        QCOMPARE(result.models[1].realism, 2.0);
    }

    /// Who stopped before the first real picture has no precision yet.
    void a_rater_without_real_pictures_does_not_count() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 0);
        judge(answers, "Ada", "gan", 10, 10);
        judge(answers, "Ben", "gan", 3, 0);
        QCOMPARE(only_model(answers).realism, 0.0);
        QCOMPARE(only_model(answers).raters, 1);
        QCOMPARE(score(answers).raters, 2);
    }

    void interval_holds_the_value_and_narrows() {
        double widths[2];
        for (const int size : {0, 1}) {
            Answers answers;
            for (const char* rater : {"Ada", "Ben", "Cay"}) {
                const int pictures = size ? 90 : 10;
                judge(answers, rater, "real", pictures, pictures * 3 / 10);
                judge(answers, rater, "gan", pictures, pictures * 6 / 10);
            }
            const auto model = only_model(answers);
            QVERIFY(model.interval);
            const auto [low, high] = *model.interval;
            QVERIFY(low < model.realism && model.realism < high);
            widths[size] = high - low;
        }
        QVERIFY(widths[1] < 0.6 * widths[0]);
    }

    void interval_is_the_seeds() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 3);
        judge(answers, "Ada", "gan", 10, 6);
        QCOMPARE(*only_model(answers).interval, *only_model(answers).interval);
        answers.clear();
        judge(answers, "Ada", "real", 1, 0);
        judge(answers, "Ada", "gan", 1, 1);
        QVERIFY(!only_model(answers).interval);
        answers.clear();
        judge(answers, "Ada", "real", 9, 0);
        judge(answers, "Ada", "gan", 9, 9);
        QVERIFY(!only_model(answers).interval);  // all agree: of how far others would not, nothing is known
    }

    /// z(10.5/11) = 1.690622 on both sides; chance is 0.
    void d_prime_is_corrected() {
        QVERIFY(std::abs(d_prime(10, 10, 0, 10) - 2 * 1.690622) < 1e-5);
        QVERIFY(near(d_prime(5, 10, 5, 10), 0));
        QVERIFY(near(d_prime(0, 10, 10, 10), -d_prime(10, 10, 0, 10)));
        QVERIFY(near(d_prime(0, 10, 0, 10), 0));
    }

    void one_kind_alone_is_refused() {
        Answers answers;
        judge(answers, "Ada", "gan", 3, 0);
        QVERIFY(says(error_of([&] { score(answers); }), "real pictures"));
        QVERIFY(says(error_of([&] { score({}); }), "missing"));
    }

    void most_mistaken_come_first() {
        Answers answers;
        judge(answers, "Ada", "real", 3, 1);
        judge(answers, "Ada", "gan", 3, 1);
        judge(answers, "Ben", "gan", 3, 2);
        const auto fakes = hardest_fakes(answers, 5);
        QCOMPARE(fakes.size(), std::size_t(2));
        QCOMPARE(fakes[0].picture, std::string("gan2"));
        QCOMPARE(fakes[0].mistaken, 2);
        QCOMPARE(fakes[1].picture, std::string("gan1"));
        QCOMPARE(hardest_fakes(answers, 1).size(), std::size_t(1));
        const auto reals = distrusted_reals(answers, 5);
        QCOMPARE(reals.size(), std::size_t(1));
        QCOMPARE(reals[0].picture, std::string("real0"));
    }

    void files_come_back() {
        const QTemporaryDir folder;
        const auto csv = folder.filePath("a.csv").toStdString(),
                   json = folder.filePath("a.json").toStdString();
        write_file(csv, to_csv(some));
        write_file(json, nlohmann::json{{"quiz", "any"}, {"answers", to_json(some)}}.dump());
        QVERIFY(read_answers(csv) == some);
        QVERIFY(read_answers(json) == some);
        for (const auto& path : {csv, json}) {
            write_file(path, "\xEF\xBB\xBF" + read_file(path));  // as editors on Windows save them
            QVERIFY(read_answers(path) == some);
        }
    }

    void damage_is_told_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("names");
        const QByteArray header = "rater,picture,model,said,milliseconds,order\n";
        const auto row = [](const char* name, const QByteArray& text, const char* names) {
            QTest::newRow(name) << text << names;
        };
        row("nothing", "", "empty");
        row("header", "a,b\n", "line 1");
        row("few fields", header + "Ada,p,real,fake,3,1\n\nAda,q,real\n", "line 4 has 3 fields");
        row("said", header + "Ada,p,real,perhaps,3,1\n", "line 2: said");
        row("time", header + "Ada,p,real,fake,-3,1\n", "line 2: milliseconds");
        row("order", header + "Ada,p,real,fake,3,1.5\n", "line 2: order");
        row("no rater", header + ",p,real,fake,3,1\n", "line 2: rater");
        row("unclosed quote", header + "\"Ada,p,real,fake,3,1\n", "line 2 has 1 fields");
        row("twice", header + "Ada,p,real,fake,3,1\nAda,p,real,real,3,2\n", "line 3: Ada");
        row("two models", header + "Ada,p,real,fake,3,1\nBen,p,gan,real,3,2\n", "line 3: the picture p");
        row("bytes", header + "\xff,p,real,fake,3,1\n", "line 2: rater");
        row("cut off", "{\n\"answers\": [\n", "line 3");
        row("no answers", "{}", "no key answers");
        row("no list", R"({"answers": 3})", "answers must be a list");
        row("no object", R"({"answers": [3]})", "answers[0] must be an object");
        row("no key", R"({"answers": [{"rater": "Ada"}]})", "answers[0]: picture");
        row("wrong type",
            R"({"answers": [{"rater": "A", "picture": "p", "model": "m", "said": "fake", "milliseconds": "x"}]})",
            "answers[0]: milliseconds");
    }

    void damage_is_told() {
        QFETCH(QByteArray, text);
        QFETCH(QString, names);
        const QTemporaryDir folder;
        const auto path = folder.filePath("answers.csv").toStdString();
        write_file(path, text.toStdString());
        const auto error = error_of([&] { read_answers(path); });
        QVERIFY2(says(error, names.toStdString()), error.c_str());
        QVERIFY2(says(error, "answers.csv"), error.c_str());
    }

    void score_as_json() {
        Answers answers;
        judge(answers, "Ada", "real", 10, 3);
        judge(answers, "Ada", "gan", 10, 6);
        const auto json = to_json(score(answers));
        QVERIFY(near(json["models"][0]["realism"].get<double>(), 14.0 / 19));
        QCOMPARE(json["models"][0]["interval"].size(), std::size_t(2));
        QVERIFY(near(json["false_alarm_rate"].get<double>(), 0.3));
    }
};

QTEST_GUILESS_MAIN(RealismTest)
#include "realism_test.moc"
