#include "widgets/toy_paint.h"

#include <QCoreApplication>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <QThread>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace modescope {
namespace {

constexpr double bleed = 0.04;  ///< how far the glow reaches beyond the plane, in x
constexpr QSize largest_truth(256, 192);
constexpr QColor seen_as_real(64, 140, 235), seen_as_fake(240, 140, 40);

QString text(const char* source) { return QCoreApplication::translate("ToyPlot", source); }

QColor with_alpha(QColor colour, double alpha) {
    colour.setAlphaF(static_cast<float>(alpha));
    return colour;
}

QFont small_font(const QFont& font) {
    QFont small = font;
    if (font.pixelSize() > 0)
        small.setPixelSize(std::max(9, qRound(font.pixelSize() * 0.8)));
    else
        small.setPointSizeF(font.pointSizeF() * 0.8);
    return small;
}

// ---- the density ----

/// The density over the image's pixels, fading out softly beyond the plane's left and right ends.
std::vector<double> density_raster(const ToyTruth& truth, QSize size) {
    std::vector<double> values(static_cast<std::size_t>(size.width()) * size.height());
    const double width = ToyView::x_max - ToyView::x_min + 2 * bleed;
    const double height = ToyView::y_max - ToyView::y_min;
    for (int column = 0; column < size.width(); ++column) {
        const double x = ToyView::x_min - bleed + (column + 0.5) / size.width() * width;
        const double inside = std::clamp<double>(x, ToyView::x_min, ToyView::x_max);
        const double beyond = (x - inside) / (0.45 * bleed);
        const double fade = std::exp(-beyond * beyond);
        for (int row = 0; row < size.height(); ++row) {
            const double y = ToyView::y_max - (row + 0.5) / size.height() * height;
            values[static_cast<std::size_t>(row) * size.width() + column] = fade * truth(inside, y);
        }
    }
    return values;
}

QRectF truth_rect(const QRectF& plane) {
    const double extra = bleed * plane.width() / (ToyView::x_max - ToyView::x_min);
    return plane.adjusted(-extra, 0, extra, 0);
}

// ---- axes ----

void paint_axes(QPainter& painter, const QRectF& plane, const QPalette& palette) {
    const QColor ink = palette.color(QPalette::Text);
    painter.setFont(small_font(painter.font()));
    for (const int tick : {-1, 0, 1}) {
        const QString number = QString::number(tick).replace('-', QChar(0x2212));
        const QPointF at = toy_to_plane(plane, tick, tick);
        painter.setPen(QPen(with_alpha(ink, tick == 0 ? 0.13 : 0.07), 1));
        painter.drawLine(QPointF(at.x(), plane.top()), QPointF(at.x(), plane.bottom()));
        painter.drawLine(QPointF(plane.left(), at.y()), QPointF(plane.right(), at.y()));
        painter.setPen(with_alpha(ink, 0.5));
        painter.drawText(QRectF(at.x() - 20, plane.bottom() + 2, 40, 14), Qt::AlignHCenter | Qt::AlignTop,
                         number);
        painter.drawText(QRectF(plane.left() - 24, at.y() - 8, 19, 16), Qt::AlignRight | Qt::AlignVCenter,
                         number);
    }
}

// ---- D's surface ----

/// Blue where D says real, orange where it says fake, clear where it cannot tell.
QImage heat_map(const Raster<float>& probabilities) {
    QImage image(probabilities.width, probabilities.height, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            const double p = std::clamp(probabilities.at(x, y), 0.0f, 1.0f);
            const int alpha = qRound(125 * std::pow(std::abs(2 * p - 1), 0.7));
            const QColor& hue = p > 0.5 ? seen_as_real : seen_as_fake;
            line[x] = qPremultiply(qRgba(hue.red(), hue.green(), hue.blue(), alpha));
        }
    }
    return image;
}

/// Where the edge from a to b crosses 0.5.
QPointF crossing(QPointF a, QPointF b, double at_a, double at_b) {
    return a + (b - a) * ((0.5 - at_a) / (at_b - at_a));
}

