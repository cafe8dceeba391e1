#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/picture_file.h"
#include "core/base/text.h"
#include "core/experiments/html.h"
#include "core/experiments/report.h"
#include "core/objective/configuration_colour.h"
#include "core/version.h"

namespace modescope {
namespace {

constexpr const char* style = R"(
:root{color-scheme:light dark;--page:#f3f4f6;--card:#fff;--text:#1c2127;--dim:#626b77;--line:#d5d9df}
@media(prefers-color-scheme:dark){:root{--page:#1d2024;--card:#141619;--text:#e4e7eb;--dim:#98a0aa;--line:#33383f}}
*{box-sizing:border-box}
body{font:15px/1.5 Inter,system-ui,sans-serif;background:var(--page);color:var(--text);margin:0}
main{max-width:1280px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:40px 0 12px}h3{font-size:15px;margin:0}
p{margin:4px 0 12px}.dim,figcaption,th{color:var(--dim)}small{font-size:12px}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px;margin:0 0 16px;overflow-x:auto}
.dot{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--c);margin-right:8px}
.exhibit{display:grid;gap:6px;align-items:center;min-width:900px}
.exhibit img{width:100%;display:block;border-radius:4px;image-rendering:pixelated}
.exhibit .name{padding-left:10px;border-left:3px solid var(--c);align-self:stretch;display:flex;flex-direction:column;justify-content:center}
.head{display:flex;gap:16px;align-items:center;margin-bottom:12px}.head img{width:96px;border-radius:4px;image-rendering:pixelated}
.head figure{margin:0;text-align:center}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:8px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
th{font-weight:600;font-size:13px;white-space:normal;vertical-align:bottom}th:first-child,td:first-child{text-align:left}tr:last-child td{border-bottom:0}
td small{display:block;color:var(--dim)}td svg{display:block;margin:2px 0 0 auto}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:16px}
.charts svg{width:100%;height:auto;display:block}svg text{fill:var(--dim);font-size:11px}
.part{border-left:3px solid #d98b1f;padding:2px 0 2px 10px}
.grid{stroke:var(--line);stroke-width:1}.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 12px}
code{font:13px/1.5 ui-monospace,monospace;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 12px;display:block;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
)";

std::string base64(const std::string& bytes) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0);
        for (std::size_t k = 0; k < 4; ++k)
            text += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

std::string img(const Image& picture, const std::string& alt) {
    return fmt::format("<img src=\"data:image/png;base64,{}\" alt=\"{}\">", base64(png_of(picture)),
                       escaped(alt));
}

/// The contestants' colours as classes m0, m1 …
std::string colour_classes(const Comparison& comparison) {
    std::string light, dark;
    for (std::size_t c = 0; c < comparison.contestants.size(); ++c) {
        const auto& contestant = comparison.contestants[c];
        const auto colour = colours_of_configuration(contestant.configuration());
        light += fmt::format(".m{}{{--c:{}}}", c, hex(colour.on_light));
        dark += fmt::format(".m{}{{--c:{}}}", c, hex(colour.on_dark));
    }
    return light + "@media(prefers-color-scheme:dark){" + dark + "}";
}

/// Lines of one colour are told apart by their dashes.
const char* dashes(const Comparison& comparison, std::size_t c) {
    static constexpr const char* patterns[] = {"", "7 4", "2 3", "9 3 2 3"};
    const auto before = std::ranges::count(
        comparison.contestants.begin(), comparison.contestants.begin() + static_cast<std::ptrdiff_t>(c),
        comparison.contestants[c].configuration(), &Contestant::configuration);
    return patterns[before % std::ssize(patterns)];
}

std::string named(const Comparison& comparison, std::size_t c) {
    return fmt::format("<span class=\"dot m{}\"></span>{}", c, escaped(labels_of(comparison.contestants)[c]));
}

// --- Pictures ---

std::string exhibit_row(const Comparison& comparison, const Exhibit& shown, std::size_t c) {
    const auto& row = shown.rows[c];
    std::string html =
        fmt::format("<div class=\"name m{}\">{}<small class=\"dim\">{}</small></div>", c,
                    escaped(comparison.contestants[c].label()), escaped(comparison.contestants[c].name));
    for (std::size_t i = 0; i < row.pictures.size(); ++i)
        html += img(row.pictures[i], fmt::format("sample {}", i + 1));
    return html + img(row.mean, "mean of the samples") + img(row.deviation, "standard deviation");
}

std::string exhibit_html(const Comparison& comparison, const Exhibit& shown) {
    const auto columns = shown.rows.empty() ? 0 : shown.rows.front().pictures.size();
    std::string html = "<div class=\"card\"><div class=\"head\">";
    html += fmt::format("<figure>{}<figcaption><small>condition</small></figcaption></figure>",
                        img(shown.condition, "condition"));
    if (shown.target)
        html += fmt::format("<figure>{}<figcaption><small>a true picture</small></figcaption></figure>",
                            img(*shown.target, "a true picture"));
    html += fmt::format("<div><h3>{}</h3><span class=\"dim\">{}</span></div></div>", escaped(shown.title),
                        escaped(shown.why));
    html += fmt::format(
        "<div class=\"exhibit\" style=\"grid-template-columns:170px repeat({},1fr)\"><span></span>",
        columns + 2);
    for (std::size_t i = 0; i < columns; ++i)
        html += fmt::format("<small class=\"dim\">noise {}</small>", i + 1);
    html += fmt::format("<small class=\"dim\">mean of {}</small><small class=\"dim\">σ, 0 to {:.2f}</small>",
                        comparison.samples, shown.scale);
    for (std::size_t c = 0; c < shown.rows.size(); ++c) html += exhibit_row(comparison, shown, c);
    return html + "</div></div>";
}

// --- Figures ---

struct Range {
    double low = INFINITY, high = -INFINITY;
    void include(const Estimate& estimate) {
        if (estimate.conditions == 0) return;
        low = std::min(low, estimate.low);
        high = std::max(high, estimate.high);
    }
    bool empty() const { return low > high; }
    double at(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

using Estimates = std::vector<std::vector<Estimate>>;  // by contestant, then metric

Estimates all_estimates(const Comparison& comparison) {
    Estimates list;
    for (const auto& rows : comparison.rows) {
        list.push_back(estimate(rows));
        list.back().resize(comparison.metrics.size());
    }
    return list;
}

Range range_of(const Estimates& estimates, std::size_t metric) {
    Range range;
    for (const auto& figures : estimates) range.include(figures[metric]);
    return range;
}

/// Value as a dot on its interval; all cells of a column on one scale.
std::string whisker(const Estimate& figure, const Range& range) {
    constexpr double left = 4, width = 72;
    const auto x = [&](double value) { return left + width * range.at(value); };
    return fmt::format(
        "<svg width=\"80\" height=\"8\" aria-hidden=\"true\">"
        "<path d=\"M4 4H76\" class=\"grid\"/>"
        "<path d=\"M{:.1f} 4H{:.1f}\" stroke=\"var(--c)\" stroke-width=\"3\" opacity=\".5\"/>"
        "<circle cx=\"{:.1f}\" cy=\"4\" r=\"3\" fill=\"var(--c)\"/></svg>",
        x(figure.low), x(figure.high), x(figure.value));
}

std::string cell(const Estimate& figure, const Range& range, std::size_t contestant) {
    if (figure.conditions == 0) return "<td>–</td>";
    const auto interval = figure.has_interval() ? fmt::format("{:.3f} – {:.3f}", figure.low, figure.high)
                                                : std::string("one input");
    return fmt::format("<td class=\"m{}\" title=\"{} conditions\">{:.3f}<small>{}</small>{}</td>", contestant,
                       figure.conditions, figure.value, interval, whisker(figure, range));
}

const char* arrow(Better better) {
    if (better == Better::higher) return " ↑";
    return better == Better::lower ? " ↓" : "";
}

std::string table(const Comparison& comparison, const Estimates& estimates, bool parts) {
    std::string head, body;
    std::vector<std::size_t> columns;
    for (std::size_t m = 0; m < comparison.metrics.size(); ++m)
        if (const auto& metric = comparison.metrics[m];
            metric.samples == 0 && metric.part == parts && !range_of(estimates, m).empty()) {
            columns.push_back(m);
            head += fmt::format("<th title=\"{}\">{}{}</th>", escaped(metric.help), escaped(metric.name),
                                arrow(metric.better));
        }
    if (columns.empty()) return {};
    for (std::size_t c = 0; c < estimates.size(); ++c) {
        body += fmt::format("<tr><td>{}</td>", named(comparison, c));
        for (const auto m : columns) body += cell(estimates[c][m], range_of(estimates, m), c);
        body += "</tr>";
    }
    return fmt::format("<div class=\"card\"><table><tr><th>model</th>{}</tr>{}</table></div>", head, body);
}

// --- Curves ---

/// The points of a metric's curve: indices of metrics, fewest samples first.
std::vector<std::size_t> points_of(const Comparison& comparison, const std::string& id) {
    std::vector<std::size_t> points;
    for (std::size_t m = 0; m < comparison.metrics.size(); ++m)
        if (comparison.metrics[m].id.starts_with(id + "@")) points.push_back(m);
    return points;
}

/// A chart of one metric against K on a logarithmic axis, with the intervals as bands.
class Curve {
public:
    Curve(const Comparison& comparison, const Estimates& estimates, std::vector<std::size_t> points)
        : comparison_(comparison), estimates_(estimates), points_(std::move(points)) {
        for (const auto m : points_)
            for (const auto& figures : estimates_) range_.include(figures[m]);
        range_.low = std::min(0.0, range_.low);
        if (range_.high <= range_.low) range_.high = range_.low + 1;
    }

    std::string svg() const {
        std::string body = axes();
        for (std::size_t c = 0; c < estimates_.size(); ++c) body += line(c);
        const auto& metric = comparison_.metrics[points_.front()];
        return fmt::format(
            "<div class=\"card\"><h3>{} against K{}</h3><p class=\"dim\"><small>{}</small></p>"
            "<svg viewBox=\"0 0 {} {}\" role=\"img\">{}</svg></div>",
            escaped(metric.name), arrow(metric.better), escaped(metric.help), width, height, body);
    }

private:
    static constexpr double width = 400, height = 220, left = 48, right = 12, top = 8, bottom = 24;

    double x(std::size_t m) const {
        const double last = std::log2(comparison_.metrics[points_.back()].samples);
        const double share = last > 0 ? std::log2(comparison_.metrics[m].samples) / last : 0.5;
        return left + share * (width - left - right);
    }
    double y(double value) const { return top + (1 - range_.at(value)) * (height - top - bottom); }

    /// So that the lines' values differ.
    int decimals() const {
        return std::clamp(2 + static_cast<int>(std::floor(-std::log10(range_.high - range_.low))), 2, 5);
    }

    std::string axes() const {
        constexpr int lines = 4;
        std::string text;
        for (int i = 0; i <= lines; ++i) {
            const double value = range_.low + (range_.high - range_.low) * i / lines;
            text += fmt::format(
                "<path d=\"M{} {:.1f}H{}\" class=\"grid\"/><text x=\"{}\" y=\"{:.1f}\" "
                "text-anchor=\"end\">{:.{}f}</text>",
                left, y(value), width - right, left - 6, y(value) + 4, value, decimals());
        }
        for (const auto m : points_)
            text += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x(m),
                                height - 6, comparison_.metrics[m].samples);
        return text;
    }

    std::string line(std::size_t c) const {
        std::string upper, lower, middle, dots;
        for (const auto m : points_) {
            const auto& figure = estimates_[c][m];
            if (figure.conditions == 0) continue;
            middle += fmt::format("{:.1f},{:.1f} ", x(m), y(figure.value));
            upper += fmt::format("{:.1f},{:.1f} ", x(m), y(figure.high));
            lower = fmt::format("{:.1f},{:.1f} ", x(m), y(figure.low)) + lower;
            dots += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"var(--c)\"/>", x(m),
                                y(figure.value));
        }
        return fmt::format(
            "<g class=\"m{}\"><polygon points=\"{}{}\" fill=\"var(--c)\" opacity=\".18\"/>"
            "<polyline points=\"{}\" fill=\"none\" stroke=\"var(--c)\" stroke-width=\"2\" "
            "stroke-dasharray=\"{}\"/>{}</g>",
            c, upper, lower, middle, dashes(comparison_, c), dots);
    }

