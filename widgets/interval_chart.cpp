#include "widgets/interval_chart.h"

#include <QFileInfo>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int row_height = 40, title_height = 32;
constexpr double tick_step = 0.5;
constexpr int value_width = 48;
constexpr double dot_radius = 6;
constexpr int whisker = 6;

QFont small_font(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.85);
    return font;
}

}  // namespace

IntervalChart::IntervalChart(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void IntervalChart::set_axis(double least_end, std::vector<Guide> guides) {
    least_end_ = least_end;
    guides_ = std::move(guides);
    update();
}

void IntervalChart::set_rows(std::vector<Row> rows) {
    rows_ = std::move(rows);
    describe();
    updateGeometry();
    update();
}

void IntervalChart::describe() {
    QStringList parts;
    for (const Row& row : rows_) {
        QString text = tr("%1: %2").arg(row.label, locale().toString(row.value, 'f', 2));
        if (row.interval)
            text += tr(", from %1 to %2")
                        .arg(locale().toString((*row.interval)[0], 'f', 2),
                             locale().toString((*row.interval)[1], 'f', 2));
        parts << text;
    }
    setAccessibleDescription(parts.join("; "));
}

// --- Geometry ---

QSize IntervalChart::sizeHint() const {
    const int rows = std::max(1, static_cast<int>(rows_.size()));
    return {560, 2 * head_height() + rows * row_height};
}

int IntervalChart::head_height() const { return QFontMetrics(small_font(font())).height() + space::m; }

double IntervalChart::end() const {
    double end = least_end_;
    for (const Row& row : rows_) end = std::max({end, row.value, row.interval ? (*row.interval)[1] : 0});
    return std::ceil(end / tick_step - 1e-9) * tick_step;
}

int IntervalChart::label_width() const {
    int widest = 0;
    for (const Row& row : rows_) widest = std::max(widest, fontMetrics().horizontalAdvance(row.label));
    return std::min(widest, width() / 3) + space::l;
}

double IntervalChart::position(double value) const {
    const double left = label_width(), right = width() - value_width - space::l;
    return left + (right - left) * value / end();
}

// --- Files ---

bool IntervalChart::save_image(const QString& path, const QString& title) {
    const QSize page(width() + 2 * space::l, height() + 2 * space::l + title_height);
    if (path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator svg;
        svg.setFileName(path);
        svg.setSize(page);
        svg.setViewBox(QRect(QPoint(), page));
        svg.setTitle(title);
        paint_export(svg, title);
        return QFileInfo(path).size() > 0;
    }
    QImage image(page * 2, QImage::Format_RGB32);
    image.setDevicePixelRatio(2);
    paint_export(image, title);
    return image.save(path);
}

void IntervalChart::paint_export(QPaintDevice& device, const QString& title) {
    QPainter painter;
    if (!painter.begin(&device)) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRect(0, 0, width() + 2 * space::l, height() + 2 * space::l + title_height),
                     palette().color(QPalette::Base));
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRect(space::l, space::l, width(), title_height), Qt::AlignLeft | Qt::AlignVCenter,
                     title);
    painter.translate(space::l, space::l + title_height);
    paint(painter);
}

// --- Drawing ---

void IntervalChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(painter);
}

void IntervalChart::paint(QPainter& painter) const {
    if (rows_.empty()) return;
    painter.setFont(font());
    draw_axis(painter);
    for (int i = 0; i < static_cast<int>(rows_.size()); ++i) draw_row(painter, i);
}

void IntervalChart::draw_axis(QPainter& painter) const {
    painter.setFont(small_font(font()));
    const int top = head_height(), bottom = top + static_cast<int>(rows_.size()) * row_height;
    const auto line = [&](double value, double opacity) {
        QColor colour = palette().color(QPalette::Text);
        colour.setAlphaF(static_cast<float>(opacity));
        painter.setPen(QPen(colour, 1));
        painter.drawLine(QPointF(position(value), top), QPointF(position(value), bottom));
    };
    const auto text = [&](double value, int y, const QString& words) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        const int across = painter.fontMetrics().horizontalAdvance(words) + 2;
        const int left = std::clamp(qRound(position(value)) - across / 2, 0, std::max(0, width() - across));
        painter.drawText(QRect(left, y, across, head_height()), Qt::AlignCenter, words);
    };
    for (double tick = 0; tick <= end() + 1e-9; tick += tick_step) {
        line(tick, 0.08);
        text(tick, bottom, locale().toString(tick, 'f', 1));
    }
    for (const Guide& guide : guides_) {
        line(guide.value, 0.35);
        text(guide.value, 0, guide.label);
    }
    painter.setFont(font());
}

void IntervalChart::draw_row(QPainter& painter, int index) const {
    const Row& row = rows_[index];
    const int top = head_height() + index * row_height;
    const double y = top + row_height / 2.0;
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRect(0, top, label_width() - space::m, row_height), Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(row.label, Qt::ElideRight, label_width() - space::m));
    painter.drawText(QRect(width() - value_width, top, value_width, row_height),
                     Qt::AlignRight | Qt::AlignVCenter, locale().toString(row.value, 'f', 2));
    if (row.interval) {
        const double low = position((*row.interval)[0]), high = position((*row.interval)[1]);
        painter.setPen(QPen(row.colour, 2, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(QPointF(low, y), QPointF(high, y));
        for (const double x : {low, high}) painter.drawLine(QPointF(x, y - whisker), QPointF(x, y + whisker));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(row.colour);
    painter.drawEllipse(QPointF(position(row.value), y), dot_radius, dot_radius);
}

}  // namespace modescope