/// The 0.5 contour inside the cell whose upper left corner is pixel (x, y), in pixels; marching squares with
/// a saddle joined in the order of its crossings.
void add_contour(QPainterPath& path, const Raster<float>& values, int x, int y) {
    static constexpr std::array<std::array<int, 2>, 4> corners{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    std::array<QPointF, 4> found;
    int count = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto [ax, ay] = corners[i];
        const auto [bx, by] = corners[(i + 1) % 4];
        const double at_a = values.at(x + ax, y + ay), at_b = values.at(x + bx, y + by);
        if ((at_a > 0.5) != (at_b > 0.5))
            found[count++] = crossing(QPointF(x + ax, y + ay), QPointF(x + bx, y + by), at_a, at_b);
    }
    for (int i = 0; i + 1 < count; i += 2) {
        path.moveTo(found[i]);
        path.lineTo(found[i + 1]);
    }
}

QPainterPath contour(const Raster<float>& values, const QRectF& plane) {
    QPainterPath path;
    for (int y = 0; y + 1 < values.height; ++y)
        for (int x = 0; x + 1 < values.width; ++x) add_contour(path, values, x, y);
    QTransform to_plane;
    to_plane.translate(plane.left(), plane.top());
    to_plane.scale(plane.width() / values.width, plane.height() / values.height);
    to_plane.translate(0.5, 0.5);  // values belong to the pixels' centres
    return to_plane.map(path);
}

