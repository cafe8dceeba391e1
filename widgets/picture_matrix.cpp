#include "widgets/picture_matrix.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int label_width = 168, strip_width = 3, least_side = 48, roomy_side = 92, most_side = 320;
constexpr int gap = space::m, moments_gap = space::l;
constexpr int corner_radius = 4;
constexpr int moment_columns = 2;
constexpr double key_zoom = 1.25, wheel_zoom = 1.2;

QFont small(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.85);
    return font;
}

QRectF source_of(const QImage& picture, const Viewport& view) {
    const QRectF part = view.part();
    return {part.x() * picture.width(), part.y() * picture.height(), part.width() * picture.width(),
            part.height() * picture.height()};
}

}  // namespace

PictureMatrix::PictureMatrix(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Pictures of all models"));
    set_columns({});
}

// --- Contents ---

void PictureMatrix::set_columns(const QStringList& headings) {
    headings_ = headings;
    headings_ << tr("mean μ̃") << tr("σ̃");
    column_ = std::min(column_, columns() - 1);
    lay_out();
}

void PictureMatrix::set_rows(std::vector<Row> rows) {
    rows_ = std::move(rows);
    const int count = static_cast<int>(rows_.size());
    row_ = std::clamp(row_, 0, std::max(0, count - 1));
    if (other_ >= count || other_ < 0 || other_ == row_) other_ = count < 2 ? -1 : row_ == 0 ? 1 : 0;
    updateGeometry();
    lay_out();
    describe();
    emit current_changed();
}

void PictureMatrix::set_pictures(int row, std::vector<QImage> pictures, QImage mean, QImage deviation) {
    auto& target = rows_.at(static_cast<std::size_t>(row));
    target.pictures = std::move(pictures);
    target.mean = std::move(mean);
    target.deviation = std::move(deviation);
    update();
    if (row == row_ || row == other_) emit current_changed();
}

void PictureMatrix::set_facts(int row, const QStringList& facts) {
    rows_.at(static_cast<std::size_t>(row)).facts = facts;
    update();
}

const QImage* PictureMatrix::image(int row, int column) const {
    if (row < 0 || row >= static_cast<int>(rows_.size())) return nullptr;
    const Row& shown = rows_[row];
    if (column == columns() - 1) return &shown.deviation;
    if (column == columns() - 2) return &shown.mean;
    return column < static_cast<int>(shown.pictures.size()) ? &shown.pictures[column] : nullptr;
}

QImage PictureMatrix::picture(int row) const {
    const auto* found = image(row, column_);
    return found ? *found : QImage();
}

void PictureMatrix::set_current(int row, int column) {
    if (rows_.empty()) return;
    const int last = static_cast<int>(rows_.size()) - 1;
    const int before = row_;
    row_ = std::clamp(row, 0, last);
    column_ = std::clamp(column, 0, columns() - 1);
    if (row_ == other_) other_ = before;  // the two change places
    if (row_ == other_) other_ = last == 0 ? -1 : row_ == 0 ? 1 : 0;
    update();
    describe();
    emit current_changed();
}

void PictureMatrix::set_other_row(int row) {
    if (row < 0 || row >= static_cast<int>(rows_.size()) || row == row_) return;
    other_ = row;
    update();
    describe();
    emit current_changed();
}

// --- Geometry ---

int PictureMatrix::heading_height() const { return QFontMetrics(small(font())).height() + space::s; }

QSize PictureMatrix::minimumSizeHint() const {
    return {label_width + columns() * (least_side / 2 + gap), heading_height() + least_side + gap};
}

/// Rows that would be too small to see scroll instead.
int PictureMatrix::heightForWidth(int width) const {
    const int rows = std::max(1, static_cast<int>(rows_.size()));
    return heading_height() + rows * (std::min(side_for(width), roomy_side) + gap);
}

int PictureMatrix::side_for(int width) const {
    return std::clamp((width - label_width - (columns() - 1) * gap - moments_gap) / columns(), least_side / 2,
                      most_side);
}

void PictureMatrix::lay_out() {
    const int rows = std::max(1, static_cast<int>(rows_.size()));
    const int down = (height() - heading_height() - rows * gap) / rows;
    side_ = std::min(side_for(width()), std::max(down, roomy_side));
    update();
}

void PictureMatrix::resizeEvent(QResizeEvent*) { lay_out(); }

QRect PictureMatrix::tile_rect(int row, int column) const {
    const int moments = column >= columns() - moment_columns ? moments_gap - gap : 0;
    return {label_width + column * (side_ + gap) + moments, heading_height() + row * (side_ + gap), side_,
            side_};
}

std::optional<PictureMatrix::Place> PictureMatrix::place_at(QPoint position) const {
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row)
        for (int column = 0; column < columns(); ++column)
            if (tile_rect(row, column).contains(position)) return Place{row, column};
    return {};
}

