// What a comparison measures, keeps and reports, on two tiny models made on the spot.
#include "core/experiments/compare.h"

#include <torch/torch.h>  // before Qt, whose `slots` is a macro

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/base/sha256.h"
#include "core/experiments/report.h"
#include "core/objective/configuration_colour.h"
#include "core/tasks/condition_file.h"
#include "tests/error_of.h"
#include "tests/lpips_weights.h"
#include "tests/tiny_model.h"

using namespace modescope;

class CompareTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();

    void figures_are_those_of_evaluate();
    void known_conditions_give_the_same_score();
    void truth_scores_best();
    void intervals_hold_the_mean_and_are_the_same_again();
    void one_condition_has_no_width();
    void curves_end_at_the_table();
    void cached_measurements_take_no_drawing();
    void damaged_cache_is_measured_again();
    void stopped_measurement_goes_on();
    void another_file_is_another_measurement();
    void what_has_no_hash_is_not_kept();
    void other_lpips_weights_are_another_measurement();
    void differences_are_ranked();
    void files_are_inputs_without_truth();
    void bad_inputs_are_named();
    void other_classes_are_refused();
    void diversity_has_a_curve();
    void report_needs_nothing_from_outside();
    void report_of_a_part_says_so();
    void command_names_inputs_for_a_shell();
    void drawn_condition_is_read_again();
    void names_are_escaped_in_the_report();
    void csv_and_json_hold_the_figures();
    void hashes_are_sha256();
    void colours_are_told_by_the_table_or_the_text();

private:
    QString path(const QString& name) const { return folder_.filePath(name); }
    std::vector<Contestant> both() const { return {models_[0], models_[1]}; }
    CompareSettings few(const QString& cache = {}) const {
        return {.conditions = 4, .samples = 5, .cache = cache.toStdString()};
    }
    double figure(const Comparison& comparison, std::size_t contestant, const std::string& id) const {
        return estimate(comparison.rows[contestant])[find_metric(comparison, id)].value;
    }
    /// How many contestants on how many conditions were measured, not read.
    int measured(const CompareSettings& settings, Comparison* result = nullptr) const;

    QTemporaryDir folder_;
    std::vector<Contestant> models_;
    Cases cases_;
};

void CompareTest::initTestCase() {
    make_tiny_model(folder_.path(), path("street-64-gan+pmr2.safetensors"), "gan+10*pmr2");
    make_tiny_model(folder_.path(), path("street-64-gan+l1.safetensors"), "gan+100*l1");
    for (const char* name : {"street-64-gan+pmr2", "street-64-gan+l1"})
        models_.push_back(open_contestant(path(QString(name) + ".safetensors").toStdString()));
    cases_ = own_cases(*models_[0].sampler);
}

int CompareTest::measured(const CompareSettings& settings, Comparison* result) const {
    int calls = -1;  // the first is of what the cache had
    auto comparison = compare(both(), cases_, settings, [&](double, const Comparison&) {
        ++calls;
        return true;
    });
    if (result) *result = std::move(comparison);
    return calls;
}

void CompareTest::figures_are_those_of_evaluate() {
    const auto comparison = compare(both(), cases_, few());
    for (std::size_t c = 0; c < 2; ++c) {
        const auto score = score_world(*cases_.world, cases_.settings, drawn_by(models_[c].sampler), 4, 5);
        const auto same = [&](const char* id, double value) {
            const double found = figure(comparison, c, id);
            QVERIFY2(std::abs(found - value) < 1e-6,
                     qPrintable(QString("%1: %2 %3").arg(id).arg(found).arg(value)));
        };
        same("deviation", score.deviation);
        same("noise_sensitivity", score.noise_sensitivity);
        same("validity", score.validity);
        same("match", score.match);
        same("mean_error", score.mean_error);
        same("deviation_error", score.deviation_error);
        same("best_of_k", score.best_of_k);
        for (const auto& factor : score.factors)
            if (factor.layouts > 0) same(("entropy_ratio." + factor.id).c_str(), factor.entropy_ratio);
    }
}

