#include "widgets/canvas_view.h"

#include <algorithm>

namespace modescope {
namespace {

constexpr double largest_zoom = 64;

/// The start of a stretch of `length` within `room`: centred if it goes in, else it leaves no gap.
double kept(double start, double length, double room) {
    if (length <= room) return (room - length) / 2;
    return std::clamp(start, room - length, 0.0);
}

}  // namespace

void CanvasView::set_picture(QSize pixels) {
    if (pixels == picture_) return;
    picture_ = pixels;
    fit();
}

void CanvasView::set_room(QSize room) {
    room_ = room;
    if (fits_)
        fit();
    else
        keep_in_sight();
}

QRectF CanvasView::fitting() const {
    const QSize size = picture_.scaled(room_, Qt::KeepAspectRatio);
    return QRectF(QPoint((room_.width() - size.width()) / 2, (room_.height() - size.height()) / 2), size);
}

void CanvasView::fit() {
    fits_ = true;
    canvas_ = fitting();
}

void CanvasView::set_zoom(double zoom, QPointF around) {
    if (picture_.isEmpty()) return;
    const double fitting_zoom = fitting().width() / picture_.width();
    zoom = std::clamp(zoom, std::min(1.0, fitting_zoom), std::max(largest_zoom, fitting_zoom));
    const QPointF still = to_picture(around);
    fits_ = false;
    canvas_ = QRectF(around - still * zoom, QSizeF(picture_) * zoom);
    keep_in_sight();
}

void CanvasView::pan(QPointF by) {
    fits_ = false;
    canvas_.translate(by);
    keep_in_sight();
}

void CanvasView::keep_in_sight() {
    canvas_.moveTopLeft({kept(canvas_.left(), canvas_.width(), room_.width()),
                         kept(canvas_.top(), canvas_.height(), room_.height())});
}

}  // namespace modescope
