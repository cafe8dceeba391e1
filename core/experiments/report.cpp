#include "core/experiments/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "core/base/csv.h"
#include "core/base/shell.h"
#include "core/version.h"

namespace modescope {
namespace {

constexpr int shown_columns = 8, shown_differences = 3;
constexpr double least_scale = 0.02;  // σ below it is rounding

Image to_image(const FloatImage& values) {
    Image image(values.width, values.height, values.channels);
    std::ranges::transform(values.data, image.data.begin(), [](float value) {
        return static_cast<std::uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255 + 0.5f);
    });
    return image;
}

/// Mean over the channels.
Raster<float> grey(const FloatImage& image) {
    Raster<float> mean(image.width, image.height, 1);
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            mean.at(x, y) = (image.at(x, y, 0) + image.at(x, y, 1) + image.at(x, y, 2)) / 3;
    return mean;
}

/// Black over purple and orange to pale yellow.
Image heat(const Raster<float>& values, double scale) {
    Raster<std::uint8_t> level(values.width, values.height, 1);
    std::ranges::transform(values.data, level.data.begin(), [scale](float value) {
        return static_cast<std::uint8_t>(std::min(1.0, value / scale) * 255 + 0.5);
    });
    Image colours(values.width, values.height, 3);
    cv::Mat bgr, target(values.height, values.width, CV_8UC3, colours.data.data());
    cv::applyColorMap(cv::Mat(values.height, values.width, CV_8UC1, level.data.data()), bgr,
                      cv::COLORMAP_INFERNO);
    cv::cvtColor(bgr, target, cv::COLOR_BGR2RGB);
    return colours;
}

nlohmann::json to_json(const Estimate& estimate) {
    nlohmann::json json{{"value", estimate.value}, {"conditions", estimate.conditions}};
    if (estimate.has_interval()) json["interval"] = {estimate.low, estimate.high};
    return json;
}

nlohmann::json figures(const Comparison& comparison, std::size_t contestant) {
    const auto estimates = estimate(comparison.rows[contestant]);
    nlohmann::json table, curves = nlohmann::json::object();
    for (std::size_t m = 0; m < estimates.size(); ++m) {
        const auto& metric = comparison.metrics[m];
        if (estimates[m].conditions == 0) continue;
        auto json = to_json(estimates[m]);
        if (metric.samples == 0) {
            table[metric.id] = std::move(json);
        } else {
            json["samples"] = metric.samples;
            curves[metric.id.substr(0, metric.id.find('@'))].push_back(std::move(json));
        }
    }
    return {{"metrics", table}, {"curves", curves}};
}

/// The value of a metric on each condition; null where it has none.
nlohmann::json values_of(const Comparison& comparison, std::size_t contestant) {
    nlohmann::json json;
    for (std::size_t m = 0; m < comparison.metrics.size(); ++m) {
        if (comparison.metrics[m].samples != 0) continue;
        auto& list = json[comparison.metrics[m].id] = nlohmann::json::array();
        for (const auto& row : comparison.rows[contestant])
            list.push_back(row[m].weight > 0 ? nlohmann::json(row[m].sum / row[m].weight) : nlohmann::json());
    }
    return json;
}

/// "per-pixel σ from 0.005 (GAN + 100·ℓ₁) to 0.227 (GAN + 10·pMR₂)".
std::string reason(const Comparison& comparison, const std::string& metric, const Difference& difference) {
    const int m = find_metric(comparison, metric);
    const auto side = [&](int contestant) {
        const auto& part = comparison.rows[contestant][difference.condition][m];
        return fmt::format("{:.3f} ({})", part.sum / part.weight,
                           labels_of(comparison.contestants)[contestant]);
    };
    return fmt::format("{} from {} to {}", comparison.metrics[m].name, side(difference.lowest),
                       side(difference.highest));
}

}  // namespace