void CompareTest::known_conditions_give_the_same_score() {
    const auto draw = drawn_by(models_[0].sampler);
    const auto& world = *cases_.world;
    const auto one_by_one = score_world(world, cases_.settings, draw, 3, 5);
    const auto known = score_world(world, known_conditions(world, cases_.settings, 3), draw, 5);
    QCOMPARE(known.layouts, 3);
    QCOMPARE(to_json(known).dump(), to_json(one_by_one).dump());
}

void CompareTest::truth_scores_best() {
    const auto comparison = compare({models_[0], open_contestant("truth")}, cases_, few());
    QCOMPARE(figure(comparison, 1, "validity"), 1.0);
    QVERIFY(figure(comparison, 1, "mean_error") < figure(comparison, 0, "mean_error"));
    QVERIFY(figure(comparison, 1, "coverage") > figure(comparison, 0, "coverage"));
}

void CompareTest::intervals_hold_the_mean_and_are_the_same_again() {
    const auto comparison = compare(both(), cases_, few());
    const auto figures = estimate(comparison.rows[0]), again = estimate(comparison.rows[0]);
    const int m = find_metric(comparison, "best_of_k");
    QCOMPARE(figures[m].conditions, 4);
    QVERIFY(figures[m].low < figures[m].value && figures[m].value < figures[m].high);
    QCOMPARE(figures[m].low, again[m].low);
    QCOMPARE(figures[m].high, again[m].high);
    // Sixteen times the conditions, of the same spread: a quarter of the width.
    std::vector<Row> rows;
    for (int i = 0; i < 16; ++i)
        rows.insert(rows.end(), comparison.rows[0].begin(), comparison.rows[0].end());
    const auto narrow = estimate(rows)[m];
    const double ratio = (narrow.high - narrow.low) / (figures[m].high - figures[m].low);
    QVERIFY2(ratio > 0.15 && ratio < 0.4, qPrintable(QString::number(ratio)));
}

void CompareTest::one_condition_has_no_width() {
    const auto figures = estimate(std::vector<Row>{{{0.25, 1}, {0, 0}}});
    QCOMPARE(figures[0].value, 0.25);
    QCOMPARE(figures[0].low, figures[0].high);
    QCOMPARE(figures[1].conditions, 0);
    QVERIFY(estimate({}).empty());
}

void CompareTest::curves_end_at_the_table() {
    const auto comparison = compare(both(), cases_, few());
    for (const char* id : {"best_of_k", "coverage", "deviation"}) {
        const auto end = std::string(id) + "@5";
        QVERIFY(std::abs(figure(comparison, 0, end) - figure(comparison, 0, id)) < 1e-6);
    }
    QVERIFY(figure(comparison, 0, "best_of_k@1") >= figure(comparison, 0, "best_of_k@4"));
    QVERIFY(figure(comparison, 0, "coverage@1") <= figure(comparison, 0, "coverage@4"));
    QCOMPARE(find_metric(comparison, "deviation@1"), -1);
}

void CompareTest::cached_measurements_take_no_drawing() {
    const auto cache = path("cache");
    Comparison first, second;
    QCOMPARE(measured(few(cache), &first), 8);
    QCOMPARE(measured(few(cache), &second), 0);
    QVERIFY(second.complete());
    for (std::size_t c = 0; c < 2; ++c)
        QCOMPARE(estimate(second.rows[c]).front().value, estimate(first.rows[c]).front().value);
    auto fewer = few(cache);
    fewer.conditions = 2;
    QCOMPARE(measured(fewer, &second), 0);
    QCOMPARE(second.rows[0].size(), 2u);
    auto more = few(cache);
    more.conditions = 5;
    QCOMPARE(measured(more), 2);
}

void CompareTest::damaged_cache_is_measured_again() {
    const auto cache = path("damaged");
    measured(few(cache));
    const auto files = QDir(cache).entryInfoList(QDir::Files);
    QCOMPARE(files.size(), 2);
    for (const char* text : {"", "{", "[1, 2]", R"({"key": "another", "rows": []})"}) {
        for (const auto& file : files) write_file(file.filePath().toStdString(), text);
        QCOMPARE(measured(few(cache)), 8);
        QCOMPARE(measured(few(cache)), 0);
    }
}

