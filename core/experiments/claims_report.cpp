#include "core/experiments/claims_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/experiments/html.h"
#include "core/metrics/world_score.h"

namespace modescope {
namespace {

using nlohmann::json;

json to_json(const ToyScore& s) {
    return {{"w1", s.w1},
            {"minor_mode", s.minor_mode},
            {"valid", s.valid},
            {"noise", s.decomposition.noise},
            {"bias2", s.decomposition.bias2},
            {"variance", s.decomposition.variance}};
}

json to_json(const PredictorError& error) {
    return {{"centre", error.centre}, {"deviation", error.deviation}};
}

json to_json(const ToyTrial& trial) {
    auto row = to_json(trial.score);
    row["median_gap"] = trial.median_gap;
    row["squared_error"] = trial.squared_error;
    row["decomposition_gaps"] = trial.decomposition_gaps;
    row["early_w1"] = trial.early_w1;
    row["early_loss"] = trial.early_loss;
    if (trial.predictor) row["predictor"] = to_json(*trial.predictor);
    return row;
}

json to_json(const ToyResult& result) {
    auto row = to_json(result.mean);
    row["configuration"] = result.objective.id();
    row["label"] = result.objective.label();
    for (const auto& trial : result.trials) row["seeds"].push_back(to_json(trial));
    return row;
}

json to_json(const ImageResult& result) {
    json row{{"preset", result.preset}, {"configuration", result.configuration}};
    for (std::size_t i = 0; i < result.scores.size(); ++i) {
        auto model = to_json(result.scores[i]);
        model["steps"] = result.steps[i];
        row["models"].push_back(model);
    }
    for (const auto& error : result.predictor) row["predictor"].push_back(to_json(error));
    if (!result.lpips.empty()) row["lpips"] = result.lpips;
    return row;
}

json to_json(const TestedClaim& tested) {
    const auto& [claim, figure, verdict] = tested;
    json row{{"id", claim->id},           {"number", claim->number}, {"claim", claim->claim},
             {"measure", claim->measure}, {"figure", nullptr},       {"wanted", claim->criterion.text()},
             {"interval", nullptr},       {"holds", nullptr},        {"verdict", name_of(verdict)}};
    if (figure.estimate) row["figure"] = figure.estimate->mean;
    if (figure.estimate && figure.estimate->interval)
        row["interval"] = {figure.estimate->interval->low, figure.estimate->interval->high};
    if (verdict == Verdict::holds || verdict == Verdict::fails) row["holds"] = verdict == Verdict::holds;
    if (!figure.missing.empty()) row["reason"] = figure.missing;
    return row;
}

// ---- HTML ----

constexpr const char* style = R"(
:root{color-scheme:light dark;--ink:#1c2330;--soft:#667085;--line:#d9dde5;--paper:#fff;--card:#f5f6f9}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf2;--soft:#98a2b3;--line:#343b48;--paper:#14171d;--card:#1c2029}}
body{font:15px/1.5 system-ui,sans-serif;max-width:1080px;margin:40px auto;padding:0 24px;color:var(--ink);background:var(--paper)}
h1{margin-bottom:8px}h2{margin:40px 0 8px;font-size:18px}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;color:var(--soft);font-size:13px}
td,th{padding:8px 16px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.measure{font-size:13px;color:var(--soft)}
.v{white-space:nowrap;font-weight:600}.holds{color:#0a8754}.fails{color:#c2410c}.open{color:#a16207}.none{color:var(--soft);font-weight:400}
@media(prefers-color-scheme:dark){.holds{color:#4ade9a}.fails{color:#fb923c}.open{color:#facc15}}
.summary{background:var(--card);border-radius:8px;padding:16px;margin:16px 0}
)";

const char* css_class(Verdict verdict) {
    switch (verdict) {
        case Verdict::holds:
            return "holds";
        case Verdict::fails:
            return "fails";
        case Verdict::open:
            return "open";
        default:
            return "none";
    }
}

std::string row_of(const TestedClaim& tested) {
    const auto& [claim, figure, verdict] = tested;
    const auto reason = figure.missing.empty() ? std::string() : fmt::format(" {}", escaped(figure.missing));
    return fmt::format(
        "<tr><td>{}<div class=\"measure\">{}{}</div><td class=\"n\">{}<td class=\"n\">{}<td class=\"v "
        "{}\">{}\n",
        escaped(claim->claim), escaped(claim->measure), reason, figure_text(figure),
        escaped(claim->criterion.text()), css_class(verdict), name_of(verdict));
}

std::string claims_table(const std::vector<TestedClaim>& tested) {
    std::string html;
    int number = 0;
    for (const auto& one : tested) {
        if (one.claim->number != number) {
            if (number > 0) html += "</table>\n";
            number = one.claim->number;
            html += fmt::format(
                "<h2>{}. {}</h2><table><tr><th>claim<th class=\"n\">figure [interval]<th "
                "class=\"n\">holds if"
                "<th>verdict\n",
                number, escaped(topic(number)));
        }
        html += row_of(one);
    }
    return html + "</table>\n";
}

std::string toy_table(const std::vector<ToyResult>& results) {
    if (results.empty()) return {};
    std::string html =
        "<h2>The toy</h2><table><tr><th>configuration<th class=\"n\">W₁<th class=\"n\">minor mode"
        "<th class=\"n\">valid<th class=\"n\">E(ỹ − y)²<th class=\"n\">noise<th class=\"n\">bias²"
        "<th class=\"n\">variance\n";
    for (const auto& result : results) {
        double error = 0;
        for (const auto& trial : result.trials)
            error += trial.squared_error / static_cast<double>(result.trials.size());
        const auto& [noise, bias2, variance] = result.mean.decomposition;
        html += fmt::format("<tr><td>{}", escaped(result.objective.label()));
        for (const double value :
             {result.mean.w1, result.mean.minor_mode, result.mean.valid, error, noise, bias2, variance})
            html += fmt::format("<td class=\"n\">{:.4f}", value);
        html += "\n";
    }
    return html + "</table>\n";
}

double mean_of(const std::vector<double>& values) { return values.empty() ? 0 : estimate(values).mean; }

/// In the form of the paper's table: a row for each task and configuration, realism beside diversity.
std::string image_table(const std::vector<ImageResult>& results, const std::string& lpips) {
    if (results.empty()) return {};
    std::string html = fmt::format(
        "<h2>The image tasks</h2><table><tr><th>task<th>configuration<th class=\"n\">true pixels"
        "<th class=\"n\">valid<th class=\"n\">per-pixel σ (truth)<th class=\"n\">Σσ̃²/Σσ²"
        "<th class=\"n\">|μ̃ − μ|<th class=\"n\">LPIPS{}\n",
        lpips.empty() ? "" : ", " + escaped(lpips));
    for (const auto& result : results) {
        const auto mean = [&](double WorldScore::*value) {
            double sum = 0;
            for (const auto& score : result.scores) sum += score.*value;
            return sum / static_cast<double>(result.scores.size());
        };
        html += fmt::format(
            "<tr><td>{}<td>{}<td class=\"n\">{:.3f}<td class=\"n\">{:.3f}<td class=\"n\">{:.3f} ({:.3f})"
            "<td class=\"n\">{:.3f}<td class=\"n\">{:.4f}<td class=\"n\">{}\n",
            escaped(result.preset), escaped(configuration_label(result.preset, result.configuration)),
            mean(&WorldScore::match), mean(&WorldScore::validity), mean(&WorldScore::deviation),
            mean(&WorldScore::true_deviation), mean(&WorldScore::noise_sensitivity),
            mean(&WorldScore::mean_error),
            result.lpips.empty() ? "–" : fmt::format("{:.4f}", mean_of(result.lpips)));
    }
    return html + "</table>\n";
}

}  // namespace

nlohmann::json claims_to_json(const std::vector<TestedClaim>& tested, const Evidence& evidence,
                              const EvidenceSource& source) {
    json all{{"claims", json::array()}, {"toy", json::array()}, {"images", json::array()}};
    for (const auto& claim : tested) all["claims"].push_back(to_json(claim));
    for (const auto& result : evidence.toy) all["toy"].push_back(to_json(result));
    for (const auto& result : evidence.images) all["images"].push_back(to_json(result));
    all["steps"] = source.toy_steps;
    all["source"] = {
        {"mode", source.full ? "full" : "quick"}, {"seeds", source.seeds}, {"lpips", source.lpips}};
    return all;
}

std::string claims_to_html(const std::vector<TestedClaim>& tested, const Evidence& evidence,
                           const EvidenceSource& source) {
    return fmt::format(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>The claims, tested</title><style>{}</style>\n"
        "<h1>The claims, tested</h1><p class=\"soft\">Harmonizing Maximum Likelihood with GANs for "
        "Multimodal "
        "Conditional Generation (ICLR 2019). The toy was trained for {} steps with {} seeds for each "
        "configuration; the image models {}.</p><p class=\"summary\">{}. A claim holds if the whole interval "
        "satisfies the criterion, does not if no part of it does, and is open if the interval lies on both "
        "sides. A figure without an interval is of one training; intervals are of 95 % unless the row says "
        "otherwise.</p>\n{}{}{}</html>\n",
        style, source.toy_steps, source.seeds,
        source.full ? "were trained for this report" : "are those that come with the program",
        escaped(summary_of(tested)), claims_table(tested), toy_table(evidence.toy),
        image_table(evidence.images, source.lpips));
}

std::string figure_text(const Figure& figure) {
    if (!figure.estimate) return "–";
    const auto& [mean, interval] = *figure.estimate;
    return interval ? fmt::format("{:.3g} [{:.3g}, {:.3g}]", mean, interval->low, interval->high)
                    : fmt::format("{:.3g}", mean);
}

std::string summary_of(const std::vector<TestedClaim>& tested) {
    const auto count = [&](Verdict verdict) {
        return std::ranges::count(tested, verdict, &TestedClaim::verdict);
    };
    return fmt::format("Of {} claims {} hold, {} do not, {} are open, {} were not tested", tested.size(),
                       count(Verdict::holds), count(Verdict::fails), count(Verdict::open),
                       count(Verdict::not_tested));
}

}  // namespace modescope
