#pragma once

#include <QColor>
#include <QImage>
#include <QPixmap>
#include <QWidget>
#include <vector>

class QLineEdit;
class QMenu;

namespace modescope {

/// Sample pictures as tiles, in as many columns as make them largest; full lines are preferred.
///
/// Double click, the pin in the corner or P pins the current tile; arrows move to another one, Ctrl+click and
/// Shift+arrows select several, Escape none. Ctrl+C copies the picture and, as text, its noise. A click on
/// the caption or F2 edits the noise in place. Pins and the selection show at once and are announced; the
/// owner keeps pins in its next set_tiles(), the selection stays by itself.
class TileGrid : public QWidget {
    Q_OBJECT
public:
    struct Tile {
        QImage picture;  ///< null: not made yet, shows the placeholder
        quint64 seed = 0;
        bool pinned = false;
        QString noise = {};    ///< what is copied and typed; empty: the seed
        QString caption = {};  ///< instead of "seed N"
        QString mark = {};     ///< a word in the upper left corner
    };

    explicit TileGrid(QWidget* parent = nullptr);

    /// Cheap when the pictures are the same or few: meant for 30 times a second.
    void set_tiles(std::vector<Tile> tiles);
    const std::vector<Tile>& tiles() const { return tiles_; }
    void set_pinnable(bool pinnable);       ///< at first true
    void set_accent(const QColor& colour);  ///< the configuration's strip; invalid: none
    void set_placeholder(const QString& text);

    int current() const { return current_; }
    void set_current(int index);
    /// In the order in which they were selected; at most `most_selected`, the newest ones.
    const std::vector<int>& selected() const { return selected_; }
    void select(std::vector<int> indices);
    static constexpr std::size_t most_selected = 4;
    /// Lets a person type the noise of a tile.
    void edit_noise(int index);
    QRect tile_rect(int index) const;  ///< in this widget's coordinates
    QRect pin_rect(int index) const;
    QRect caption_rect(int index) const;

    QSize sizeHint() const override { return {640, 320}; }
    QSize minimumSizeHint() const override { return {120, 72}; }

signals:
    void pin_toggled(int index);
    void selection_changed();
    void current_changed();
    void noise_typed(int index, const QString& text);
    void context_menu_opened(QMenu* menu, int index);  ///< for further entries

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Scaled {
        qint64 key = 0;  ///< QImage::cacheKey of the picture
        QPixmap pixmap;  ///< at the tile's size in device pixels, corners rounded
    };

    bool valid(int index) const { return index >= 0 && index < static_cast<int>(tiles_.size()); }
    bool any_picture() const;
    QRect content() const;
    void lay_out();
    int tile_at(QPoint position) const;
    void set_hover(int index);
    void toggle_pin(int index);
    void toggle_selected(int index);
    void extend_selection(int to);
    void move_to(int index, Qt::KeyboardModifiers modifiers);
    void copy_noise(int index);
    void copy(int index);
    void finish_editing(bool accept);
    bool is_own_key(const QKeyEvent& event) const;
    QFont small_font() const;
    QString caption(const Tile& tile) const;
    QString tooltip_at(QPoint position) const;
    void update_description();
    const QPixmap& scaled(int index);
    void draw_tile(QPainter& painter, int index);
    void draw_placeholder(QPainter& painter, QRect rect, const QString& text) const;
    void draw_label(QPainter& painter, QRect rect, const QString& text) const;
    void draw_mark(QPainter& painter, int index) const;
    void draw_order(QPainter& painter, int index) const;
    void draw_pin(QPainter& painter, int index) const;
    void draw_frame(QPainter& painter, int index) const;

    std::vector<Tile> tiles_;
    std::vector<Scaled> cache_;
    QString placeholder_;
    QColor accent_;
    bool pinnable_ = true;
    int columns_ = 1;
    QSize tile_size_;
    int current_ = 0;  ///< for the keyboard
    int hover_ = -1;
    std::vector<int> selected_;
    QLineEdit* editor_ = nullptr;  ///< while a noise is typed, of tile edited_
    int edited_ = -1;
};

}  // namespace modescope