void CompareTest::stopped_measurement_goes_on() {
    const auto cache = path("stopped");
    int calls = 0;
    const auto stopped =
        compare(both(), cases_, few(cache), [&](double, const Comparison&) { return ++calls < 6; });
    QVERIFY(!stopped.complete());
    QCOMPARE(stopped.rows[0].size(), 3u);
    QCOMPARE(measured(few(cache)), 3);
}

void CompareTest::another_file_is_another_measurement() {
    const auto cache = path("hashes");
    measured(few(cache));
    auto changed = both();
    changed[0].hash = sha256("another file");
    int calls = -1;
    compare(changed, cases_, few(cache), [&](double, const Comparison&) { return ++calls, true; });
    QCOMPARE(calls, 4);
}

/// A model that a training has saved again.
void CompareTest::what_has_no_hash_is_not_kept() {
    auto models = both();
    models[0].hash.clear();
    Comparison result;
    for (const int expected : {8, 4}) {
        int calls = -1;
        result = compare(models, cases_, few(path("unknown")),
                         [&](double, const Comparison&) { return ++calls, true; });
        QCOMPARE(calls, expected);
    }
    const auto json = json_of(result);
    QVERIFY(!json["models"][0].contains("sha256"));
    QVERIFY(json["models"][1].contains("sha256"));
    QVERIFY(!html_of(make_report(result, cases_, "")).empty());
}

void CompareTest::other_lpips_weights_are_another_measurement() {
    auto weights = LpipsWeights("alex").file;
    auto settings = few(path("weights"));
    settings.conditions = 1;
    for (const char* name : {"one.safetensors", "two.safetensors"}) {
        weights.tensors.at("lin0.model.1.weight").mul_(2);
        write_safetensors(path(name).toStdString(), weights);
        settings.lpips = Lpips::load(path(name).toStdString());
        QCOMPARE(measured(settings), 2);
        QCOMPARE(measured(settings), 0);
    }
}

void CompareTest::differences_are_ranked() {
    const auto comparison = compare(both(), cases_, few());
    const auto list = differ_most(comparison, "deviation");
    QCOMPARE(list.size(), 4u);
    const int m = find_metric(comparison, "deviation");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const double a = comparison.rows[0][list[i].condition][m].sum;
        const double b = comparison.rows[1][list[i].condition][m].sum;
        QCOMPARE(list[i].spread, std::abs(a - b));
        QCOMPARE(list[i].highest, a > b ? 0 : 1);
        if (i > 0) QVERIFY(list[i].spread <= list[i - 1].spread);
    }
    QVERIFY(differ_most(comparison, "no such metric").empty());
}

void CompareTest::files_are_inputs_without_truth() {
    QVERIFY(QDir(folder_.path()).mkdir("inputs"));
    for (int i = 0; i < 2; ++i)
        write_image(path(QString("inputs/%1.png").arg(i)).toStdString(),
                    colour_labels(cases_.classes, cases_.at(i).x.labels));
    const auto files = file_cases(*models_[0].sampler, {path("inputs").toStdString()});
    QCOMPARE(files.count, 2);
    QVERIFY(files.at(1).x == cases_.at(1).x);
    // What is not asked for is not even read.
    write_file(path("inputs/2.png").toStdString(), "no picture");
    QCOMPARE(file_cases(*models_[0].sampler, {path("inputs").toStdString()}, 2).count, 2);
    const auto comparison = compare(both(), files, few());
    QCOMPARE(comparison.conditions, 2);
    QVERIFY(find_metric(comparison, "deviation") >= 0);
    QCOMPARE(find_metric(comparison, "best_of_k"), -1);
    QCOMPARE(find_metric(comparison, "validity"), -1);
}

void CompareTest::bad_inputs_are_named() {
    QVERIFY(QDir(folder_.path()).mkdir("empty"));
    const auto of = [&](const QString& name) {
        return QString::fromStdString(
            error_of([&] { file_cases(*models_[0].sampler, {path(name).toStdString()}); }));
    };
    QVERIFY(of("empty").contains("empty"));
    QVERIFY(of("nowhere.png").contains("nowhere.png"));
    QVERIFY(of("street-64-gan+l1.safetensors").contains("street-64-gan+l1.safetensors"));
}