    const Comparison& comparison_;
    const Estimates& estimates_;
    std::vector<std::size_t> points_;
    Range range_;
};

std::string curves(const Comparison& comparison, const Estimates& estimates) {
    std::string charts, legend;
    for (const char* id : {"coverage", "best_of_k", "deviation", "lpips"})
        if (auto points = points_of(comparison, id); points.size() > 1)
            charts += Curve(comparison, estimates, std::move(points)).svg();
    for (std::size_t c = 0; c < estimates.size(); ++c) legend += "<span>" + named(comparison, c) + "</span>";
    return fmt::format("<div class=\"legend\">{}</div><div class=\"charts\">{}</div>", legend, charts);
}

// --- How it was made ---

std::string ranking(const Comparison& comparison) {
    constexpr std::size_t longest = 6;
    const auto id = usual_ranking(comparison);
    const auto list = differ_most(comparison, id);
    if (list.empty()) return {};
    std::string body;
    for (std::size_t i = 0; i < std::min(longest, list.size()); ++i)
        body += fmt::format("<tr><td>{}</td><td>{:.3f}</td><td>{}</td><td>{}</td></tr>",
                            escaped(comparison.inputs[list[i].condition]), list[i].spread,
                            named(comparison, list[i].lowest), named(comparison, list[i].highest));
    return fmt::format(
        "<h2>Inputs where they differ most</h2><div class=\"card\"><table><tr><th>input</th>"
        "<th>difference in {}</th><th>lowest</th><th>highest</th></tr>{}</table></div>",
        escaped(comparison.metrics[find_metric(comparison, id)].name), body);
}

std::string provenance(const Report& report) {
    const auto& comparison = report.comparison;
    std::string models;
    for (std::size_t c = 0; c < comparison.contestants.size(); ++c) {
        const auto& contestant = comparison.contestants[c];
        if (!contestant.sampler) continue;
        models += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td><small>{}</small></td></tr>",
                              named(comparison, c), escaped(contestant.name), contestant.sampler->steps(),
                              contestant.hash.empty() ? "–" : contestant.hash);
    }
    return fmt::format(
        "<h2>How it was made</h2>{}<p class=\"dim\">Modescope {}. {} inputs of {} × {} samples each; every "
        "model gets the same inputs and the same noise. Intervals are 95 %: the "
        "2.5th to 97.5th percentile of 1,000 bootstrap resamples of the inputs. {}</p>"
        "<div class=\"card\"><table><tr><th>model</th><th>file</th><th>steps</th><th>SHA-256</th></tr>{}"
        "</table></div>",
        report.command.empty() ? "" : fmt::format("<code>{}</code>", escaped(report.command)),
        MODESCOPE_VERSION, comparison.conditions, escaped(comparison.data), comparison.samples,
        escaped(comparison.lpips), models);
}

}  // namespace

