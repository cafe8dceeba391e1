#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/csv.h"
#include "widgets/chart_parts.h"

namespace modescope {
namespace {

QCPRange log_range(const QCPRange& old, const QCPRange& data) {
    const bool inside = data.lower >= old.lower && data.upper <= old.upper;
    const bool fills = std::log(data.upper / data.lower + 1) > 0.5 * std::log(old.upper / old.lower);
    return inside && fills ? old : QCPRange(data.lower / 1.3, data.upper * 1.5);
}

/// About two pixels of x, as a power of two so that it rarely changes: noise finer than that costs most of
/// the painting and shows nothing.
double bin_width(double x_range, int pixels) {
    return std::exp2(std::ceil(std::log2(2 * std::max(x_range, 1e-6) / std::max(pixels, 320))));
}

/// 1, 2 and 5 of every decade, as long as that is not too many; QCPAxisTickerLog shows only powers.
class DecadeTicker : public QCPAxisTicker {
protected:
    QVector<double> createTickVector(double, const QCPRange& range) override {
        const int first = static_cast<int>(std::floor(std::log10(range.lower)));
        const int last = static_cast<int>(std::ceil(std::log10(range.upper)));
        const int step = 1 + (last - first) / 6;
        QVector<double> ticks;
        for (int decade = first; decade <= last; decade += step)
            for (const double digit : {1.0, 2.0, 5.0})
                if (digit == 1.0 || last - first <= 3) ticks.append(digit * std::pow(10.0, decade));
        return ticks;
    }
};

}  // namespace

struct LineChart::Series {
    QString label;
    QColor colour;
    QCPGraph* graph;
    Track<double> track;

    /// Draws the mean over every `bin` of x. Bins lie at multiples of their width, so that a curve keeps
    /// still while it grows.
    void plot(double bin) const {
        QVector<QCPGraphData> data;
        const auto& points = track.points();
        for (auto first = points.begin(); first != points.end();) {
            const double end = (std::floor(first->x / bin) + 1) * bin;
            QCPGraphData sum(0, 0);
            double count = 0;
            for (; first != points.end() && (count == 0 || first->x < end); ++first, ++count) {
                sum.key += first->x;
                sum.value += first->value;
            }
            data.append({sum.key / count, sum.value / count});
        }
        // A line needs two points; the first one, such as the only validation so far, shows as a dot.
        graph->setScatterStyle(data.size() == 1 ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5)
                                                : QCPScatterStyle());
        graph->data()->set(data, true);
    }
};

LineChart::LineChart(QWidget* parent) : Chart(parent) {}
LineChart::~LineChart() = default;

void LineChart::set_series(const QString& id, const QString& label, const QColor& colour) {
    std::unique_ptr<Series>& series = series_[id];
    if (!series) {
        series = std::make_unique<Series>(Series{{}, {}, plot_->widget->addGraph(), {}});
        series->graph->setAdaptiveSampling(false);  // plot() thins out already, without stairs
        order_.push_back(id);
    }
    series->label = label;
    series->colour = colour;
    series->graph->setPen(QPen(colour, 1.5));
    mark_dirty();
}

void LineChart::append(const QString& id, double x, double y) {
    const auto found = series_.find(id);
    if (found == series_.end() || !std::isfinite(x) || !std::isfinite(y)) return;
    found->second->track.append(x, y);
    mark_dirty();
}

void LineChart::clear() {
    for (auto& [id, series] : series_) series->track.clear();
    plot_->fitted = false;
    mark_dirty();
}

void LineChart::remove(const QString& id) {
    const auto found = series_.find(id);
    if (found == series_.end()) return;
    plot_->widget->removeGraph(found->second->graph);
    series_.erase(found);
    std::erase(order_, id);
    mark_dirty();
}

void LineChart::set_log_y(bool log) {
    if (log == log_y_) return;
    log_y_ = log;
    QCPAxis& axis = *plot_->widget->yAxis;
    axis.setScaleType(log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis.setTicker(log ? QSharedPointer<QCPAxisTicker>(new DecadeTicker)
                       : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    axis.setRange(log ? QCPRange(1e-3, 1) : QCPRange(0, 1));
    plot_->fitted = false;
    mark_dirty();
}

void LineChart::plot_data() {
    std::optional<QCPRange> keys, values;
    const auto include = [](std::optional<QCPRange>& range, const QCPRange& more) {
        range = range ? range->expanded(more) : more;
    };
    for (const auto& [id, series] : series_)
        if (const auto& points = series->track.points(); !points.empty())
            include(keys, {points.front().x, points.back().x});
    const double bin = bin_width(keys.value_or(QCPRange(0, 1)).size(), plot_->widget->width());
    for (const auto& [id, series] : series_) {
        series->plot(bin);
        bool found = false;
        const QCPRange range = series->graph->getValueRange(found, log_y_ ? QCP::sdPositive : QCP::sdBoth);
        if (found) include(values, range);
    }
    if (keys && keys->size() == 0) keys = {keys->lower - 1, keys->upper + 1};  // one point, in the middle
    if (keys) plot_->widget->xAxis->setRange(*keys);
    if (values) plot_->fit_y((log_y_ ? log_range : linear_range)(plot_->calm_y(), *values));
}

void LineChart::restyle_data() {}

std::vector<Chart::Reading> LineChart::read(double& x) const {
    std::optional<double> nearest;
    for (const auto& [id, series] : series_)
        if (const auto* point = series->track.nearest(x))
            if (!nearest || std::abs(point->x - x) < std::abs(*nearest - x)) nearest = point->x;
    if (!nearest) return {};
    x = *nearest;
    std::vector<Reading> readings;
    for (const QString& id : order_) {
        const Series& series = *series_.at(id);
        if (const auto* point = series.track.nearest(x))
            readings.push_back({series.label, QString::number(point->value, 'g', 3), series.colour});
    }
    return readings;
}

QString LineChart::csv() const {
    std::map<double, std::map<QString, double>> rows;
    for (const auto& [id, series] : series_)
        for (const auto& point : series->track.points()) rows[point.x][id] = point.value;
    QString text = QStringLiteral("step");
    for (const QString& id : order_)
        text += QChar(',') + QString::fromStdString(csv_field(series_.at(id)->label.toStdString()));
    text += QChar('\n');
    for (const auto& [x, row] : rows) {
        text += number(x);
        for (const QString& id : order_)
            text += QChar(',') + (row.count(id) ? number(row.at(id)) : QString());
        text += QChar('\n');
    }
    return text;
}

}  // namespace modescope
