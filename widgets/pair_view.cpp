#include "widgets/pair_view.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/moment_strip.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int corner_radius = 6, grip_reach = 10, grip_size = 20;
constexpr double full_difference = 0.5;  // of 0 … 1: the end of the colours
constexpr double key_step = 0.05, wheel_zoom = 1.2;

double pixel_difference(QRgb a, QRgb b) {
    return (std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b))) /
           (3 * 255.0);
}

}  // namespace

PairView::PairView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Two pictures in one place"));
    setToolTip(
        tr("The current picture and the same noise through the other row. Drag the edge to wipe, hold F to "
           "flicker: what jumps is what differs."));
}

void PairView::set_pair(const Side& first, const Side& second) {
    first_ = first;
    second_ = second;
    make_difference();
    describe();
    update();
}

void PairView::set_mode(Mode mode) {
    mode_ = mode;
    describe();
    update();
}

void PairView::set_split(double split) {
    split_ = std::clamp(split, 0.0, 1.0);
    update();
}

void PairView::set_flipped(bool flipped) {
    if (flipped == flipped_) return;
    flipped_ = flipped;
    update();
}

void PairView::set_view(const Viewport& view) {
    view_ = view;
    update();
}

void PairView::make_difference() {
    difference_ = 0;
    difference_map_ = {};
    if (!complete() || first_.picture.size() != second_.picture.size()) return;
    const QImage a = first_.picture.convertToFormat(QImage::Format_RGB32),
                 b = second_.picture.convertToFormat(QImage::Format_RGB32);
    difference_map_ = QImage(a.size(), QImage::Format_RGB32);
    for (int y = 0; y < a.height(); ++y) {
        const auto* row_a = reinterpret_cast<const QRgb*>(a.constScanLine(y));
        const auto* row_b = reinterpret_cast<const QRgb*>(b.constScanLine(y));
        auto* target = reinterpret_cast<QRgb*>(difference_map_.scanLine(y));
        for (int x = 0; x < a.width(); ++x) {
            const double value = pixel_difference(row_a[x], row_b[x]);
            difference_ += value;
            target[x] = heat_colour(value / full_difference);
        }
    }
    difference_ /= static_cast<double>(a.width()) * a.height();
}

// --- Geometry ---

QRect PairView::picture_rect() const {
    const int line = fontMetrics().height() + space::s;
    const int side = std::max(1, std::min(width(), height() - 2 * line));
    return {(width() - side) / 2, line, side, side};
}

double PairView::edge() const { return picture_rect().left() + split_ * picture_rect().width(); }

bool PairView::near_edge(QPoint position) const {
    return mode_ == Mode::Wipe && !flipped_ && std::abs(position.x() - edge()) <= grip_reach;
}

// --- Mouse and keyboard ---

void PairView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return event->ignore();
    hand_ = event->pos();
    // A picture that shows all of itself has nowhere to go, so the edge comes to the pointer.
    moves_edge_ = mode_ == Mode::Wipe && (near_edge(event->pos()) || view_.zoom == 1);
    if (moves_edge_) mouseMoveEvent(event);
}

void PairView::mouseMoveEvent(QMouseEvent* event) {
    setCursor(near_edge(event->pos()) ? Qt::SplitHCursor : Qt::ArrowCursor);
    if (!hand_) return;
    const QRect rect = picture_rect();
    if (moves_edge_) return move_split((event->pos().x() - rect.left()) / static_cast<double>(rect.width()));
    const QPointF by = event->pos() - *hand_;
    hand_ = event->pos();
    change_view(view_.panned(by / rect.width()));
}

void PairView::mouseReleaseEvent(QMouseEvent*) { hand_.reset(); }

void PairView::wheelEvent(QWheelEvent* event) {
    const QRect rect = picture_rect();
    const QPointF anchor = (event->position() - rect.topLeft()) / rect.width();
    change_view(view_.zoomed(std::pow(wheel_zoom, event->angleDelta().y() / 120.0), anchor));
    event->accept();
}