/// Those of another world, and those that a folder has itself.
void CompareTest::other_classes_are_refused() {
    const auto refusal = [&](const Cases& cases) {
        return QString::fromStdString(error_of([&] { compare(both(), cases, few()); }));
    };
    const auto maps = refusal(world_cases(find_world("maps"), cases_.settings));
    QVERIFY2(maps.contains("street-64-gan+pmr2") && maps.contains("Maps"), qPrintable(maps));
    for (const char* place : {"data/images", "data/labels"}) {
        QVERIFY(QDir(folder_.path()).mkpath(place));
        for (int i = 0; i < 2; ++i)
            write_image(path(QString("%1/%2.png").arg(place).arg(i)).toStdString(),
                        colour_labels(cases_.classes, LabelMap(32, 32)));
    }
    auto data = models_[0].sampler->spec().data;
    data.source = "folder";
    data.folder = path("data/").toStdString();
    const auto folder = refusal(folder_cases(data, 1));
    QVERIFY2(folder.contains("street-64-gan+pmr2") && folder.contains("data,"), qPrintable(folder));
    const auto classes = QString::fromStdString(to_text(cases_.classes)).replace(", ", "\n");
    write_file(path("data/classes.txt").toStdString(), classes.toStdString());
    const auto cases = folder_cases(data, 1);
    QCOMPARE(cases.count, 1);
    QCOMPARE(refusal(cases), QString());
}

void CompareTest::diversity_has_a_curve() {
    write_safetensors(path("alex.safetensors").toStdString(), LpipsWeights("alex").file);
    auto settings = few();
    settings.conditions = 2;
    settings.lpips = Lpips::load(path("alex.safetensors").toStdString());
    const auto comparison = compare(both(), cases_, settings);
    QCOMPARE(find_metric(comparison, "lpips@1"), -1);
    QCOMPARE(figure(comparison, 0, "lpips@5"), figure(comparison, 0, "lpips"));
    const auto condition = cases_.at(0);
    const auto first = draw(models_[0], cases_, condition, 4, condition.seed);
    const auto& row = comparison.rows[0][0];
    const double found = row[find_metric(comparison, "lpips@4")].sum,
                 wanted = diversity(*settings.lpips, first, PairProtocol::consecutive);
    QVERIFY2(wanted > 0 && std::abs(found - wanted) < 1e-6 * wanted,
             qPrintable(QString::number(found / wanted)));
    QCOMPARE(QString::fromStdString(comparison.lpips).count("pairs"), 1);
    QVERIFY(html_of(make_report(comparison, cases_, "")).find("LPIPS diversity against K") !=
            std::string::npos);
}

void CompareTest::report_of_a_part_says_so() {
    int calls = 0;
    const auto part = compare(both(), cases_, few(), [&](double, const Comparison&) { return ++calls < 5; });
    QCOMPARE(part.measured(), 2);
    const auto html = html_of(make_report(part, cases_, ""));
    QVERIFY(html.find("2 of 4 inputs so far") != std::string::npos);
    QVERIFY(html_of(make_report(compare(both(), cases_, few()), cases_, "")).find("so far") ==
            std::string::npos);
    QVERIFY(QString::fromStdString(csv_of(part)).split('\n')[1].endsWith(",2,4"));
    QCOMPARE(json_of(part)["complete"].get<bool>(), false);
    QCOMPARE(json_of(part)["measured"].get<int>(), 2);
    const auto cache = path("ahead");
    measured(few(cache));
    auto longer = few(cache);
    longer.conditions = 6;
    const auto ahead = compare(both(), cases_, longer, [](double, const Comparison&) { return false; });
    QCOMPARE(ahead.measured(), 4);
    QVERIFY(html_of(make_report(ahead, cases_, "")).find("4 of 6 inputs so far") != std::string::npos);
    QCOMPARE(json_of(ahead)["differ_most"].size(), 4u);
    QVERIFY(!html_of(make_report({.contestants = both(), .rows = {{}, {}}, .conditions = 4, .samples = 5},
                                 cases_, ""))
                 .empty());
}

