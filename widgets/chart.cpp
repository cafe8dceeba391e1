#include "widgets/chart.h"

#include <QFileInfo>
#include <QLabel>
#include <QSvgGenerator>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "widgets/chart_parts.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

void style_axis(QCPAxis& axis, const QPalette& palette, const QFont& font) {
    QColor grid = palette.color(QPalette::Text);
    grid.setAlphaF(0.08f);
    axis.setBasePen(Qt::NoPen);
    axis.setTickPen(Qt::NoPen);
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLabelColor(palette.color(QPalette::PlaceholderText));
    axis.setTickLabelFont(font);
    axis.setNumberFormat("gb");
    axis.grid()->setPen(QPen(grid, 1));
    axis.grid()->setZeroLinePen(QPen(grid, 1));
    axis.ticker()->setTickCount(4);
}

}  // namespace

Chart::Chart(QWidget* parent)
    : QFrame(parent), plot_(std::make_unique<Plot>(this)), title_(new QLabel(this)), x_name_(tr("step")) {
    setProperty("card", true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::m, space::s, space::m, space::s);
    layout->setSpacing(space::s);
    layout->addWidget(title_);
    layout->addWidget(plot_->widget, 1);
    readout_ = new QLabel(plot_->widget);
    readout_->setObjectName(QStringLiteral("readout"));
    readout_->setAttribute(Qt::WA_TransparentForMouseEvents);
    readout_->setStyleSheet(
        QStringLiteral("background: palette(window); color: palette(window-text);"
                       "border: 1px solid palette(mid); border-radius: 4px; padding: 4px"));
    readout_->hide();
    plot_->widget->installEventFilter(this);
}

Chart::~Chart() = default;

void Chart::set_title(const QString& title) {
    title_->setText(title);
    title_->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void Chart::set_x_name(const QString& name) { x_name_ = name; }

void Chart::refresh() {
    if (!dirty_ || !isVisible()) return;
    dirty_ = false;
    plot_data();
    if (hover_position_) hover(hover_position_);
    plot_->widget->replot(QCustomPlot::rpQueuedReplot);
    if (!described_.isValid() || described_.elapsed() > 1000) describe();
}

bool Chart::save_image(const QString& path) {
    restyle();
    plot_data();
    const QSize page(std::max(width(), 320), std::max(height(), 200));
    if (QFileInfo(path).suffix().compare("svg", Qt::CaseInsensitive) == 0) {
        QSvgGenerator svg;
        svg.setFileName(path);
        svg.setSize(page);
        svg.setViewBox(QRect(QPoint(), page));
        svg.setTitle(title_->text());
        paint_export(svg, true);
        return QFileInfo(path).size() > 0;
    }
    QImage image(page * 2, QImage::Format_RGB32);
    image.setDevicePixelRatio(2);
    paint_export(image, false);
    return image.save(path);
}

void Chart::paint_export(QPaintDevice& device, bool vectorized) {
    hover(std::nullopt);
    QCPPainter painter;
    if (!painter.begin(&device)) return;
    painter.setMode(QCPPainter::pmVectorized, vectorized);
    const QRect page(0, 0, std::max(width(), 320), std::max(height(), 200));
    const int head = title_->fontMetrics().height() + space::l;
    painter.fillRect(page, palette().color(QPalette::Base));
    painter.setFont(title_->font());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRect(space::m, 0, page.width(), head), Qt::AlignLeft | Qt::AlignVCenter,
                     title_->text());
    painter.translate(0, head);
    plot_->widget->toPainter(&painter, page.width(), page.height() - head);
}

void Chart::restyle() {
    const QFont font = smaller(this->font());
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    title_->setFont(bold);
    readout_->setFont(font);
    plot_->widget->setBackground(palette().color(QPalette::Base));
    style_axis(*plot_->widget->xAxis, palette(), font);
    style_axis(*plot_->widget->yAxis, palette(), font);
    QColor cursor = palette().color(QPalette::Text);
    cursor.setAlphaF(0.5f);
    plot_->cursor->setPen(QPen(cursor, 1));
    restyle_data();
    mark_dirty();
}

void Chart::hover(std::optional<QPoint> position) {
    hover_position_ = position;
    QCustomPlot& widget = *plot_->widget;
    double x = position ? widget.xAxis->pixelToCoord(position->x()) : 0;
    const auto readings = position ? read(x) : std::vector<Reading>();
    if (readings.empty() && readout_->isHidden()) return;
    plot_->cursor->setVisible(false);
    readout_->setVisible(!readings.empty());
    if (!readings.empty()) {
        plot_->move_cursor(x);
        QString text = QStringLiteral("%1 %2").arg(x_name_, number(x));
        for (const Reading& reading : readings)
            text += QStringLiteral("<br><span style='color:%1'>●</span> %2 <b>%3</b>")
                        .arg(reading.colour.name(), reading.label.toHtmlEscaped(), reading.value);
        readout_->setText(text);
        readout_->adjustSize();
        const bool right = position->x() + space::l + readout_->width() < widget.width();
        readout_->move(position->x() + (right ? space::l : -space::l - readout_->width()), space::s);
    }
    plot_->replot_overlay();
}

void Chart::describe() {
    double x = std::numeric_limits<double>::max();
    QStringList parts;
    for (const Reading& reading : read(x)) parts << reading.label + QChar(' ') + reading.value;
    if (!parts.isEmpty()) parts.prepend(QStringLiteral("%1 %2").arg(x_name_, number(x)));
    setAccessibleDescription(parts.join(", "));
    described_.start();
}

void Chart::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    restyle_on_change(this, *event, [this] {
        restyle();
        refresh();
    });
}

void Chart::showEvent(QShowEvent* event) {
    QFrame::showEvent(event);
    restyle();
    refresh();
}

bool Chart::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseMove) hover(static_cast<QMouseEvent*>(event)->pos());
    if (event->type() == QEvent::Leave) hover(std::nullopt);
    return QFrame::eventFilter(watched, event);
}

}  // namespace modescope
