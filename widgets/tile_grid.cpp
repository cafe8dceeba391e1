#include "widgets/tile_grid.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int corner_radius = 6;
constexpr int strip_width = 3;
constexpr int pin_size = 24;
constexpr int pin_icon_size = 14;
constexpr double ragged_worth = 0.88;  // full lines look better than tiles a little larger
constexpr int smallest_caption_tile = 112;
constexpr int order_size = 20;  // the number of a selected tile
const QColor shade(12, 14, 18, 150);
const QColor pin_colour(0xf0, 0x96, 0x1e);

bool same(const TileGrid::Tile& a, const TileGrid::Tile& b) {
    return a.picture.cacheKey() == b.picture.cacheKey() && a.seed == b.seed && a.pinned == b.pinned &&
           a.noise == b.noise && a.caption == b.caption && a.mark == b.mark;
}

QString noise_of(const TileGrid::Tile& tile) {
    return tile.noise.isEmpty() ? QString::number(tile.seed) : tile.noise;
}

/// Width over height of the first picture there is.
double aspect_of(const std::vector<TileGrid::Tile>& tiles) {
    for (const auto& tile : tiles)
        if (!tile.picture.isNull()) return static_cast<double>(tile.picture.width()) / tile.picture.height();
    return 1;
}

/// The largest tile of that aspect of which `columns` × `rows` fit.
QSize tile_that_fits(QSize area, int columns, int rows, double aspect) {
    const double width = (area.width() - (columns - 1) * space::m) / static_cast<double>(columns);
    const double height = (area.height() - (rows - 1) * space::m) / static_cast<double>(rows);
    const double fitting = std::min(width, height * aspect);
    return {std::max(1, static_cast<int>(fitting)), std::max(1, static_cast<int>(fitting / aspect))};
}

QPixmap rounded(const QImage& picture, double ratio) {
    QPixmap result(picture.size());
    result.fill(Qt::transparent);
    QPainter painter(&result);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(picture);
    painter.drawRoundedRect(result.rect(), corner_radius * ratio, corner_radius * ratio);
    painter.end();
    result.setDevicePixelRatio(ratio);
    return result;
}

}  // namespace

TileGrid::TileGrid(QWidget* parent) : QWidget(parent), placeholder_(tr("No pictures yet")) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Samples"));
}

void TileGrid::set_tiles(std::vector<Tile> tiles) {
    const bool new_layout = tiles.size() != tiles_.size() || aspect_of(tiles) != aspect_of(tiles_);
    const bool had_picture = any_picture();
    std::swap(tiles, tiles_);
    cache_.resize(tiles_.size());
    current_ = std::clamp(current_, 0, std::max(0, static_cast<int>(tiles_.size()) - 1));
    if (new_layout) finish_editing(false);
    if (std::erase_if(selected_, [this](int index) { return !valid(index); }) > 0) emit selection_changed();
    if (new_layout || had_picture != any_picture()) {
        lay_out();
        update();
    } else {
        for (int i = 0; i < static_cast<int>(tiles_.size()); ++i)
            if (!same(tiles[i], tiles_[i])) update(tile_rect(i));
    }
    update_description();
}

void TileGrid::set_pinnable(bool pinnable) {
    pinnable_ = pinnable;
    update();
}

void TileGrid::set_accent(const QColor& colour) {
    accent_ = colour;
    lay_out();
    update();
}

void TileGrid::set_placeholder(const QString& text) {
    placeholder_ = text;
    update();
}

bool TileGrid::any_picture() const {
    return std::any_of(tiles_.begin(), tiles_.end(), [](const Tile& tile) { return !tile.picture.isNull(); });
}

// --- Geometry ---

QRect TileGrid::content() const {
    return rect().adjusted(accent_.isValid() ? strip_width + space::m : 0, 0, 0, 0);
}