int PictureMatrix::row_at(QPoint position) const {
    const int row = (position.y() - heading_height()) / (side_ + gap);
    const bool inside = position.y() >= heading_height() && row < static_cast<int>(rows_.size());
    return inside ? row : -1;
}

// --- Mouse and keyboard ---

void PictureMatrix::mousePressEvent(QMouseEvent* event) {
    const int row = row_at(event->pos());
    if (event->button() != Qt::LeftButton || row < 0) return event->ignore();
    const auto place = place_at(event->pos());
    if (event->modifiers() & Qt::ShiftModifier)
        set_other_row(row);
    else
        set_current(row, place ? place->column : column_);
    if (place) dragged_ = event->pos();
    if (event->pos().x() < label_width) dragged_row_ = row;
}

/// Row by row, as the hand passes them.
void PictureMatrix::drag_row(QPoint position) {
    setCursor(Qt::ClosedHandCursor);
    const int row = row_at(position), by = row > dragged_row_ ? 1 : -1;
    if (row < 0 || row == dragged_row_) return;
    const int moved = std::exchange(dragged_row_, dragged_row_ + by);
    emit move_requested(moved, by);
}

void PictureMatrix::mouseMoveEvent(QMouseEvent* event) {
    if (dragged_row_ >= 0) return drag_row(event->pos());
    setCursor(event->pos().x() < label_width && row_at(event->pos()) >= 0 ? Qt::OpenHandCursor
                                                                          : Qt::ArrowCursor);
    if (!dragged_) return;
    const QPointF by = event->pos() - *dragged_;
    dragged_ = event->pos();
    change_view(view_.panned(by / side_));
}

void PictureMatrix::mouseReleaseEvent(QMouseEvent*) {
    dragged_.reset();
    dragged_row_ = -1;
}

void PictureMatrix::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) change_view({});
}

void PictureMatrix::wheelEvent(QWheelEvent* event) {
    const auto place = place_at(event->position().toPoint());
    if (!place || event->angleDelta().y() == 0) return event->ignore();
    const QPointF anchor = (event->position() - tile_rect(place->row, place->column).topLeft()) / side_;
    zoom(std::pow(wheel_zoom, event->angleDelta().y() / 120.0), anchor);
    event->accept();
}

void PictureMatrix::zoom(double factor, QPointF anchor) { change_view(view_.zoomed(factor, anchor)); }

void PictureMatrix::change_view(const Viewport& view) {
    if (view == view_) return;
    set_view(view);
    emit view_changed(view_);
}

void PictureMatrix::set_view(const Viewport& view) {
    view_ = view;
    update();
}

bool PictureMatrix::is_own_key(const QKeyEvent& event) const {
    if (rows_.empty()) return false;
    const int key = event.key();
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    const bool vertical = key == Qt::Key_Up || key == Qt::Key_Down;
    if (modifiers == Qt::ControlModifier) return vertical;
    if (modifiers == Qt::ShiftModifier) return vertical || key == Qt::Key_Plus;
    return modifiers == Qt::NoModifier &&
           (vertical || key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Plus ||
            key == Qt::Key_Minus || key == Qt::Key_0 || key == Qt::Key_H || key == Qt::Key_Delete);
}

void PictureMatrix::move_current(int rows, int columns, bool other) {
    if (!other) return set_current(row_ + rows, column_ + columns);
    const int next = (other_ < 0 ? row_ : other_) + rows;
    set_other_row(next == row_ ? next + rows : next);
}

void PictureMatrix::keyPressEvent(QKeyEvent* event) {
    if (!is_own_key(*event)) return QWidget::keyPressEvent(event);
    const bool other = event->modifiers() & Qt::ShiftModifier,
               move = event->modifiers() & Qt::ControlModifier;
    const QPointF middle(0.5, 0.5);
    switch (event->key()) {
        case Qt::Key_Up:
            return move ? emit move_requested(row_, -1) : move_current(-1, 0, other);
        case Qt::Key_Down:
            return move ? emit move_requested(row_, 1) : move_current(1, 0, other);
        case Qt::Key_Left:
            return move_current(0, -1, false);
        case Qt::Key_Right:
            return move_current(0, 1, false);
        case Qt::Key_Plus:
            return zoom(key_zoom, middle);
        case Qt::Key_Minus:
            return zoom(1 / key_zoom, middle);
        case Qt::Key_0:
            return change_view({});
        case Qt::Key_H:
            return emit hide_requested(row_);
        default:
            if (rows_[row_].removable) emit remove_requested(row_);
    }
}

