#include "app/labs/toy_points_canvas.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/worlds/toy.h"
#include "widgets/theme.h"
#include "widgets/toy_paint.h"

namespace modescope {
namespace {

constexpr std::size_t most_undo = 100;
constexpr int dab = 12;                   ///< points of a click
constexpr double points_per_pixel = 0.7;  ///< of a stroke's way

ToyPoint to_toy(const QRectF& plane, QPointF at) {
    const double x = (at.x() - plane.left()) / plane.width(), y = (at.y() - plane.top()) / plane.height();
    return {ToyView::x_min + x * (ToyView::x_max - ToyView::x_min),
            ToyView::y_max - y * (ToyView::y_max - ToyView::y_min)};
}

}  // namespace

ToyPointsCanvas::ToyPointsCanvas(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("points_canvas"));
    setAccessibleName(tr("Points"));
    setToolTip(
        tr("Draw with the left button: a stroke is a cloud of points. The glow is the distribution that "
           "they make."));
    setMouseTracking(true);
    setCursor(Qt::CrossCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

QRectF ToyPointsCanvas::plane() const { return toy_plane(rect()); }

void ToyPointsCanvas::remember() {
    if (past_.size() == most_undo) past_.erase(past_.begin());
    past_.push_back(points_);
    future_.clear();
}

void ToyPointsCanvas::replace(std::vector<ToyPoint> points) {
    remember();
    points_ = std::move(points);
    settle();
}

void ToyPointsCanvas::begin_with(std::vector<ToyPoint> points) {
    past_.clear();
    future_.clear();
    points_ = std::move(points);
    settle();
}

void ToyPointsCanvas::undo() {
    if (past_.empty() || drawing_) return;
    future_.push_back(std::exchange(points_, std::move(past_.back())));
    past_.pop_back();
    settle();
}

void ToyPointsCanvas::redo() {
    if (future_.empty() || drawing_) return;
    past_.push_back(std::exchange(points_, std::move(future_.back())));
    future_.pop_back();
    settle();
}

void ToyPointsCanvas::set_spread(double spread) {
    spread_ = std::clamp(spread, 0.01, 0.3);
    update();
}

void ToyPointsCanvas::spray(QPointF at, int count) {
    const auto centre = to_toy(plane(), at);
    for (; count > 0 && points_.size() < most_toy_points; --count) {
        const double x = centre.x + spread_ * random_.normal(), y = centre.y + spread_ * random_.normal();
        if (std::abs(x) <= ToyView::x_max && std::abs(y) <= ToyView::y_max) points_.push_back({x, y});
    }
}

/// What a text of the points will hold, so that the truth shown is the one trained on.
void ToyPointsCanvas::settle() {
    render_glow();
    update();
    emit changed();
}

void ToyPointsCanvas::render_glow() {
    glow_ = {};
    if (points_.size() < least_toy_points) return;
    const auto truth = ToyDistribution::of_points(points_);
    glow_ = truth_image([&](double x, double y) { return truth.density(x, y); }, plane().size().toSize(),
                        is_dark(palette()));
}

void ToyPointsCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    remember();
    drawing_ = true;
    owed_ = 0;
    pointer_ = event->position();
    spray(*pointer_, dab);
    update();
}

void ToyPointsCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF before = std::exchange(pointer_, event->position()).value_or(event->position());
    update();
    if (!drawing_) return;
    const QPointF way = event->position() - before;
    owed_ += points_per_pixel * std::hypot(way.x(), way.y());
    const int count = static_cast<int>(owed_);
    owed_ -= count;
    for (int i = 0; i < count; ++i) spray(before + way * ((i + 0.5) / count), 1);
}

void ToyPointsCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !drawing_) return;
    drawing_ = false;
    settle();
}

void ToyPointsCanvas::leaveEvent(QEvent*) {
    if (!drawing_) pointer_.reset();
    update();
}

void ToyPointsCanvas::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) render_glow();
}

void ToyPointsCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    render_glow();
}

void ToyPointsCanvas::paint_points(QPainter& painter) const {
    QColor ink = palette().color(QPalette::Highlight);
    ink.setAlphaF(0.8F);
    painter.setPen(QPen(ink, 2.4, Qt::SolidLine, Qt::RoundCap));
    std::vector<QPointF> at;
    at.reserve(points_.size());
    for (const auto& point : points_) at.push_back(toy_to_plane(plane(), point.x, point.y));
    painter.drawPoints(at.data(), static_cast<int>(at.size()));
}

void ToyPointsCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    ToyPlot plot;
    plot.truth = glow_;
    paint_toy_plot(painter, rect(), plot, palette());
    paint_points(painter);
    if (!pointer_) return;
    const double scale = plane().width() / (ToyView::x_max - ToyView::x_min);
    const double scale_y = plane().height() / (ToyView::y_max - ToyView::y_min);
    painter.setPen(QPen(palette().color(QPalette::Text), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(*pointer_, 2 * spread_ * scale, 2 * spread_ * scale_y);
}

}  // namespace modescope