void TileGrid::lay_out() {
    const int count = std::max(1, static_cast<int>(tiles_.size()));
    const double aspect = aspect_of(tiles_);
    double best = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const QSize size = tile_that_fits(content().size(), columns, (count + columns - 1) / columns, aspect);
        const double worth = size.width() * (count % columns == 0 ? 1 : ragged_worth);
        if (worth <= best) continue;
        best = worth;
        tile_size_ = size;
        columns_ = columns;
    }
}

void TileGrid::resizeEvent(QResizeEvent*) { lay_out(); }

QRect TileGrid::tile_rect(int index) const {
    const QPoint cell(index % columns_ * (tile_size_.width() + space::m),
                      index / columns_ * (tile_size_.height() + space::m));
    return {content().topLeft() + cell, tile_size_};
}

QRect TileGrid::pin_rect(int index) const {
    const QRect tile = tile_rect(index);
    return {tile.right() + 1 - pin_size - space::s, tile.top() + space::s, pin_size, pin_size};
}

QRect TileGrid::caption_rect(int index) const {
    const QRect tile = tile_rect(index);
    if (tile.width() < smallest_caption_tile || !valid(index)) return {};
    const QFontMetrics metrics(small_font());
    const int room = tile.width() - 4 * space::s;
    const int text = std::min(room, metrics.horizontalAdvance(caption(tiles_[index])));
    QRect label(0, 0, text + 3 * space::s, metrics.height() + space::s);
    label.moveBottomLeft(tile.bottomLeft() + QPoint(space::s + 1, -space::s - 1));
    return label;
}

int TileGrid::tile_at(QPoint position) const {
    for (int i = 0; any_picture() && i < static_cast<int>(tiles_.size()); ++i)
        if (tile_rect(i).contains(position)) return i;
    return -1;
}

// --- Mouse and keyboard ---

void TileGrid::set_current(int index) {
    if (!valid(index)) return;
    const int before = std::exchange(current_, index);
    update(tile_rect(before));
    update(tile_rect(current_));
    update_description();
    if (before != index) emit current_changed();
}

void TileGrid::set_hover(int index) {
    if (index == hover_) return;
    update(tile_rect(std::exchange(hover_, index)));
    update(tile_rect(hover_));
}

void TileGrid::toggle_pin(int index) {
    if (!pinnable_ || !valid(index) || tiles_[index].picture.isNull()) return;
    tiles_[index].pinned = !tiles_[index].pinned;
    update(tile_rect(index));
    update_description();
    emit pin_toggled(index);
}

void TileGrid::toggle_selected(int index) {
    if (!pinnable_ || !valid(index)) return;
    auto chosen = selected_;
    if (std::erase(chosen, index) == 0) chosen.push_back(index);
    select(std::move(chosen));
}

void TileGrid::extend_selection(int to) {
    if (!pinnable_ || !valid(to)) return;
    auto chosen = selected_;
    for (const int index : {current_, to}) {
        std::erase(chosen, index);
        chosen.push_back(index);
    }
    select(std::move(chosen));
}

void TileGrid::select(std::vector<int> indices) {
    std::erase_if(indices, [this](int index) { return !valid(index); });
    if (indices.size() > most_selected) indices.erase(indices.begin(), indices.end() - most_selected);
    if (indices == selected_) return;
    selected_ = std::move(indices);
    update();
    update_description();
    emit selection_changed();
}

void TileGrid::copy_noise(int index) {
    if (valid(index)) QGuiApplication::clipboard()->setText(noise_of(tiles_[index]));
}

/// A picture for who pastes pictures, the noise for who pastes text.
void TileGrid::copy(int index) {
    if (!valid(index) || tiles_[index].picture.isNull()) return;
    auto* data = new QMimeData;
    data->setImageData(tiles_[index].picture);
    data->setText(noise_of(tiles_[index]));
    QGuiApplication::clipboard()->setMimeData(data);
}

// --- Typing a noise ---