void CompareTest::command_names_inputs_for_a_shell() {
    Comparison comparison{.contestants = {{"a", "/m/a b.safetensors", "", nullptr}, open_contestant("truth")},
                          .conditions = 3,
                          .samples = 4};
    QCOMPARE(command_of(comparison, {"--input", "it's.png"}, "l.safetensors"),
             std::string(
                 "modescope compare '/m/a b.safetensors' truth --input 'it'\\''s.png' --lpips l.safetensors "
                 "--conditions 3 --samples 4"));
}

/// What the page drew on and what its command line draws on are one measurement.
void CompareTest::drawn_condition_is_read_again() {
    const auto& model = *models_[0].sampler;
    const auto drawn = single_case(model, {.name = "drawing", .x = cases_.at(3).x});
    const auto arguments = write_drawn(drawn, path("report").toStdString());
    QCOMPARE(arguments.size(), 2u);
    QCOMPARE(arguments[0], std::string("--drawing"));
    const auto again = single_case(
        model, {.name = "drawing", .x = read_condition(drawn.settings, drawn.classes, arguments[1], "")});
    QCOMPARE(again.id, drawn.id);
    QVERIFY(again.at(0).target == drawn.at(0).target);
}

void CompareTest::report_needs_nothing_from_outside() {
    const auto comparison = compare(both(), cases_, few());
    const auto html =
        QString::fromStdString(html_of(make_report(comparison, cases_, "modescope compare a b")));
    QVERIFY(html.startsWith("<!doctype html>"));
    QVERIFY(html.contains("<img src=\"data:image/png;base64,iVBOR"));
    QVERIFY(html.contains("<svg"));
    QVERIFY(html.contains("modescope compare a b"));
    QVERIFY(html.contains(QString::fromStdString(models_[0].hash)));
    for (const char* outside : {"http:", "https:", "<script", "<link", "@import", "url("})
        QVERIFY2(!html.contains(outside), outside);
}

void CompareTest::names_are_escaped_in_the_report() {
    auto comparison = compare(both(), cases_, few());
    comparison.contestants[0].name = "<b>\"&";
    const auto html = QString::fromStdString(html_of({comparison, {}, "compare '<i>'"}));
    QVERIFY(html.contains("&lt;b&gt;&quot;&amp;"));
    QVERIFY(html.contains("&lt;i&gt;"));
    QVERIFY(!html.contains("<i>"));
    const std::string command = "compare " + std::string(2000, 'm') + " --end";
    QVERIFY(html_of({comparison, {}, command}).find(command) != std::string::npos);
}

void CompareTest::csv_and_json_hold_the_figures() {
    const auto comparison = compare(both(), cases_, few());
    const auto lines = QString::fromStdString(csv_of(comparison)).split('\n');
    QCOMPARE(lines.first(), QString("model,configuration,metric,samples,value,low,high,conditions,wanted"));
    QVERIFY(lines[1].startsWith("street-64-gan+pmr2,gan+pmr2,deviation,5,"));
    const auto json = json_of(comparison);
    const auto& metrics = json["models"][1]["metrics"];
    QCOMPARE(metrics["best_of_k"]["value"].get<double>(), figure(comparison, 1, "best_of_k"));
    QCOMPARE(metrics["best_of_k"]["conditions"].get<int>(), 4);
    QCOMPARE(json["models"][0]["curves"]["best_of_k"].size(), 4u);  // K = 1, 2, 4, 5
    QCOMPARE(json["models"][0]["values"]["deviation"].size(), 4u);
    QCOMPARE(json["differ_most"].size(), 4u);
}

void CompareTest::hashes_are_sha256() {
    // FIPS 180-4's examples, and lengths around the ends of blocks.
    QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
             std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    QCOMPARE(sha256(std::string(1000000, 'a')),
             std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    QVERIFY(sha256(std::string(63, 'x')) != sha256(std::string(64, 'x')));
}

void CompareTest::colours_are_told_by_the_table_or_the_text() {
    QCOMPARE(hex(colours_of_configuration("gan+pmr2").on_dark), std::string("#10b083"));
    QCOMPARE(colours_of_configuration("gan+mmd").on_dark, colours_of_configuration("gan+mmd").on_dark);
    QVERIFY(colours_of_configuration("gan+mmd").on_dark != colours_of_configuration("gan+rcgan").on_dark);
}

QTEST_GUILESS_MAIN(CompareTest)
#include "compare_test.moc"
