#include "app/labs/toy/toy_board.h"

#include <QLabel>
#include <QPainter>
#include <algorithm>

#include "widgets/theme.h"
#include "widgets/toy_panel.h"

namespace modescope {
namespace {

constexpr int chrome = 84;  ///< a panel's heading and numbers, in pixels of height

int rows_for(int count, int columns) { return (count + columns - 1) / columns; }

}  // namespace

ToyBoard::ToyBoard(QWidget* parent) : QWidget(parent), empty_(new QLabel(this)) {
    empty_->setText(tr("Choose a configuration above: each is one way to train the same generator."));
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setProperty("secondary", true);
}

void ToyBoard::add(ToyPanel* panel) {
    panel->setParent(this);
    panels_.push_back(panel);
    panel->show();
    arrange();
}

void ToyBoard::remove(ToyPanel* panel) {
    std::erase(panels_, panel);
    panel->hide();
    panel->deleteLater();
    arrange();
}

/// The plots are nearly square, so the shorter side of a cell decides, as long as no panel is too narrow.
int ToyBoard::best_columns() const {
    const int count = static_cast<int>(panels_.size());
    int best = 1, best_side = -1;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = rows_for(count, columns);
        const int cell_width = (width() - (columns - 1) * space::m) / columns;
        const int cell_height = (height() - (rows - 1) * space::m) / rows - chrome;
        const int side = std::min(cell_width, cell_height);
        const bool fits = columns == 1 || cell_width >= panels_.front()->minimumWidth();
        if (fits && side > best_side) best = columns, best_side = side;
    }
    return best;
}

void ToyBoard::arrange() {
    empty_->setVisible(panels_.empty());
    empty_->setGeometry(rect());
    if (panels_.empty()) return;
    const int count = static_cast<int>(panels_.size());
    const int columns = best_columns(), rows = rows_for(count, columns);
    // From the edges' positions, so that rounding leaves no uneven gaps.
    const auto left = [&](int column) { return column * (width() + space::m) / columns; };
    const auto top = [&](int row) { return row * (height() + space::m) / rows; };
    for (int i = 0; i < count; ++i) {
        const int column = i % columns, row = i / columns;
        panels_[static_cast<std::size_t>(i)]->setGeometry(left(column), top(row),
                                                          left(column + 1) - left(column) - space::m,
                                                          top(row + 1) - top(row) - space::m);
    }
}

void ToyBoard::resizeEvent(QResizeEvent*) { arrange(); }

void ToyBoard::paint(QPainter& painter) const {
    painter.fillRect(rect(), palette().color(QPalette::Window));
    for (const ToyPanel* panel : panels_) {
        const QRectF cell = panel->geometry();
        painter.fillRect(cell, palette().color(QPalette::Base));
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(panel->plot().colour);
        painter.drawText(cell.adjusted(space::l, space::m, -space::l, 0), Qt::AlignLeft | Qt::AlignTop,
                         panel->accessibleName());
        painter.setFont(font());
        painter.setPen(palette().color(QPalette::PlaceholderText));
        const QRectF below = cell.adjusted(space::l, 0, -space::l, -space::m);
        painter.drawText(below, Qt::AlignLeft | Qt::AlignBottom,
                         painter.fontMetrics().elidedText(panel->figures(), Qt::ElideRight,
                                                          static_cast<int>(below.width())));
        paint_toy_plot(painter, cell.adjusted(0, 2 * space::l, 0, -2 * space::l), panel->plot(), palette());
    }
}

}  // namespace modescope