std::string html_of(const Report& report) {
    const auto& comparison = report.comparison;
    const auto estimates = all_estimates(comparison);
    std::string body = fmt::format(
        "<h1>One input, many answers: {} compared</h1><p class=\"dim\">{} · {} inputs × {} samples · the "
        "same "
        "noise in every row</p>",
        comparison.contestants.size(), escaped(comparison.data), comparison.conditions, comparison.samples);
    if (!comparison.complete())
        body += fmt::format("<p class=\"part\">Written while it was measured: {} of {} inputs so far.</p>",
                            comparison.measured(), comparison.conditions);
    if (!report.exhibits.empty()) body += exhibit_html(comparison, report.exhibits.front());
    body += "<h2>Figures</h2>" + table(comparison, estimates, false);
    if (const auto parts = table(comparison, estimates, true); !parts.empty())
        body += "<h2>Entropy ratio of each hidden factor</h2>" + parts;
    body += "<h2>With more samples</h2>" + curves(comparison, estimates);
    body += ranking(comparison);
    for (std::size_t i = 1; i < report.exhibits.size(); ++i)
        body += exhibit_html(comparison, report.exhibits[i]);
    body += provenance(report);
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<title>Modescope: comparison</title><style>{}{}</style><main>{}</main></html>\n",
        style, colour_classes(comparison), body);
}

}  // namespace modescope