void paint_discriminator(QPainter& painter, const QRectF& plane, const Raster<float>& values,
                         const QPalette& palette) {
    painter.drawImage(plane, heat_map(values));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(with_alpha(palette.color(QPalette::Text), 0.55), 1, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(contour(values, plane));
}

// ---- bands ----

/// The line centre + factor · deviation.
QPolygonF band_line(const QRectF& plane, const std::vector<Band>& band, double factor) {
    QPolygonF line;
    line.reserve(static_cast<qsizetype>(band.size()));
    for (const Band& at : band) line << toy_to_plane(plane, at.x, at.centre + factor * at.deviation);
    return line;
}

void fill_band(QPainter& painter, const QRectF& plane, const std::vector<Band>& band, const QColor& colour) {
    QPolygonF outline = band_line(plane, band, 1);
    const QPolygonF lower = band_line(plane, band, -1);
    std::copy(lower.rbegin(), lower.rend(), std::back_inserter(outline));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(outline);
}

/// The centre line on a casing of the background, so that it reads on samples and glow; σ's edges are thin.
void paint_band_lines(QPainter& painter, const QRectF& plane, const std::vector<Band>& band,
                      const QColor& colour, Qt::PenStyle style, const QColor& casing) {
    const QPolygonF centre = band_line(plane, band, 0);
    painter.setPen(QPen(with_alpha(casing, 0.7), 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(centre);
    painter.setPen(QPen(with_alpha(colour, 0.65), 1, style));
    painter.drawPolyline(band_line(plane, band, 1));
    painter.drawPolyline(band_line(plane, band, -1));
    painter.setPen(QPen(colour, 2, style, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPolyline(centre);
}

// ---- samples ----

double dot_radius(const QRectF& plane) { return std::clamp(plane.width() / 210, 1.3, 3.2); }

/// One dot with a hair of background around it, which keeps neighbours apart and dots off the glow.
void paint_dot(QPainter& painter, QPointF at, double radius, const QColor& colour, const QColor& casing) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(with_alpha(casing, 0.45));
    painter.drawEllipse(at, radius + 0.6, radius + 0.6);
    painter.setBrush(colour);
    painter.drawEllipse(at, radius, radius);
}

QPixmap dot_pixmap(double radius, const QColor& colour, const QColor& casing, double scale) {
    const int side = 2 * static_cast<int>(std::ceil((radius + 1) * scale));
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    paint_dot(painter, QPointF(side, side) / (2 * scale), radius, colour, casing);
    return pixmap;
}

/// Copies of one dot: many times faster than 600 antialiased ellipses.
void blit_dots(QPainter& painter, const std::vector<QPointF>& centres, const QPixmap& dot, double scale) {
    std::vector<QPainter::PixmapFragment> fragments;
    fragments.reserve(centres.size());
    for (const QPointF& at : centres)
        fragments.push_back(QPainter::PixmapFragment::create(at, dot.rect(), 1 / scale, 1 / scale));
    painter.drawPixmapFragments(fragments.data(), static_cast<int>(fragments.size()), dot);
}

void paint_samples(QPainter& painter, const QRectF& plane, const ToyPlot& plot, const QColor& casing) {
    std::vector<QPointF> centres;
    centres.reserve(plot.view->samples.size());
    for (const auto& [x, y] : plot.view->samples)
        if (y > ToyView::y_min && y < ToyView::y_max) centres.push_back(toy_to_plane(plane, x, y));
    const double radius = dot_radius(plane);
    // Pixmaps belong to the GUI thread; films are painted on others.
    const bool in_gui = QThread::currentThread() == QCoreApplication::instance()->thread();
    if (in_gui && painter.paintEngine()->type() == QPaintEngine::Raster) {
        const double scale = painter.device()->devicePixelRatioF();
        blit_dots(painter, centres, dot_pixmap(radius, plot.colour, casing, scale), scale);
    } else {
        for (const QPointF& at : centres) paint_dot(painter, at, radius, plot.colour, casing);
    }
}

// ---- legend and slice ----

/// Lines of the legend in the plot's upper left corner, on a veil, for the data may be there, too.
class Legend {
public:
    Legend(QPainter& painter, const QRectF& plane, const QPalette& palette)
        : painter_(painter),
          at_(plane.topLeft() + QPointF(6, 4)),
          ink_(palette.color(QPalette::Text)),
          veil_(with_alpha(palette.color(QPalette::Base), 0.8)) {}

    void add_line(const QColor& colour, Qt::PenStyle style, const QString& label) {
        add_veil(label);
        painter_.setPen(QPen(colour, 2, style, Qt::FlatCap));
        const double middle = at_.y() + height() / 2;
        painter_.drawLine(QPointF(at_.x(), middle), QPointF(at_.x() + 20, middle));
        add_text(label);
    }

    void add_patch(const QColor& colour, const QString& label) {
        add_veil(label);
        painter_.fillRect(QRectF(at_.x() + 6, at_.y() + height() / 2 - 4, 8, 8), with_alpha(colour, 0.7));
        add_text(label);
    }

private:
    double height() const { return painter_.fontMetrics().height() + 1.0; }

    void add_veil(const QString& label) {
        const double width = indent + painter_.fontMetrics().horizontalAdvance(label);
        painter_.fillRect(QRectF(at_, QSizeF(width, height())).adjusted(-3, 0, 3, 0), veil_);
    }

    void add_text(const QString& label) {
        painter_.setPen(with_alpha(ink_, 0.8));
        painter_.drawText(QRectF(at_.x() + indent, at_.y(), 200, height()), Qt::AlignLeft | Qt::AlignVCenter,
                          label);
        at_.ry() += height();
    }

    static constexpr double indent = 25;

    QPainter& painter_;
    QPointF at_;
    QColor ink_, veil_;
};

void paint_slice(QPainter& painter, const QRectF& plane, double x, const QColor& ink) {
    const double at = toy_to_plane(plane, x, 0).x();
    painter.setPen(QPen(with_alpha(ink, 0.45), 1));
    painter.drawLine(QPointF(at, plane.top()), QPointF(at, plane.bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    const QPointF foot(at, plane.bottom());
    painter.drawPolygon(QPolygonF{foot - QPointF(0, 6), foot + QPointF(5, 2), foot + QPointF(-5, 2)});
}

// ---- the layers of one plot ----

/// One painting of a plot; knows what is both switched on and there.
struct Pass {
    QPainter& painter;
    const QRectF plane;
    const ToyPlot& plot;
    const QPalette& palette;
    const QColor ink = palette.color(QPalette::Text);
    const QColor paper = palette.color(QPalette::Base);

    bool has_surface() const { return plot.layers.discriminator && !plot.view->discriminator.empty(); }
    bool has_predictor() const { return plot.layers.predictor && !plot.view->predictor.empty(); }
    bool has_moments() const { return plot.layers.moments && !plot.view->sample_moments.empty(); }

    void paint_fills() const {
        if (has_predictor()) fill_band(painter, plane, plot.view->predictor, with_alpha(ink, 0.10));
        if (has_moments())
            fill_band(painter, plane, plot.view->sample_moments, with_alpha(plot.colour, 0.18));
    }

    void paint_lines() const {
        if (has_moments())
            paint_band_lines(painter, plane, plot.view->sample_moments, plot.colour, Qt::SolidLine, paper);
        if (has_predictor()) paint_band_lines(painter, plane, plot.view->predictor, ink, Qt::DashLine, paper);
    }

    void paint_legend() const {
        Legend legend(painter, plane, palette);
        if (has_moments()) legend.add_line(plot.colour, Qt::SolidLine, text("μ̃ ± σ̃ samples"));
        if (has_predictor()) legend.add_line(ink, Qt::DashLine, text("μ̂ ± σ̂ predictor"));
        if (has_surface()) {
            legend.add_patch(seen_as_real, text("D: real"));
            legend.add_patch(seen_as_fake, text("D: fake"));
        }
    }

    void paint_view() const {
        paint_fills();
        if (plot.layers.samples) paint_samples(painter, plane, plot, paper);
        paint_lines();
        paint_legend();
    }
};

}  // namespace

QRectF toy_plane(const QRectF& area) { return area.adjusted(24, 4, -10, -18); }

QPointF toy_to_plane(const QRectF& plane, double x, double y) {
    return {plane.left() + (x - ToyView::x_min) / (ToyView::x_max - ToyView::x_min) * plane.width(),
            plane.top() + (ToyView::y_max - y) / (ToyView::y_max - ToyView::y_min) * plane.height()};
}

double toy_x_at(const QRectF& plane, double position) {
    const double share = plane.width() > 0 ? (position - plane.left()) / plane.width() : 0;
    return ToyView::x_min + std::clamp(share, 0.0, 1.0) * (ToyView::x_max - ToyView::x_min);
}

QImage truth_image(const ToyTruth& truth, QSize pixels, bool dark) {
    const QSize size = pixels.boundedTo(largest_truth);
    if (!truth || size.isEmpty()) return {};
    const std::vector<double> density = density_raster(truth, size);
    const double peak = *std::max_element(density.begin(), density.end());
    const QColor ink = dark ? QColor(236, 240, 248) : QColor(52, 60, 76);
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < size.width(); ++x) {
            // The root lifts the branches, half as dense as the trunk, and widens the glow's soft edge.
            const double share =
                peak > 0 ? density[static_cast<std::size_t>(y) * size.width() + x] / peak : 0;
            const int alpha = qRound((dark ? 170 : 130) * std::pow(share, 0.45));
            line[x] = qPremultiply(qRgba(ink.red(), ink.green(), ink.blue(), alpha));
        }
    }
    return image;
}

void paint_toy_plot(QPainter& painter, const QRectF& area, const ToyPlot& plot, const QPalette& palette) {
    const Pass pass{painter, toy_plane(area), plot, palette};
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    paint_axes(painter, pass.plane, palette);
    painter.setClipRect(area, Qt::IntersectClip);
    if (plot.view && pass.has_surface())
        paint_discriminator(painter, pass.plane, plot.view->discriminator, palette);
    if (plot.layers.density && !plot.truth.isNull()) painter.drawImage(truth_rect(pass.plane), plot.truth);
    if (plot.view) pass.paint_view();
    if (plot.slice) paint_slice(painter, pass.plane, *plot.slice, pass.ink);
    painter.restore();
}

}  // namespace modescope
