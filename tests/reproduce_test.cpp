// The arithmetic of the claims: figures, intervals, verdicts and the two reports.
#include <QTest>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/side_by_side.h"
#include "core/experiments/claims_report.h"

namespace modescope {
namespace {

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

/// A training whose samples have the given share of the data's variance.
ToyTrial trial(double variance_ratio, double w1 = 0.03) {
    ToyTrial trial;
    trial.score = {.w1 = w1,
                   .minor_mode = 0.48,
                   .valid = 0.98,
                   .decomposition = {.noise = 0.16, .bias2 = 0, .variance = 0.16 * variance_ratio}};
    trial.decomposition_gaps = {-0.01, 0.01, 0.002, -0.002};
    trial.early_w1 = {w1, w1 / 2};
    trial.early_loss = {1, 0.5};
    return trial;
}

Evidence toy_evidence(double variance_ratio) {
    Evidence evidence;
    for (const auto& objective : toy_configurations())
        evidence.toy.push_back({.objective = objective,
                                .trials = {trial(variance_ratio, 0.030), trial(variance_ratio, 0.031),
                                           trial(variance_ratio, 0.032)},
                                .mean = trial(variance_ratio).score});
    return evidence;
}

TestedClaim tested(const Evidence& evidence, const std::string& id) {
    for (auto& claim : test_claims(evidence))
        if (claim.claim->id == id) return claim;
    qFatal("no such claim");
}

}  // namespace

class ReproduceTest : public QObject {
    Q_OBJECT

private slots:
    void student_s_quantiles_are_those_of_the_tables() {
        QVERIFY(near(student_quantile(0.975, 1), 12.7062, 1e-3));
        QVERIFY(near(student_quantile(0.975, 2), 4.30265, 1e-4));
        QVERIFY(near(student_quantile(0.975, 10), 2.22814, 1e-4));
        QVERIFY(near(student_quantile(0.995, 59), 2.66176, 1e-4));
        QVERIFY(near(student_quantile(0.025, 10), -2.22814, 1e-4));
    }

    void an_interval_is_t_standard_errors_either_way() {
        const std::vector<double> values{1, 2, 3};
        const auto result = estimate(values);
        QVERIFY(near(result.mean, 2, 1e-12));
        QVERIFY(near(result.interval->high - 2, 4.30265 / std::sqrt(3), 1e-4));
        QVERIFY(near(result.interval->low + result.interval->high, 4, 1e-9));
        QVERIFY(!estimate(std::vector<double>{5}).interval);
    }

    void a_claim_holds_only_if_the_whole_interval_does() {
        const Criterion most{Criterion::Kind::at_most, 1};
        QCOMPARE(judge(most, {0.5, Interval{0.4, 0.6}}), Verdict::holds);
        QCOMPARE(judge(most, {0.9, Interval{0.7, 1.1}}), Verdict::open);
        QCOMPARE(judge(most, {1.2, Interval{0.9, 1.5}}), Verdict::open);
        QCOMPARE(judge(most, {1.2, Interval{1.1, 1.3}}), Verdict::fails);
        QCOMPARE(judge(most, {1.2, {}}), Verdict::fails);
        QCOMPARE(judge({Criterion::Kind::at_least, 1}, {0.9, Interval{0.7, 1.1}}), Verdict::open);
        QCOMPARE(judge({Criterion::Kind::at_least, 1}, {0.9, Interval{0.8, 0.95}}), Verdict::fails);
        QCOMPARE(judge({Criterion::Kind::between, 0.8, 1.2}, {0.7, Interval{0.6, 0.9}}), Verdict::open);
        QCOMPARE(judge({Criterion::Kind::between, 0.8, 1.2}, {1.5, Interval{0.5, 2.5}}), Verdict::open);
        QCOMPARE(judge({Criterion::Kind::between, 0.8, 1.2}, {0.5, Interval{0.4, 0.6}}), Verdict::fails);
        QCOMPARE(judge(most, {0.9, {}}), Verdict::holds);
        QCOMPARE(judge(most, {std::nan(""), {}}), Verdict::fails);
        QCOMPARE(judge({Criterion::Kind::between, 0.8, 1.2}, {1, Interval{0.7, 1.1}}), Verdict::open);
        QCOMPARE(judge({Criterion::Kind::includes, 0}, {0.1, Interval{-0.1, 0.3}}), Verdict::holds);
        QCOMPARE(judge({Criterion::Kind::includes, 0}, {0.1, Interval{0.05, 0.15}}), Verdict::fails);
    }

