#include "widgets/picture_stage.h"

#include <QPainter>
#include <algorithm>

#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int largest_scale = 8;
constexpr int frame_width = 4;
constexpr int cross_arm = 10;
// Blue and orange of Okabe and Ito, which everybody can tell apart.
const QColor right_colour("#56b4e9"), wrong_colour("#e69f00");

}  // namespace

PictureStage::PictureStage(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Picture to judge"));
}

void PictureStage::announce(const QImage& picture) {
    picture_ = picture;
    mark_ = Mark::None;
    change(State::Cross);
}

void PictureStage::hide_picture() { change(State::Empty); }

void PictureStage::reveal_picture() { change(State::Picture); }

void PictureStage::set_mark(Mark mark) {
    mark_ = mark;
    update();
}

void PictureStage::change(State state) {
    state_ = state;
    setAccessibleDescription(state == State::Picture ? tr("visible") : tr("not visible"));
    update();
}

QRect PictureStage::place() const {
    const int room = std::min(width(), height()) - 2 * (frame_width + space::s);
    const int most = picture_.isNull() ? room : picture_.width() * largest_scale;
    QRect square(0, 0, std::max(1, std::min(room, most)), std::max(1, std::min(room, most)));
    square.moveCenter(rect().center());
    return square;
}

void PictureStage::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRect square = place();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    if (state_ == State::Picture) {
        painter.drawImage(square, picture_);
    } else {
        painter.setPen(QPen(palette().color(QPalette::Mid), 1));
        painter.setBrush(palette().color(QPalette::AlternateBase));
        painter.drawRect(square.adjusted(0, 0, -1, -1));
    }
    if (state_ == State::Cross) {
        painter.setPen(QPen(palette().color(QPalette::PlaceholderText), 2));
        const QPointF at = QRectF(square).center();
        painter.drawLine(at - QPointF(cross_arm, 0), at + QPointF(cross_arm, 0));
        painter.drawLine(at - QPointF(0, cross_arm), at + QPointF(0, cross_arm));
    }
    if (mark_ == Mark::None) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(mark_ == Mark::Right ? right_colour : wrong_colour, frame_width));
    const int outside = frame_width / 2 + 2;
    painter.drawRoundedRect(square.adjusted(-outside, -outside, outside, outside), 4, 4);
}

}  // namespace modescope