Exhibit exhibit(const Comparison& comparison, const Cases& cases, int index, int columns) {
    const auto condition = cases.at(index);
    const auto& settings = cases.settings;
    Exhibit shown{.title = condition.name,
                  .condition = picture_of(condition.x, settings.task, cases.classes, settings.size),
                  .target = condition.target,
                  .scale = least_scale};
    std::vector<Raster<float>> deviations;
    for (const auto& contestant : comparison.contestants) {
        auto pictures = draw(contestant, cases, condition, comparison.samples, condition.seed);
        const auto moments = sample_moments(pictures);
        deviations.push_back(grey(moments.deviation));
        shown.scale = std::max<double>(shown.scale, *std::ranges::max_element(deviations.back().data));
        pictures.resize(std::min<std::size_t>(pictures.size(), columns));
        shown.rows.push_back({std::move(pictures), to_image(moments.mean), {}});
    }
    for (std::size_t i = 0; i < deviations.size(); ++i)
        shown.rows[i].deviation = heat(deviations[i], shown.scale);
    return shown;
}

std::string usual_ranking(const Comparison& comparison) {
    for (const char* id : {"lpips", "deviation"})
        if (find_metric(comparison, id) >= 0) return id;
    return {};
}

Report make_report(const Comparison& comparison, const Cases& cases, std::string command) {
    Report report{.comparison = comparison, .command = std::move(command)};
    if (comparison.conditions == 0) return report;
    report.exhibits.push_back(exhibit(comparison, cases, 0, shown_columns));
    const auto metric = usual_ranking(comparison);
    for (const auto& difference : differ_most(comparison, metric)) {
        if (static_cast<int>(report.exhibits.size()) > shown_differences) break;
        if (difference.condition == 0) continue;
        report.exhibits.push_back(exhibit(comparison, cases, difference.condition, shown_columns));
        report.exhibits.back().why = reason(comparison, metric, difference);
    }
    return report;
}

std::string command_of(const Comparison& comparison, const std::vector<std::string>& inputs,
                       const std::string& lpips) {
    std::string text = "modescope compare";
    for (const auto& contestant : comparison.contestants)
        text += ' ' + shell_word(contestant.path.empty() ? contestant.name : contestant.path);
    for (const auto& argument : inputs) text += ' ' + shell_word(argument);
    if (!lpips.empty()) text += " --lpips " + shell_word(lpips);
    return text + fmt::format(" --conditions {} --samples {}", comparison.conditions, comparison.samples);
}

std::string csv_of(const Comparison& comparison) {
    std::string text = "model,configuration,metric,samples,value,low,high,conditions,wanted\n";
    for (std::size_t c = 0; c < comparison.contestants.size(); ++c) {
        const auto estimates = estimate(comparison.rows[c]);
        for (std::size_t m = 0; m < estimates.size(); ++m) {
            const auto& metric = comparison.metrics[m];
            const auto& figure = estimates[m];
            if (figure.conditions == 0) continue;
            text += fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_field(comparison.contestants[c].name),
                                csv_field(comparison.contestants[c].configuration()),
                                metric.id.substr(0, metric.id.find('@')),
                                metric.samples > 0 ? metric.samples : comparison.samples, figure.value,
                                figure.low, figure.high, figure.conditions, comparison.conditions);
        }
    }
    return text;
}

nlohmann::json json_of(const Comparison& comparison) {
    nlohmann::json json{{"version", MODESCOPE_VERSION},
                        {"data", comparison.data},
                        {"conditions", comparison.conditions},
                        {"samples", comparison.samples},
                        {"complete", comparison.complete()},
                        {"measured", comparison.measured()},
                        {"interval", "95 %, bootstrap over conditions, 1000 resamples"},
                        {"models", nlohmann::json::array()}};
    if (!comparison.lpips.empty()) json["lpips"] = comparison.lpips;
    for (std::size_t c = 0; c < comparison.contestants.size(); ++c) {
        const auto& contestant = comparison.contestants[c];
        auto model = figures(comparison, c);
        model.update({{"name", contestant.name},
                      {"configuration", contestant.configuration()},
                      {"values", values_of(comparison, c)}});
        if (!contestant.hash.empty()) model["sha256"] = contestant.hash;
        json["models"].push_back(std::move(model));
    }
    auto& ranking = json["differ_most"] = nlohmann::json::array();
    for (const auto& difference : differ_most(comparison, usual_ranking(comparison)))
        ranking.push_back({{"condition", comparison.inputs[difference.condition]},
                           {"spread", difference.spread},
                           {"lowest", comparison.contestants[difference.lowest].name},
                           {"highest", comparison.contestants[difference.highest].name}});
    json["differ_by"] = usual_ranking(comparison);
    return json;
}

}  // namespace modescope
