#include "app/labs/compare/figure_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QLocale>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/theme.h"

namespace modescope {
namespace {

enum Role { Value = Qt::UserRole + 1, Interval, Low, High, From, To, Colour, Configuration };
constexpr int bar_height = 4, dot_size = 8, widest_name = 200;

QFont small(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.82);
    return font;
}

QString number(double value) { return QLocale().toString(value, 'f', 3); }

/// The value, under it the interval, and both as a bar with a dot.
class FigureDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        if (!index.data(Value).isValid()) return QStyledItemDelegate::paint(painter, option, index);
        const QRect cell = option.rect.adjusted(space::m, space::s, -space::m, -space::s);
        const QFont font = option.font, fine = small(font);
        const int line = QFontMetrics(font).height(), fine_line = QFontMetrics(fine).height();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setFont(font);
        painter->setPen(option.palette.color(QPalette::Text));
        painter->drawText(cell, Qt::AlignRight | Qt::AlignTop, index.data(Qt::DisplayRole).toString());
        painter->setFont(fine);
        painter->setPen(option.palette.color(QPalette::PlaceholderText));
        painter->drawText(cell.adjusted(0, line, 0, 0), Qt::AlignRight | Qt::AlignTop,
                          index.data(Interval).toString());
        draw_bar(painter,
                 QRect(cell.left(), cell.top() + line + fine_line + space::s, cell.width(), dot_size), option,
                 index);
        painter->restore();
    }

    /// Names take the width that they need, up to a limit.
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const int height = QFontMetrics(option.font).height() + QFontMetrics(small(option.font)).height() +
                           dot_size + 4 * space::s;
        const int name = QFontMetrics(option.font).horizontalAdvance(index.data().toString());
        const bool is_name = index.column() == 0;
        return {is_name ? std::min(name + swatch_size.width() + 3 * space::m, widest_name) : 96, height};
    }

private:
    static void draw_bar(QPainter* painter, const QRect& room, const QStyleOptionViewItem& option,
                         const QModelIndex& index) {
        const double from = index.data(From).toDouble(), to = index.data(To).toDouble();
        const auto x = [&](Role role) {
            const double share = to > from ? (index.data(role).toDouble() - from) / (to - from) : 0.5;
            return room.left() + dot_size / 2.0 + share * (room.width() - dot_size);
        };
        const double middle = QRectF(room).center().y();
        painter->setPen(QPen(option.palette.color(QPalette::Mid), 1));
        painter->drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle));
        auto colour = index.data(Colour).value<QColor>();
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawEllipse(QPointF(x(Value), middle), dot_size / 2.0, dot_size / 2.0);
        colour.setAlphaF(0.45f);
        painter->setBrush(colour);
        painter->drawRoundedRect(QRectF(x(Low), middle - bar_height / 2.0, x(High) - x(Low), bar_height), 2,
                                 2);
    }
};

QString heading(const Metric& metric) {
    const QString name = QString::fromStdString(metric.name);
    if (metric.better == Better::higher) return name + QStringLiteral(" ↑");
    return metric.better == Better::lower ? name + QStringLiteral(" ↓") : name;
}

}  // namespace

FigureTable::FigureTable(QWidget* parent) : QTableWidget(parent) {
    setItemDelegate(new FigureDelegate(this));
    setIconSize(swatch_size);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::NoSelection);
    setShowGrid(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    // Headers that follow their contents measure all of them again for every cell that changes.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setObjectName("compare.table");
    setAccessibleName(tr("Figures with 95 % intervals"));
}

void FigureTable::clear_figures() {
    metrics_.clear();
    setRowCount(0);
    setColumnCount(0);
}

void FigureTable::set_figures(const Comparison& comparison,
                              const std::vector<std::vector<Estimate>>& estimates) {
    comparison_ = comparison;
    estimates_ = estimates;
    set_columns(comparison);
    setRowCount(static_cast<int>(estimates.size()));
    for (int row = 0; row < rowCount(); ++row) set_row(row);
    resizeColumnsToContents();
    resizeRowsToContents();
}

void FigureTable::set_columns(const Comparison& comparison) {
    std::vector<std::size_t> metrics;
    for (std::size_t m = 0; m < comparison.metrics.size(); ++m)
        if (comparison.metrics[m].samples == 0) metrics.push_back(m);
    if (metrics == metrics_ && columnCount() == static_cast<int>(metrics.size()) + 1) return;
    metrics_ = metrics;
    setColumnCount(static_cast<int>(metrics.size()) + 1);
    setHorizontalHeaderItem(0, new QTableWidgetItem(tr("model")));
    horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        const auto& metric = comparison.metrics[metrics[i]];
        auto* item = new QTableWidgetItem(heading(metric));
        item->setToolTip(QString::fromStdString(metric.help));
        setHorizontalHeaderItem(static_cast<int>(i) + 1, item);
    }
}

void FigureTable::set_row(int row) {
    const auto& model = comparison_.contestants[row];
    auto* name = new QTableWidgetItem(QString::fromStdString(labels_of(comparison_.contestants)[row]));
    name->setIcon(dot(configuration_colour(QString::fromStdString(model.configuration()))));
    name->setToolTip(QString::fromStdString(model.name));
    setItem(row, 0, name);
    for (int column = 1; column < columnCount(); ++column) set_cell(row, column);
}

void FigureTable::set_cell(int row, int column) {
    const auto metric = metrics_[column - 1];
    auto* item = new QTableWidgetItem(QStringLiteral("–"));
    item->setTextAlignment(Qt::AlignRight | Qt::AlignTop);
    const auto& figures = estimates_[row];
    if (!figures.empty() && figures[metric].conditions > 0) fill(*item, row, metric);
    setItem(row, column, item);
}

void FigureTable::fill(QTableWidgetItem& item, int row, std::size_t metric) const {
    const auto& figure = estimates_[row][metric];
    double from = std::numeric_limits<double>::infinity(), to = -from;
    for (const auto& others : estimates_)
        if (!others.empty() && others[metric].conditions > 0) {
            from = std::min(from, others[metric].low);
            to = std::max(to, others[metric].high);
        }
    const auto id = QString::fromStdString(comparison_.contestants[row].configuration());
    item.setText(number(figure.value));
    for (const auto& [role, value] :
         {std::pair{Value, figure.value}, {Low, figure.low}, {High, figure.high}, {From, from}, {To, to}})
        item.setData(role, value);
    item.setData(Colour, configuration_colour(id));
    const bool known = figure.has_interval();
    item.setData(Interval,
                 known ? tr("%1 – %2").arg(number(figure.low), number(figure.high)) : tr("one input"));
    const QString interval =
        known ? tr("95 % interval %1 to %2, ").arg(number(figure.low), number(figure.high)) : QString();
    item.setToolTip(
        tr("%1\n%2, %3n = %4 inputs × %5 samples")
            .arg(QString::fromStdString(comparison_.metrics[metric].help), number(figure.value), interval)
            .arg(figure.conditions)
            .arg(comparison_.samples));
}

void FigureTable::changeEvent(QEvent* event) {
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        for (int row = 0; row < rowCount(); ++row) set_row(row);
}

}  // namespace modescope
