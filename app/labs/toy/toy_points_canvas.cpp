#include "app/labs/toy/toy_points_canvas.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

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
    setToolTip(tr(
        "Draw with the left button: a stroke is a cloud of points. The right button takes points away, and "
        "the wheel changes the spread. The glow is the distribution that they make."));
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

void ToyPointsCanvas::undo() {
    if (past_.empty() || is_drawing()) return;
    future_.push_back(std::exchange(points_, std::move(past_.back())));
    past_.pop_back();
    settle();
}

void ToyPointsCanvas::redo() {
    if (future_.empty() || is_drawing()) return;
    past_.push_back(std::exchange(points_, std::move(future_.back())));
    future_.pop_back();
    settle();
}

void ToyPointsCanvas::set_spread(double spread) {
    spread_ = std::clamp(spread, 0.01, 0.3);
    update();
}

/// Half-axes of the ellipse that holds two deviations of a cloud, in pixels.
QSizeF ToyPointsCanvas::ring() const {
    return {2 * spread_ * plane().width() / (ToyView::x_max - ToyView::x_min),
            2 * spread_ * plane().height() / (ToyView::y_max - ToyView::y_min)};
}

void ToyPointsCanvas::spray(QPointF at, int count) {
    const auto centre = to_toy(plane(), at);
    for (; count > 0 && points_.size() < most_toy_points; --count) {
        const double x = centre.x + spread_ * random_.normal(), y = centre.y + spread_ * random_.normal();
        if (std::abs(x) <= ToyView::x_max && std::abs(y) <= ToyView::y_max) points_.push_back({x, y});
    }
}

/// Those inside the ring.
void ToyPointsCanvas::erase(QPointF at) {
    const auto centre = to_toy(plane(), at);
    std::erase_if(points_, [&](const ToyPoint& point) {
        return std::hypot(point.x - centre.x, point.y - centre.y) <= 2 * spread_;
    });
}

void ToyPointsCanvas::settle() {
    render_glow(plane().size().toSize());
    update();
    emit changed();
}

/// The glow follows a stroke as often as is smooth, and coarser than after it.
void ToyPointsCanvas::preview() {
    constexpr int every_ms = 60, coarser = 3;
    update();
    if (since_glow_.isValid() && since_glow_.elapsed() < every_ms) return;
    render_glow(plane().size().toSize() / coarser);
    emit changed();
    since_glow_.start();
}

void ToyPointsCanvas::render_glow(QSize pixels) {
    glow_ = {};
    if (points_.size() < least_toy_points) return;
    const auto truth = ToyDistribution::of_points(points_);
    glow_ = truth_image([&](double x, double y) { return truth.density(x, y); }, pixels, is_dark(palette()));
}

void ToyPointsCanvas::mousePressEvent(QMouseEvent* event) {
    const bool left = event->button() == Qt::LeftButton;
    if (is_drawing() || (!left && event->button() != Qt::RightButton)) return;
    remember();
    stroke_ = left ? Stroke::draw : Stroke::erase;
    owed_ = 0;
    pointer_ = event->position();
    left ? spray(*pointer_, dab) : erase(*pointer_);
    preview();
}

void ToyPointsCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF before = std::exchange(pointer_, event->position()).value_or(event->position());
    if (!is_drawing()) return update();
    move_stroke(before, event->position());
    preview();
}

void ToyPointsCanvas::move_stroke(QPointF from, QPointF to) {
    const QPointF way = to - from;
    const double length = std::hypot(way.x(), way.y());
    if (stroke_ == Stroke::erase) {
        const int steps = 1 + static_cast<int>(length / std::max(2.0, ring().width() / 2));
        for (int i = 1; i <= steps; ++i) erase(from + way * i / steps);
        return;
    }
    owed_ += points_per_pixel * length;
    const int count = static_cast<int>(owed_);
    owed_ -= count;
    for (int i = 0; i < count; ++i) spray(from + way * ((i + 0.5) / count), 1);
}

void ToyPointsCanvas::mouseReleaseEvent(QMouseEvent* event) {
    const auto of = stroke_ == Stroke::draw ? Qt::LeftButton : Qt::RightButton;
    if (!is_drawing() || event->button() != of) return;
    stroke_ = Stroke::none;
    if (points_ == past_.back()) past_.pop_back();  // nothing was there to erase
    settle();
}

void ToyPointsCanvas::wheelEvent(QWheelEvent* event) {
    const int steps = event->angleDelta().y() / QWheelEvent::DefaultDeltasPerStep;
    if (steps != 0) emit spread_stepped(steps);
    event->accept();
}

void ToyPointsCanvas::leaveEvent(QEvent*) {
    if (!is_drawing()) pointer_.reset();
    update();
}

void ToyPointsCanvas::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) render_glow(plane().size().toSize());
}

void ToyPointsCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    render_glow(plane().size().toSize());
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

void ToyPointsCanvas::paint_hint(QPainter& painter) const {
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(plane().toRect(), Qt::AlignCenter,
                     tr("Draw here: x goes across, y up.\nWhere a column has several clouds, y has several "
                        "modes."));
}

void ToyPointsCanvas::paint_ring(QPainter& painter) const {
    painter.setPen(
        QPen(palette().color(QPalette::Text), 1, stroke_ == Stroke::erase ? Qt::DashLine : Qt::SolidLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(*pointer_, ring().width(), ring().height());
}

void ToyPointsCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(rect(), space::s, space::s);
    ToyPlot plot;
    plot.truth = glow_;
    paint_toy_plot(painter, rect(), plot, palette());
    if (points_.empty() && !is_drawing()) paint_hint(painter);
    painter.setClipRect(plane());
    paint_points(painter);
    if (pointer_) paint_ring(painter);
}

}  // namespace modescope