void TileGrid::edit_noise(int index) {
    if (!pinnable_ || !valid(index) || tiles_[index].picture.isNull()) return;
    finish_editing(false);
    edited_ = index;
    editor_ = new QLineEdit(noise_of(tiles_[index]), this);
    editor_->setAccessibleName(tr("Noise of tile %1").arg(index + 1));
    editor_->setToolTip(tr("A seed such as 4127, or a mixture such as 0.8*4127+0.6*4130. Enter draws it."));
    const QRect tile = tile_rect(index);
    const int height = editor_->sizeHint().height();
    editor_->setGeometry(tile.left() + space::s, tile.bottom() - height - space::s, tile.width() - space::m,
                         height);
    editor_->selectAll();
    editor_->installEventFilter(this);
    editor_->show();
    editor_->setFocus();
}

void TileGrid::finish_editing(bool accept) {
    QLineEdit* editor = std::exchange(editor_, nullptr);  // losing the focus calls this again
    if (!editor) return;
    const QString text = editor->text().trimmed();
    const bool changed = valid(edited_) && text != noise_of(tiles_[edited_]);
    const bool had_focus = editor->hasFocus();
    editor->hide();
    editor->deleteLater();
    if (had_focus) setFocus();
    if (accept && changed && !text.isEmpty()) emit noise_typed(edited_, text);
}

/// The page's letter keys belong to the line while one types.
bool TileGrid::eventFilter(QObject* watched, QEvent* event) {
    if (watched != editor_) return false;
    // Its own menu has the focus only for a while.
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
        finish_editing(false);
    if (event->type() == QEvent::ShortcutOverride) event->accept();
    if (event->type() != QEvent::KeyPress) return false;
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (!enter && key != Qt::Key_Escape) return false;
    finish_editing(enter);
    return true;
}

void TileGrid::mousePressEvent(QMouseEvent* event) {
    const int index = tile_at(event->pos());
    if (index < 0) return event->ignore();
    set_current(index);
    if (event->button() != Qt::LeftButton) return;
    if (event->modifiers() & Qt::ControlModifier) return toggle_selected(index);
    if (pin_rect(index).contains(event->pos())) return toggle_pin(index);
    if (caption_rect(index).contains(event->pos())) edit_noise(index);
}

void TileGrid::mouseDoubleClickEvent(QMouseEvent* event) {
    const int index = tile_at(event->pos());
    const bool controls =
        index >= 0 && (pin_rect(index).contains(event->pos()) || caption_rect(index).contains(event->pos()));
    if (event->button() == Qt::LeftButton && index >= 0 && !controls) toggle_pin(index);
}

void TileGrid::mouseMoveEvent(QMouseEvent* event) { set_hover(tile_at(event->pos())); }

void TileGrid::leaveEvent(QEvent*) { set_hover(-1); }

void TileGrid::contextMenuEvent(QContextMenuEvent* event) {
    const int index = event->reason() == QContextMenuEvent::Keyboard ? current_ : tile_at(event->pos());
    if (!valid(index) || tiles_[index].picture.isNull()) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon("copy"), tr("Copy"), QKeySequence::Copy, this, [this, index] { copy(index); });
    menu->addAction(tr("Copy seed"), this, [this, index] { copy_noise(index); });
    if (pinnable_) {
        menu->addAction(tr("Type a seed…"), QKeySequence(Qt::Key_F2), this,
                        [this, index] { edit_noise(index); });
        menu->addAction(icon("pin"), tiles_[index].pinned ? tr("Unpin") : tr("Pin"), QKeySequence(Qt::Key_P),
                        this, [this, index] { toggle_pin(index); });
        menu->addAction(std::ranges::count(selected_, index) ? tr("Deselect") : tr("Select"), this,
                        [this, index] { toggle_selected(index); });
    }
    emit context_menu_opened(menu, index);
    const bool by_key = event->reason() == QContextMenuEvent::Keyboard;
    menu->popup(by_key ? mapToGlobal(tile_rect(index).center()) : event->globalPos());
}

