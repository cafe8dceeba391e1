#include "widgets/slice_chart.h"

#include <QPainter>
#include <algorithm>

#include "core/training/toy_view.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

QColor with_alpha(QColor colour, double alpha) {
    colour.setAlphaF(static_cast<float>(alpha));
    return colour;
}

QFont smaller(QFont font) {
    if (font.pixelSize() > 0)
        font.setPixelSize(qRound(font.pixelSize() * 0.85));
    else
        font.setPointSizeF(font.pointSizeF() * 0.85);
    return font;
}

/// A line closed along the base, to be filled.
QPolygonF area_under(QPolygonF line, double base) {
    if (line.isEmpty()) return line;
    line.prepend(QPointF(line.first().x(), base));
    line.append(QPointF(line.last().x(), base));
    return line;
}

}  // namespace

SliceChart::SliceChart(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void SliceChart::set_title(const QString& title) {
    if (title == title_) return;
    title_ = title;
    setAccessibleName(title);
    update();
}

void SliceChart::set_data(Density truth, std::vector<Curve> curves) {
    truth_ = std::move(truth);
    curves_ = std::move(curves);
    std::ranges::stable_sort(curves_, {}, &Curve::selected);
    update();
}

void SliceChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    painter.setPen(QPen(with_alpha(palette().color(QPalette::Text), 0.08), 1));
    painter.setBrush(base);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    paint(painter, rect());
}

void SliceChart::paint(QPainter& painter, const QRectF& area) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont small = smaller(font());
    QFont bold = small;
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    const double head = painter.fontMetrics().height() + 2.0 * space::s;
    painter.drawText(QRectF(area.left() + space::m + 2, area.top() + 2, area.width() - space::l, head),
                     Qt::AlignLeft | Qt::AlignVCenter, title_);
    painter.setFont(small);
    const double foot = painter.fontMetrics().height() + space::m;
    const QRectF plane = area.adjusted(space::l, head + space::m, -space::l, -foot);
    paint_axis(painter, plane);
    painter.setClipRect(plane.adjusted(-1, -1, 1, 1), Qt::IntersectClip);
    paint_truth(painter, plane);
    for (const auto& curve : curves_) paint_curve(painter, plane, curve);
    painter.restore();
}

/// The truth fills most of the height; what towers above it, as a collapsed generator does, is cut off.
QPolygonF SliceChart::line(const QRectF& plane, const Density& density) const {
    const double peak = truth_.empty() ? 1 : 1.25 * *std::ranges::max_element(truth_);
    const double last = static_cast<double>(density.size()) - 1;
    QPolygonF points;
    for (std::size_t i = 0; i < density.size(); ++i)
        points << QPointF(plane.left() + plane.width() * static_cast<double>(i) / last,
                          plane.bottom() - plane.height() * density[i] / peak);
    return points;
}

void SliceChart::paint_axis(QPainter& painter, const QRectF& plane) const {
    const QColor ink = palette().color(QPalette::Text);
    for (const int y : {-1, 0, 1}) {
        const double share = (y - ToyView::y_min) / (ToyView::y_max - ToyView::y_min);
        const double x = plane.left() + share * plane.width();
        painter.setPen(QPen(with_alpha(ink, y == 0 ? 0.13 : 0.07), 1));
        painter.drawLine(QPointF(x, plane.top()), QPointF(x, plane.bottom()));
        painter.setPen(palette().color(QPalette::PlaceholderText));
        const QString number =
            y == 0 ? QStringLiteral("y = 0") : QString::number(y).replace('-', QChar(0x2212));
        painter.drawText(QRectF(x - 30, plane.bottom() + 3, 60, 18), Qt::AlignHCenter | Qt::AlignTop, number);
    }
    painter.setPen(QPen(with_alpha(ink, 0.13), 1));
    painter.drawLine(plane.bottomLeft(), plane.bottomRight());
}

void SliceChart::paint_truth(QPainter& painter, const QRectF& plane) const {
    const QColor ink = palette().color(QPalette::Text);
    painter.setPen(QPen(with_alpha(ink, 0.45), 1, Qt::DotLine));
    painter.setBrush(with_alpha(ink, is_dark(palette()) ? 0.22 : 0.14));
    painter.drawPolygon(area_under(line(plane, truth_), plane.bottom()));
}

void SliceChart::paint_curve(QPainter& painter, const QRectF& plane, const Curve& curve) const {
    const QPolygonF points = line(plane, curve.density);
    if (curve.selected) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(with_alpha(curve.colour, 0.25));
        painter.drawPolygon(area_under(points, plane.bottom()));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(with_alpha(curve.colour, curve.selected ? 1 : 0.6), curve.selected ? 2 : 1.25));
    painter.drawPolyline(points);
}

}  // namespace modescope
