#pragma once

#include <QColor>
#include <QImage>
#include <QPixmap>
#include <QWidget>
#include <vector>

namespace modescope {

/// Sample pictures as tiles, in as many columns as make them largest; full lines are preferred.
///
/// Double click, the pin in the corner or P pins the current tile; arrows move to another one,
/// Ctrl+C copies its picture. A pin shows at once and is announced; the owner keeps it in its next
/// set_tiles().
class TileGrid : public QWidget {
    Q_OBJECT
public:
    struct Tile {
        QImage picture;  ///< null: not made yet, shows the placeholder
        quint64 seed = 0;
        bool pinned = false;
        QString caption = {};  ///< instead of "seed N"
    };

    explicit TileGrid(QWidget* parent = nullptr);

    /// Cheap when the pictures are the same or few: meant for 30 times a second.
    void set_tiles(std::vector<Tile> tiles);
    const std::vector<Tile>& tiles() const { return tiles_; }
    void set_smooth(bool smooth);           ///< interpolated or crisp pixels; smooth at first
    void set_pinnable(bool pinnable);       ///< at first true
    void set_accent(const QColor& colour);  ///< the configuration's strip; invalid: none
    void set_placeholder(const QString& text);

    int current() const { return current_; }
    QRect tile_rect(int index) const;  ///< in this widget's coordinates
    QRect pin_rect(int index) const;

    QSize sizeHint() const override { return {640, 320}; }
    QSize minimumSizeHint() const override { return {120, 72}; }

signals:
    void pin_toggled(int index);
    void seed_copied(quint64 seed);

protected:
    bool event(QEvent* event) override;
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
    void set_current(int index);
    void set_hover(int index);
    void toggle_pin(int index);
    void copy_seed(int index);
    void copy_picture(int index);
    bool is_own_key(const QKeyEvent& event) const;
    QString caption(const Tile& tile) const;
    QString tooltip_at(QPoint position) const;
    void update_description();
    const QPixmap& scaled(int index);
    void draw_tile(QPainter& painter, int index);
    void draw_placeholder(QPainter& painter, QRect rect, const QString& text) const;
    void draw_caption(QPainter& painter, QRect tile, const QString& text) const;
    void draw_pin(QPainter& painter, int index) const;
    void draw_frame(QPainter& painter, int index) const;

    std::vector<Tile> tiles_;
    std::vector<Scaled> cache_;
    QString placeholder_;
    QColor accent_;
    bool smooth_ = true;
    bool pinnable_ = true;
    int columns_ = 1;
    QSize tile_size_;
    int current_ = 0;  ///< for the keyboard
    int hover_ = -1;
};

}  // namespace modescope