bool TileGrid::is_own_key(const QKeyEvent& event) const {
    if (tiles_.empty()) return false;
    if (event.matches(QKeySequence::Copy)) return true;
    const int key = event.key();
    const bool arrow =
        key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    if (arrow) return !(modifiers & ~Qt::ShiftModifier);
    if (modifiers || !pinnable_) return false;
    return key == Qt::Key_P || key == Qt::Key_F2 || (key == Qt::Key_Escape && !selected_.empty());
}

void TileGrid::move_to(int index, Qt::KeyboardModifiers modifiers) {
    if (modifiers & Qt::ShiftModifier) extend_selection(index);
    set_current(index);
}

void TileGrid::keyPressEvent(QKeyEvent* event) {
    if (!is_own_key(*event)) return QWidget::keyPressEvent(event);
    if (event->matches(QKeySequence::Copy)) return copy(current_);
    switch (event->key()) {
        case Qt::Key_P:
            return toggle_pin(current_);
        case Qt::Key_F2:
            return edit_noise(current_);
        case Qt::Key_Escape:
            return select({});
        case Qt::Key_Left:
            return move_to(current_ - 1, event->modifiers());
        case Qt::Key_Right:
            return move_to(current_ + 1, event->modifiers());
        case Qt::Key_Up:
            return move_to(current_ - columns_, event->modifiers());
        default:
            return move_to(current_ + columns_, event->modifiers());
    }
}

bool TileGrid::event(QEvent* event) {
    claim_own_keys(*event, [this](const QKeyEvent& key) { return is_own_key(key); });
    const auto text_at = [this](QPoint place) { return tooltip_at(place); };
    return show_own_tooltip(*this, *event, text_at) || QWidget::event(event);
}

// --- Words ---

QFont TileGrid::small_font() const {
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.82);
    return small;
}

QString TileGrid::caption(const Tile& tile) const {
    return tile.caption.isEmpty() ? tr("seed %1").arg(tile.seed) : tile.caption;
}

QString TileGrid::tooltip_at(QPoint position) const {
    const int index = tile_at(position);
    if (index < 0) return {};
    const Tile& tile = tiles_[index];
    if (!pinnable_) return tile.caption;
    if (tile.pinned)
        return tr("Pinned: keeps its noise when the others are resampled. Double click lets it go.");
    return tr("One sample, made from the noise %1. Double click pins it, so that it keeps its noise when the "
              "others are resampled; Ctrl+click selects it; a click on its caption changes the seed.")
        .arg(noise_of(tile));
}

void TileGrid::update_description() {
    if (!valid(current_)) return setAccessibleDescription(placeholder_);
    const Tile& tile = tiles_[current_];
    QString text = tr("Tile %1 of %2, %3").arg(current_ + 1).arg(tiles_.size()).arg(caption(tile));
    if (!tile.mark.isEmpty()) text = tr("%1, %2", "tile").arg(text, tile.mark);
    if (tile.pinned) text = tr("%1, pinned", "tile").arg(text);
    if (std::ranges::count(selected_, current_)) text = tr("%1, selected", "tile").arg(text);
    if (text != accessibleDescription()) setAccessibleDescription(text);
}

// --- Drawing ---

const QPixmap& TileGrid::scaled(int index) {
    Scaled& entry = cache_[index];
    const QImage& picture = tiles_[index].picture;
    const QSize size = picture.size().scaled(tile_size_ * devicePixelRatioF(), Qt::KeepAspectRatio);
    if (entry.key == picture.cacheKey() && entry.pixmap.size() == size) return entry.pixmap;
    entry = {
        picture.cacheKey(),
        rounded(picture.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation), devicePixelRatioF())};
    return entry.pixmap;
}

void TileGrid::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!any_picture()) return draw_placeholder(painter, content(), placeholder_);
    const int count = static_cast<int>(tiles_.size());
    for (int i = 0; i < count; ++i)
        if (event->region().intersects(tile_rect(i))) draw_tile(painter, i);
    if (!accent_.isValid()) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(accent_);
    painter.drawRoundedRect(QRectF(0, 0, strip_width, tile_rect(count - 1).bottom() + 1), 1.5, 1.5);
}

