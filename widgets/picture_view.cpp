#include "widgets/picture_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

namespace modescope {
namespace {

constexpr double zoom_of_a_notch = 1.25, notch = 120;

}  // namespace

PictureView::PictureView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PictureView::set_picture(const QImage& picture, const QString& placeholder) {
    picture_ = picture;
    placeholder_ = placeholder;
    update();
}

QRectF PictureView::place() const {
    if (picture_.isNull()) return rect();
    QRectF place(QPointF(), QSizeF(picture_.size()).scaled(size(), Qt::KeepAspectRatio));
    place.moveCenter(QRectF(rect()).center());
    return place;
}

void PictureView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (picture_.isNull()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, placeholder_);
        return;
    }
    const QRectF part = view_.part();
    const QRectF source(part.x() * picture_.width(), part.y() * picture_.height(),
                        part.width() * picture_.width(), part.height() * picture_.height());
    const double scale = place().width() * devicePixelRatioF() / source.width();
    // Enlarged pixels are meant to be seen.
    painter.setRenderHint(QPainter::SmoothPixmapTransform, scale < 2);
    painter.drawImage(place(), picture_, source);
}

void PictureView::mousePressEvent(QMouseEvent* event) {
    dragged_ = event->position();
    if (view_.zoom > 1) setCursor(Qt::ClosedHandCursor);
}

void PictureView::mouseMoveEvent(QMouseEvent* event) {
    if (!(event->buttons() & Qt::LeftButton)) return;
    const QPointF by = event->position() - dragged_;
    dragged_ = event->position();
    change_view(view_.panned({by.x() / place().width(), by.y() / place().height()}));
}

void PictureView::mouseReleaseEvent(QMouseEvent*) { unsetCursor(); }

void PictureView::mouseDoubleClickEvent(QMouseEvent*) { change_view({}); }

void PictureView::wheelEvent(QWheelEvent* event) {
    const QRectF all = place();
    const QPointF at = event->position() - all.topLeft();
    change_view(view_.zoomed(std::pow(zoom_of_a_notch, event->angleDelta().y() / notch),
                             {at.x() / all.width(), at.y() / all.height()}));
    event->accept();
}

void PictureView::change_view(const Viewport& view) {
    view_ = view;
    update();
}

}  // namespace modescope
