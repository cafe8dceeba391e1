#include <algorithm>
#include <cmath>

#include "widgets/chart_parts.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

QColor blend(const QColor& below, const QColor& above, double share) {
    const auto mix = [share](int a, int b) { return qRound(a + (b - a) * share); };
    return QColor(mix(below.red(), above.red()), mix(below.green(), above.green()),
                  mix(below.blue(), above.blue()));
}

/// Black or white, whichever reads better on `background`.
QColor readable_on(const QColor& background) {
    return qGray(background.rgb()) > 140 ? QColor(20, 22, 25) : QColor(245, 246, 248);
}

}  // namespace

struct StackChart::Layers {
    Track<Parts> track;
    QColor variance_colour{0x10, 0xb0, 0x83};
    std::array<QCPGraph*, 3> graphs{};
    std::array<QCPItemText*, 3> labels{};
    QColor label_on_paper;

    static std::array<QString, 3> names() { return {tr("noise"), tr("bias²"), tr("variance")}; }

    std::array<QColor, 3> colours(const QPalette& palette) const {
        const bool dark = is_dark(palette);
        return {dark ? QColor(0x5b, 0x63, 0x6e) : QColor(0xb4, 0xba, 0xc4),
                dark ? QColor(0xc9, 0x8c, 0x08) : QColor(0xe6, 0xa4, 0x1e), variance_colour};
    }

    /// Each graph shows the sum of its part and those below.
    void plot() const {
        std::array<QVector<QCPGraphData>, 3> data;
        for (const auto& point : track.points()) {
            double sum = 0;
            for (std::size_t i = 0; i < 3; ++i) data[i].append({point.x, sum += point.value[i]});
        }
        for (std::size_t i = 0; i < 3; ++i) graphs[i]->data()->set(data[i], true);
    }

    /// Puts a label into its area as far right as it is high enough; nowhere if it never is. The top one may
    /// stand above its area instead.
    void place_label(std::size_t part, double pixels_per_unit) const {
        const auto& points = track.points();
        const double needed = 1.4 * QFontMetrics(labels[part]->font()).height();
        std::size_t at = points.size();
        while (at > 0 && points[at - 1].value[part] * pixels_per_unit < needed) --at;
        const bool above = part == 2 && !points.empty() && at < points.size();
        if (above) at = points.size();
        labels[part]->setVisible(at > 0);
        labels[part]->setColor(above ? label_on_paper : readable_on(graphs[part]->brush().color()));
        if (at == 0) return;
        double middle = points[at - 1].value[part] / 2;
        for (std::size_t below = 0; below < part; ++below) middle += points[at - 1].value[below];
        if (above) middle += points[at - 1].value[part] / 2 + needed / 2 / pixels_per_unit;
        labels[part]->position->setCoords(points[at - 1].x, middle);
    }
};

StackChart::StackChart(QWidget* parent) : Chart(parent), layers_(std::make_unique<Layers>()) {
    for (std::size_t i = 0; i < 3; ++i) {
        layers_->graphs[i] = plot_->widget->addGraph();
        layers_->graphs[i]->setAdaptiveSampling(false);  // it would cut stairs into the areas' edges
        if (i > 0) layers_->graphs[i]->setChannelFillGraph(layers_->graphs[i - 1]);
        QCPItemText* label = layers_->labels[i] = new QCPItemText(plot_->widget);
        label->setText(Layers::names()[i]);
        label->setPositionAlignment(Qt::AlignRight | Qt::AlignVCenter);
        label->setPadding(QMargins(0, 0, space::m, 0));
        label->setVisible(false);
    }
}

StackChart::~StackChart() = default;

void StackChart::set_colour(const QColor& colour) {
    layers_->variance_colour = colour;
    restyle_data();
    mark_dirty();
}

void StackChart::append(double step, const Parts& parts) {
    if (!std::isfinite(step) ||
        !std::all_of(parts.begin(), parts.end(), [](double p) { return std::isfinite(p); }))
        return;
    layers_->track.append(step, parts);
    mark_dirty();
}

void StackChart::set_data(const std::vector<double>& steps, const std::vector<Parts>& parts) {
    clear();
    for (std::size_t i = 0; i < std::min(steps.size(), parts.size()); ++i) append(steps[i], parts[i]);
}

void StackChart::clear() {
    layers_->track.clear();
    plot_->fitted = false;
    mark_dirty();
}

void StackChart::plot_data() {
    layers_->plot();
    const auto& points = layers_->track.points();
    double top = 0;
    for (const auto& [step, parts] : points) top = std::max(top, parts[0] + parts[1] + parts[2]);
    if (!points.empty()) {
        plot_->widget->xAxis->setRange(points.front().x, std::max(points.back().x, points.front().x + 1));
        plot_->fit_y(linear_range(plot_->calm_y(), QCPRange(0, top)));
    }
    const double scale = plot_->widget->axisRect()->height() / plot_->widget->yAxis->range().size();
    for (std::size_t i = 0; i < 3; ++i) layers_->place_label(i, scale);
}

void StackChart::restyle_data() {
    const QColor paper = palette().color(QPalette::Base);
    const auto colours = layers_->colours(palette());
    layers_->label_on_paper = palette().color(QPalette::Text);
    for (std::size_t i = 0; i < 3; ++i) {
        const QColor area = blend(paper, colours[i], 0.85);
        layers_->graphs[i]->setBrush(area);
        layers_->graphs[i]->setPen(QPen(paper, 1));  // a seam, should neighbours have the same colour
        layers_->labels[i]->setFont(smaller(font()));
    }
}

std::vector<Chart::Reading> StackChart::read(double& x) const {
    const auto* point = layers_->track.nearest(x);
    if (!point) return {};
    x = point->x;
    const auto names = Layers::names();
    const auto colours = layers_->colours(palette());
    std::vector<Reading> readings;
    for (const std::size_t i : {2, 1, 0})  // from the top down, as the areas lie
        readings.push_back({names[i], QString::number(point->value[i], 'g', 3), colours[i]});
    return readings;
}

QString StackChart::csv() const {
    QString text = QStringLiteral("step,noise,bias2,variance\n");
    for (const auto& [step, parts] : layers_->track.points()) {
        text += number(step);
        for (const double part : parts) text += QChar(',') + number(part);
        text += QChar('\n');
    }
    return text;
}

}  // namespace modescope
