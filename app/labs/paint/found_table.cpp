#include "app/labs/paint/found_table.h"

#include <QPainter>
#include <algorithm>

#include "app/labs/model_box.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int most_factors = 5;  // room is kept, so that nothing jumps when a car is painted
constexpr int dot_size = 8;
constexpr int dot_step = dot_size + space::s;

}  // namespace

FoundTable::FoundTable(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    setAccessibleName(tr("What the tiles show"));
    setToolTip(
        tr("What the drawing leaves open, and how many of the possible answers are among the tiles. "
           "A collapsed model always gives the same one. True pixels: how much of the tiles agrees with "
           "the nearest true rendering."));
}

void FoundTable::set_study(const TileStudy& study) {
    study_ = study;
    setAccessibleDescription(description());
    update();
}

QString FoundTable::description() const {
    QStringList parts;
    for (const FactorCount& factor : study_.factors)
        parts << tr("%1 %2 of %3").arg(factor.name).arg(factor.first).arg(factor.possible);
    return parts.join(", ");
}

int FoundTable::row_height() const { return fontMetrics().height() + space::s; }

QSize FoundTable::sizeHint() const { return {360, (most_factors + 2) * row_height()}; }

/// A column for the names, two for the models.
QRect FoundTable::cell(int row, int column) const {
    const int names = width() * 2 / 5, counts = (width() - names) / 2;
    const int left = column == 0 ? 0 : names + (column - 1) * counts;
    return {left, row * row_height(), (column == 0 ? names : counts) - space::m, row_height()};
}

void FoundTable::paintEvent(QPaintEvent*) {
    if (!study_.request.first) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!study_.truth_known) return draw_unknown(painter);
    const auto &first = study_.request.first, &second = study_.request.second;
    const QColor first_colour = configuration_colour(configuration_id(first->spec()));
    const QColor second_colour = second ? configuration_colour(configuration_id(second->spec())) : QColor();
    draw_heading(painter, 1, *first);
    if (second) draw_heading(painter, 2, *second);
    int row = 0;
    for (const FactorCount& factor : study_.factors) {
        ++row;
        draw_name(painter, row, factor.name);
        draw_count(painter, cell(row, 1), factor.first, factor.possible, first_colour);
        if (second) draw_count(painter, cell(row, 2), factor.second, factor.possible, second_colour);
    }
    draw_name(painter, row + 1, tr("True pixels"));
    draw_match(painter, 1, study_.match_first);
    if (second) draw_match(painter, 2, study_.match_second);
}

void FoundTable::draw_unknown(QPainter& painter) const {
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(
        rect(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
        tr("Which samples are right for this input is not known; it is for drawings and examples "
           "of the world that the model was trained on."));
}

void FoundTable::draw_name(QPainter& painter, int row, const QString& name) const {
    const QRect rect = cell(row, 0);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(rect, Qt::AlignVCenter, fontMetrics().elidedText(name, Qt::ElideRight, rect.width()));
}

void FoundTable::draw_heading(QPainter& painter, int column, const Sampler& model) const {
    const QRect rect = cell(0, column);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::WindowText));
    const QString text = configuration_label(model.spec());
    painter.drawText(rect, Qt::AlignVCenter,
                     QFontMetrics(bold).elidedText(text, Qt::ElideRight, rect.width()));
    painter.setFont(font());
}

void FoundTable::draw_count(QPainter& painter, QRect rect, int found, int possible,
                            const QColor& colour) const {
    for (int i = 0; i < possible; ++i) {
        const QRectF dot(rect.left() + i * dot_step, QRectF(rect).center().y() - dot_size / 2.0, dot_size,
                         dot_size);
        const bool filled = i < found;
        painter.setPen(QPen(filled ? colour : palette().color(QPalette::PlaceholderText), 1));
        painter.setBrush(filled ? QBrush(colour) : QBrush());
        painter.drawEllipse(dot.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    const QRect beside = rect.adjusted(possible * dot_step + space::s, 0, 0, 0);
    const QString text = tr("%1 of %2").arg(found).arg(possible);
    if (fontMetrics().horizontalAdvance(text) > beside.width()) return;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(beside, Qt::AlignVCenter, text);
}

void FoundTable::draw_match(QPainter& painter, int column, double match) const {
    const int row = static_cast<int>(study_.factors.size()) + 1;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(cell(row, column), Qt::AlignVCenter, tr("%1 %").arg(qRound(100 * match)));
}

}  // namespace modescope