    void figures_are_taken_from_the_configuration_that_the_claim_names() {
        auto evidence = toy_evidence(1);
        evidence.toy[1].trials = {trial(0), trial(0), trial(0)};  // l2
        QCOMPARE(tested(evidence, "l2-variance").verdict, Verdict::holds);
        QCOMPARE(tested(evidence, "l1-variance").verdict, Verdict::fails);
        QCOMPARE(tested(evidence, "diversity-variance-gan+pmr2").verdict, Verdict::holds);
        QVERIFY(near(tested(evidence, "l1-variance").figure.estimate->mean, 1, 1e-9));
    }

    void agreement_is_compared_seed_by_seed() {
        auto evidence = toy_evidence(1);
        for (auto& result : evidence.toy)
            if (result.objective.id() == "gan+mr1")
                for (auto& one : result.trials) one.score.w1 -= 0.01;
        const auto claim = tested(evidence, "agreement-gan+mr1");
        QCOMPARE(claim.verdict, Verdict::holds);
        QVERIFY(near(claim.figure.estimate->mean, 0.01, 1e-9));
    }

    void equal_spreads_have_the_ratio_one() {
        const auto claim = tested(toy_evidence(1), "stability-w1-gan+pmr1");
        QVERIFY(claim.figure.estimate);
        QVERIFY(near(claim.figure.estimate->mean, 1, 1e-9));
    }

    void what_was_not_measured_never_holds() {
        for (const auto& claim : test_claims({})) {
            QCOMPARE(claim.verdict, Verdict::not_tested);
            QVERIFY(!claim.figure.missing.empty());
        }
    }

    void every_number_has_claims_and_every_id_is_unique() {
        std::set<std::string> ids;
        std::set<int> numbers;
        for (const auto& claim : claims()) {
            QVERIFY2(ids.insert(claim.id).second, claim.id.c_str());
            numbers.insert(claim.number);
            QVERIFY(!topic(claim.number).empty());
        }
        QCOMPARE(numbers, (std::set<int>{1, 2, 3, 4, 5, 6, 7, 8}));
    }

    void the_json_says_null_where_nothing_is_known() {
        const auto evidence = toy_evidence(1);
        const auto json = claims_to_json(test_claims(evidence), evidence, {.seeds = 3, .toy_steps = 100});
        QCOMPARE(json["claims"].size(), claims().size());
        for (const auto& row : json["claims"]) {
            for (const char* key : {"id", "claim", "measure", "wanted", "figure", "interval", "holds"})
                QVERIFY(row.contains(key));
            QCOMPARE(row["holds"].is_null(), row["verdict"] == "open" || row["verdict"] == "not tested");
            QCOMPARE(row["figure"].is_null(), row["verdict"] == "not tested");
        }
        QCOMPARE(json["toy"].size(), std::size_t(9));
    }

    void every_job_is_done_once_and_announced_in_order() {
        std::vector<std::atomic<int>> calls(20);
        std::vector<std::size_t> announced;
        run_side_by_side(
            calls.size(), [&](std::size_t i) { ++calls[i]; }, [&](std::size_t i) { announced.push_back(i); });
        QVERIFY(std::ranges::all_of(calls, [](const auto& count) { return count == 1; }));
        QCOMPARE(announced.size(), calls.size());
        QVERIFY(std::ranges::is_sorted(announced));
    }

    void a_job_that_throws_ends_the_others() {
        std::atomic<int> begun = 0;
        const auto job = [&](std::size_t i) {
            ++begun;
            if (i == 0) throw Error("the first one");
        };
        try {
            // One at a time nothing may follow; with more, those that had begun.
            run_side_by_side(10'000'000, job);
            QFAIL("nothing was thrown");
        } catch (const Error& error) {
            QCOMPARE(std::string(error.what()), "the first one");
        }
        QVERIFY(begun < 10'000'000);
    }

    void the_page_needs_no_network() {
        const auto evidence = toy_evidence(1);
        const auto html = claims_to_html(test_claims(evidence), evidence, {.seeds = 3, .toy_steps = 100});
        for (const char* outside : {"http:", "https:", "src=", "<script", "<link"})
            QVERIFY2(html.find(outside) == std::string::npos, outside);
        QVERIFY(html.find("does not hold") != std::string::npos);
    }
};

}  // namespace modescope

QTEST_GUILESS_MAIN(modescope::ReproduceTest)
#include "reproduce_test.moc"
