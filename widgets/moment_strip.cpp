#include "widgets/moment_strip.h"

#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int gap = space::m;
constexpr int group_gap = space::l;  // between means and deviations
constexpr int bar_width = 10;
constexpr int corner_radius = 4;
constexpr double least_scale = 0.02;  // of 0 … 1: all deviations are zero below it
constexpr QRgb heat_stops[] = {0x000004, 0x1b0c41, 0x4a0c6b, 0x781c6d, 0xa52c60,
                               0xcf4446, 0xed6925, 0xfb9b06, 0xf7d13d, 0xfcffa4};

int byte(double value) { return std::clamp(static_cast<int>(std::lround(255 * value)), 0, 255); }

/// Mean over the channels of a pixel.
double grey(const FloatImage& image, int x, int y) {
    double sum = 0;
    for (int c = 0; c < image.channels; ++c) sum += image.at(x, y, c);
    return sum / image.channels;
}

double largest(const std::optional<Moments>& moments) {
    double most = 0;
    if (!moments) return most;
    const FloatImage& image = moments->deviation;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) most = std::max(most, grey(image, x, y));
    return most;
}

template <class Colour>
QImage paint_pixels(const FloatImage& values, Colour colour) {
    QImage image(values.width, values.height, QImage::Format_RGB32);
    for (int y = 0; y < values.height; ++y) {
        auto* row = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < values.width; ++x) row[x] = colour(x, y);
    }
    return image;
}

QImage mean_picture(const std::optional<Moments>& moments) {
    if (!moments) return {};
    const FloatImage& mean = moments->mean;
    return paint_pixels(mean, [&](int x, int y) {
        return qRgb(byte(mean.at(x, y, 0)), byte(mean.at(x, y, 1)), byte(mean.at(x, y, 2)));
    });
}

QImage deviation_picture(const std::optional<Moments>& moments, double scale) {
    if (!moments) return {};
    const FloatImage& deviation = moments->deviation;
    return paint_pixels(deviation, [&](int x, int y) { return heat_colour(grey(deviation, x, y) / scale); });
}

QFont small_font(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.85);
    return font;
}

}  // namespace

QRgb heat_colour(double value) {
    constexpr int last = static_cast<int>(std::size(heat_stops)) - 1;
    const double position = std::clamp(value, 0.0, 1.0) * last;
    const int stop = std::min(static_cast<int>(position), last - 1);
    const auto blend = [&](int (*channel)(QRgb)) {
        const double from = channel(heat_stops[stop]), to = channel(heat_stops[stop + 1]);
        return static_cast<int>(std::lround(from + (to - from) * (position - stop)));
    };
    return qRgb(blend(qRed), blend(qGreen), blend(qBlue));
}

MomentStrip::MomentStrip(QWidget* parent) : QWidget(parent) {
    cells_ = {{{{}, tr("μ̃  samples"), tr("The mean of the tiles above, pixel by pixel.")},
               {{},
                tr("μ̂  predictor"),
                tr("The mean that the predictor expects for this drawing; proxy "
                   "losses pull the samples' mean towards it.")},
               {{}, tr("μ  true"), tr("The true mean: of many renderings of this drawing in random styles.")},
               {{},
                tr("σ̃  samples"),
                tr("How much the tiles above differ from each other: black means "
                   "that the noise changes nothing there.")},
               {{},
                tr("σ̂  predictor"),
                tr("How much variety the predictor expects; proxy losses pull the "
                   "samples' variety towards it.")},
               {{},
                tr("σ  true"),
                tr("The true variety: of many renderings in random styles. The closer "
                   "σ̃ comes to it, the better.")}}};
    QStringList captions;
    for (const Cell& cell : cells_) captions << cell.caption;
    setAccessibleName(tr("Moments"));
    setAccessibleDescription(tr("Pictures of mean and standard deviation: %1").arg(captions.join(", ")));
}

void MomentStrip::set_moments(const std::optional<Moments>& samples, const std::optional<Moments>& predicted,
                              const std::optional<Moments>& truth) {
    const std::optional<Moments>* sources[] = {&samples, &predicted, &truth};
    scale_ = least_scale;
    for (const auto* source : sources) scale_ = std::max(scale_, largest(*source));
    for (int i = 0; i < count / 2; ++i) {
        cells_[i].picture = mean_picture(*sources[i]);
        cells_[i + count / 2].picture = deviation_picture(*sources[i], scale_);
    }
    update();
}

// --- Geometry ---

int MomentStrip::caption_height() const { return QFontMetrics(small_font(font())).height() + space::s; }

/// For the bar and its numbers.
int MomentStrip::scale_room() const {
    const QFontMetrics metrics(small_font(font()));
    return gap + bar_width + space::s + metrics.horizontalAdvance(locale().toString(0.88, 'f', 2)) + 1;
}

int MomentStrip::side() const {
    const int across = (width() - scale_room() - (count - 2) * gap - group_gap) / count;
    return std::max(1, std::min(across, height() - caption_height()));
}

int MomentStrip::fitting_height(int width) const {
    return (width - scale_room() - (count - 2) * gap - group_gap) / count + caption_height();
}

QRect MomentStrip::picture_rect(int index) const {
    const int group = index < count / 2 ? 0 : group_gap - gap;
    return {index * (side() + gap) + group, 0, side(), side()};
}

// --- Drawing ---

void MomentStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(small_font(font()));
    for (int i = 0; i < count; ++i) draw_cell(painter, i);
    if (scale_ > 0) draw_scale(painter);
}

void MomentStrip::draw_cell(QPainter& painter, int index) const {
    const QRect rect = picture_rect(index);
    const Cell& cell = cells_[index];
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Base));
    if (!cell.picture.isNull()) {
        const QSize size = rect.size() * devicePixelRatioF();
        QBrush brush(cell.picture.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        const double shrink = 1 / devicePixelRatioF();
        brush.setTransform(QTransform::fromTranslate(rect.x(), rect.y()).scale(shrink, shrink));
        painter.setBrush(brush);
    }
    painter.drawRoundedRect(rect, corner_radius, corner_radius);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    if (cell.picture.isNull()) painter.drawText(rect, Qt::AlignCenter, tr("—"));
    const QRect below(rect.left(), rect.bottom() + 1, rect.width(), caption_height());
    painter.drawText(below, Qt::AlignLeft | Qt::AlignBottom, cell.caption);
}

void MomentStrip::draw_scale(QPainter& painter) const {
    const QRect last = picture_rect(count - 1);
    const QRect bar(last.right() + 1 + gap, last.top(), bar_width, last.height());
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    for (std::size_t i = 0; i < std::size(heat_stops); ++i) {
        const double at = static_cast<double>(i) / (std::size(heat_stops) - 1);
        gradient.setColorAt(at, QColor::fromRgb(heat_colour(at)));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 3, 3);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QRect text = bar.adjusted(bar_width + space::s, 0, scale_room(), 0);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignTop, locale().toString(scale_, 'f', 2));
    painter.drawText(text, Qt::AlignLeft | Qt::AlignBottom, locale().toString(0));
}

bool MomentStrip::event(QEvent* event) {
    const auto text_at = [this](QPoint place) {
        for (int i = 0; i < count; ++i)
            if (picture_rect(i).adjusted(0, 0, 0, caption_height()).contains(place)) return cells_[i].help;
        return QString();
    };
    return show_own_tooltip(*this, *event, text_at) || QWidget::event(event);
}

}  // namespace modescope