void PictureMatrix::contextMenuEvent(QContextMenuEvent* event) {
    const bool by_key = event->reason() == QContextMenuEvent::Keyboard;
    const int row = by_key ? row_ : row_at(event->pos());
    if (row < 0 || row >= static_cast<int>(rows_.size())) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int last = static_cast<int>(rows_.size()) - 1;
    menu->addAction(tr("Compare with the current row"), [this, row] { set_other_row(row); })
        ->setEnabled(row != row_);
    menu->addAction(icon("chevron-up"), tr("Move up"), [this, row] { emit move_requested(row, -1); })
        ->setEnabled(row > 0);
    menu->addAction(icon("chevron-down"), tr("Move down"), [this, row] { emit move_requested(row, 1); })
        ->setEnabled(row < last);
    menu->addAction(tr("Hide"), [this, row] { emit hide_requested(row); });
    menu->addAction(icon("trash"), tr("Remove"), [this, row] { emit remove_requested(row); })
        ->setEnabled(rows_[row].removable);
    menu->popup(by_key ? mapToGlobal(tile_rect(row, 0).center()) : event->globalPos());
}

bool PictureMatrix::event(QEvent* event) {
    claim_own_keys(*event, [this](const QKeyEvent& key) { return is_own_key(key); });
    const auto text_at = [this](QPoint place) { return tooltip_at(place); };
    return show_own_tooltip(*this, *event, text_at) || QWidget::event(event);
}

// --- Words ---

QString PictureMatrix::tooltip_at(QPoint position) const {
    const int row = row_at(position);
    if (row < 0) return tr("One column for each noise: all rows get the same.");
    if (position.x() < label_width)
        return tr("%1\nDrag it to move the row; Ctrl+Up and Ctrl+Down move it, H hides it, the context menu "
                  "has more.")
            .arg(rows_[row].detail);
    const auto place = place_at(position);
    if (!place) return {};
    if (place->column == columns() - 1)
        return tr("How much the row's pictures differ, pixel by pixel; black: the noise changes nothing.");
    if (place->column == columns() - 2) return tr("The mean of the row's pictures.");
    return tr("One sample of %1. Click shows it at the right, Shift+click takes this row to compare with; "
              "the wheel zooms all pictures alike.")
        .arg(rows_[row].label);
}

void PictureMatrix::describe() {
    if (rows_.empty()) return setAccessibleDescription(tr("no model"));
    QString text = tr("%1, %2").arg(rows_[row_].label, headings_[column_]);
    if (other_ >= 0) text = tr("%1, compared with %2").arg(text, rows_[other_].label);
    setAccessibleDescription(text);
}

// --- Drawing ---

void PictureMatrix::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    draw_headings(painter);
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row) {
        draw_label(painter, row);
        for (int column = 0; column < columns(); ++column)
            if (event->region().intersects(tile_rect(row, column))) draw_tile(painter, row, column);
    }
}

void PictureMatrix::draw_headings(QPainter& painter) const {
    if (rows_.empty()) return;
    painter.setFont(small(font()));
    painter.setPen(palette().color(QPalette::PlaceholderText));
    for (int column = 0; column < columns(); ++column) {
        const QRect tile = tile_rect(0, column);
        const QRect place(tile.left(), 0, tile.width(), heading_height() - space::s);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(headings_[column], Qt::ElideRight, place.width()));
    }
    painter.setFont(font());
}

void PictureMatrix::draw_label(QPainter& painter, int row) const {
    const Row& shown = rows_[row];
    const QRect tile = tile_rect(row, 0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shown.colour);
    painter.drawRoundedRect(QRectF(0, tile.top(), strip_width, tile.height()), 1.5, 1.5);
    const QRect text(strip_width + gap, tile.top(), label_width - strip_width - 2 * gap, tile.height());
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const int line = QFontMetrics(font()).height();
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(text, Qt::AlignTop,
                     QFontMetrics(bold).elidedText(shown.label, Qt::ElideRight, text.width()));
    painter.setFont(small(font()));
    painter.setPen(palette().color(QPalette::PlaceholderText));
    QStringList lines{shown.detail};
    lines << shown.facts;
    int y = line;
    for (const QString& words : lines) {
        if (y + painter.fontMetrics().height() > text.height()) break;
        painter.drawText(text.adjusted(0, y, 0, 0), Qt::AlignTop,
                         painter.fontMetrics().elidedText(words, Qt::ElideMiddle, text.width()));
        y += painter.fontMetrics().height();
    }
    painter.setFont(font());
}

void PictureMatrix::draw_tile(QPainter& painter, int row, int column) const {
    const QRect rect = tile_rect(row, column);
    const auto* picture = image(row, column);
    QPainterPath corners;
    corners.addRoundedRect(rect, corner_radius, corner_radius);
    if (!picture || picture->isNull()) {
        painter.fillPath(corners, palette().color(QPalette::Base));
    } else {
        painter.save();
        painter.setClipPath(corners);
        painter.drawImage(QRectF(rect), *picture, source_of(*picture, view_));
        painter.restore();
    }
    const bool current = row == row_ && column == column_, other = row == other_ && column == column_;
    if (!current && !other) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2, current ? Qt::SolidLine : Qt::DotLine));
    painter.drawRoundedRect(QRectF(rect).adjusted(-1, -1, 1, 1), corner_radius + 1, corner_radius + 1);
}

}  // namespace modescope