void TileGrid::draw_tile(QPainter& painter, int index) {
    const QRect rect = tile_rect(index);
    const Tile& tile = tiles_[index];
    if (tile.picture.isNull()) return draw_placeholder(painter, rect, {});
    const QPixmap& pixmap = scaled(index);
    const QSizeF size = pixmap.deviceIndependentSize();
    painter.drawPixmap(QRectF(rect).center() - QPointF(size.width(), size.height()) / 2, pixmap);
    if (const QRect label = caption_rect(index); !label.isEmpty()) draw_label(painter, label, caption(tile));
    if (!tile.mark.isEmpty()) draw_mark(painter, index);
    draw_frame(painter, index);
    draw_order(painter, index);
    if (pinnable_ && (tile.pinned || index == hover_)) draw_pin(painter, index);
}

void TileGrid::draw_placeholder(QPainter& painter, QRect rect, const QString& text) const {
    painter.setPen(palette().color(QPalette::Mid));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), corner_radius, corner_radius);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QRect inner = rect.adjusted(space::m, space::m, -space::m, -space::m);
    painter.drawText(inner, Qt::AlignCenter | Qt::TextWordWrap, text);
}

/// White on a shade that any picture lets one read.
void TileGrid::draw_label(QPainter& painter, QRect rect, const QString& text) const {
    painter.setPen(Qt::NoPen);
    painter.setBrush(shade);
    painter.drawRoundedRect(rect, 4, 4);
    painter.setPen(QColor(255, 255, 255, 235));
    painter.setFont(small_font());
    const int room = rect.width() - 2 * space::s;
    painter.drawText(rect, Qt::AlignCenter,
                     QFontMetrics(small_font()).elidedText(text, Qt::ElideRight, room));
    painter.setFont(font());
}

void TileGrid::draw_mark(QPainter& painter, int index) const {
    const QRect tile = tile_rect(index);
    const QFontMetrics metrics(small_font());
    const int room = tile.width() - pin_size - 5 * space::s;
    const int text = std::min(room, metrics.horizontalAdvance(tiles_[index].mark) + 3 * space::s);
    draw_label(painter,
               {tile.left() + space::s + 1, tile.top() + space::s + 1, text, metrics.height() + space::s},
               tiles_[index].mark);
}

/// Which of the selected tiles it is: interpolation goes from the first to the others.
void TileGrid::draw_order(QPainter& painter, int index) const {
    const auto found = std::ranges::find(selected_, index);
    if (found == selected_.end()) return;
    const QRect tile = tile_rect(index);
    const QRect rect(tile.right() - order_size - space::s, tile.bottom() - order_size - space::s, order_size,
                     order_size);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Highlight));
    painter.drawEllipse(rect);
    painter.setPen(palette().color(QPalette::HighlightedText));
    painter.setFont(small_font());
    painter.drawText(rect, Qt::AlignCenter, QString::number(found - selected_.begin() + 1));
    painter.setFont(font());
}

void TileGrid::draw_pin(QPainter& painter, int index) const {
    const QRect rect = pin_rect(index);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tiles_[index].pinned ? pin_colour : shade);
    painter.drawEllipse(rect);
    QRect picture(0, 0, pin_icon_size, pin_icon_size);
    picture.moveCenter(rect.center());
    icon("pin", QPalette::HighlightedText).paint(&painter, picture);
}

void TileGrid::draw_frame(QPainter& painter, int index) const {
    const bool lit =
        index == hover_ || (index == current_ && hasFocus()) || std::ranges::count(selected_, index);
    if (!lit && !tiles_[index].pinned) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(lit ? palette().color(QPalette::Highlight) : pin_colour, 2));
    painter.drawRoundedRect(QRectF(tile_rect(index)).adjusted(1, 1, -1, -1), corner_radius, corner_radius);
}

}  // namespace modescope