void PairView::move_split(double split) {
    set_split(split);
    emit split_changed(split_);
}

void PairView::change_view(const Viewport& view) {
    if (view == view_) return;
    set_view(view);
    emit view_changed(view_);
}

void PairView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Left) return move_split(split_ - key_step);
    if (event->key() == Qt::Key_Right) return move_split(split_ + key_step);
    QWidget::keyPressEvent(event);
}

bool PairView::event(QEvent* event) {
    claim_own_keys(
        *event, [](const QKeyEvent& key) { return key.key() == Qt::Key_Left || key.key() == Qt::Key_Right; });
    return QWidget::event(event);
}

/// A key that is let go elsewhere is never heard of.
void PairView::focusOutEvent(QFocusEvent* event) {
    set_flipped(false);
    QWidget::focusOutEvent(event);
}

// --- Words ---

void PairView::describe() {
    if (!complete()) return setAccessibleDescription(tr("Choose a picture and another row."));
    setAccessibleDescription(tr("%1 and %2, mean difference %3")
                                 .arg(first_.label, second_.label, locale().toString(difference_, 'f', 3)));
}

// --- Drawing ---

void PairView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRectF rect = picture_rect();
    QPainterPath corners;
    corners.addRoundedRect(rect, corner_radius, corner_radius);
    painter.fillPath(corners, palette().color(QPalette::Base));
    painter.save();
    painter.setClipPath(corners);
    const bool difference = mode_ == Mode::Difference && !flipped_;
    if (difference) {
        draw_picture(painter, difference_map_, rect);
    } else {
        const double at = flipped_ ? rect.left() : edge();
        draw_picture(painter, first_.picture, QRectF(rect.topLeft(), QPointF(at, rect.bottom())));
        draw_picture(painter, second_.picture, QRectF(QPointF(at, rect.top()), rect.bottomRight()));
        if (!flipped_ && complete()) draw_edge(painter);
    }
    painter.restore();
    draw_labels(painter);
}

void PairView::draw_picture(QPainter& painter, const QImage& picture, const QRectF& clip) const {
    if (picture.isNull() || clip.width() <= 0) return;
    const QRectF part = view_.part();
    const QRectF source(part.x() * picture.width(), part.y() * picture.height(),
                        part.width() * picture.width(), part.height() * picture.height());
    painter.save();
    painter.setClipRect(clip, Qt::IntersectClip);
    painter.drawImage(QRectF(picture_rect()), picture, source);
    painter.restore();
}

void PairView::draw_edge(QPainter& painter) const {
    const QRectF rect = picture_rect();
    const double x = edge();
    painter.setPen(QPen(QColor(0, 0, 0, 110), 4));
    painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
    painter.setPen(QPen(Qt::white, 2));
    painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
    const QRectF grip(x - grip_size / 2.0, rect.center().y() - grip_size / 2.0, grip_size, grip_size);
    painter.setBrush(hasFocus() ? palette().color(QPalette::Highlight) : QColor(40, 44, 50));
    painter.drawEllipse(grip);
}

void PairView::draw_labels(QPainter& painter) const {
    const QRect rect = picture_rect();
    const int line = fontMetrics().height(), half = rect.width() / 2 - space::s;
    const auto label = [&](const Side& side, QRect place, Qt::Alignment alignment) {
        painter.setPen(side.colour.isValid() ? side.colour : palette().color(QPalette::WindowText));
        painter.drawText(place, alignment, fontMetrics().elidedText(side.label, Qt::ElideRight, half));
    };
    const QRect top(rect.left(), 0, rect.width(), line);
    if (!flipped_) label(first_, top, Qt::AlignLeft | Qt::AlignVCenter);
    label(second_, top, Qt::AlignRight | Qt::AlignVCenter);
    if (!complete()) return;
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QString text = tr("mean |A − B|  %1").arg(locale().toString(difference_, 'f', 3));
    painter.drawText(QRect(rect.left(), rect.bottom() + space::s, rect.width(), line), Qt::AlignLeft, text);
}

}  // namespace modescope
