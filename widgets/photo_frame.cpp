#include "widgets/photo_frame.h"

#include <QTransform>
#include <algorithm>

namespace modescope {
namespace {

constexpr double least_side = 8;  // photo pixels
constexpr int most_side = 1024;   // of the shorter side: enough for any model, and quick to place

QImage reduced(const QImage& photo) {
    const QImage rgb = photo.convertToFormat(QImage::Format_RGB32);
    if (std::min(rgb.width(), rgb.height()) <= most_side) return rgb;
    return rgb.scaled(most_side, most_side, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
}

}  // namespace

PhotoFrame::PhotoFrame(const QImage& photo) : photo_(reduced(photo)) {
    const int side = std::min(photo_.width(), photo_.height());
    square_ = QRectF((photo_.width() - side) / 2, (photo_.height() - side) / 2, side, side);
}

void PhotoFrame::move(QPointF by) {
    square_.translate(-by * square_.width());
    keep_inside();
}

void PhotoFrame::scale(double factor, QPointF around) {
    const double most = std::min(photo_.width(), photo_.height());
    const double side = std::clamp(square_.width() / factor, std::min(least_side, most), most);
    const QPointF still = square_.topLeft() + around * square_.width();
    square_ = QRectF(still - around * side, QSizeF(side, side));
    keep_inside();
}

void PhotoFrame::turn(int quarters) {
    for (int i = 0; i < ((quarters % 4) + 4) % 4; ++i) {
        square_.moveTopLeft({photo_.height() - square_.bottom(), square_.left()});
        photo_ = photo_.transformed(QTransform().rotate(90));
    }
}

QImage PhotoFrame::render(int side) const {
    QRect pixels(square_.topLeft().toPoint(), square_.size().toSize());
    pixels.moveRight(std::min(pixels.right(), photo_.width() - 1));
    pixels.moveBottom(std::min(pixels.bottom(), photo_.height() - 1));
    return photo_.copy(pixels)
        .scaled(side, side, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_RGB32);
}

void PhotoFrame::keep_inside() {
    square_.moveLeft(std::clamp(square_.left(), 0.0, photo_.width() - square_.width()));
    square_.moveTop(std::clamp(square_.top(), 0.0, photo_.height() - square_.height()));
}

}  // namespace modescope
