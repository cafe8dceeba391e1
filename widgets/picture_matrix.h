#pragma once

#include <QColor>
#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "widgets/viewport.h"

namespace modescope {

/// Rows of pictures under common columns: a row for each model, a column for each noise, and at the end the
/// mean and the standard deviation of the row. All pictures show the same part: the wheel zooms around the
/// pointer, dragging moves, double click shows all.
///
/// Dragging a row's name moves the row. Click or arrows choose the current picture, Shift with them the row
/// to compare it with; Ctrl+Up and Ctrl+Down move the current row, H hides it, Delete removes it, + − 0 zoom.
/// The owner does what is asked for and hands over the new rows.
class PictureMatrix : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString label, detail;   ///< the configuration, and what says more of it
        QStringList facts = {};  ///< lines below them, as far as there is room
        QColor colour;
        std::vector<QImage> pictures;  ///< null: not drawn yet
        QImage mean, deviation;
        bool removable = true;
    };

    explicit PictureMatrix(QWidget* parent = nullptr);

    void set_columns(const QStringList& headings);  ///< of the pictures, left to right
    /// Keeps the current picture and the other row where they still exist.
    void set_rows(std::vector<Row> rows);
    /// Replaces a row's pictures alone.
    void set_pictures(int row, std::vector<QImage> pictures, QImage mean, QImage deviation);
    void set_facts(int row, const QStringList& facts);
    const std::vector<Row>& rows() const { return rows_; }

    int row() const { return row_; }          ///< of the current picture
    int column() const { return column_; }    ///< the last two are mean and deviation
    int other_row() const { return other_; }  ///< compared with it; −1: none
    void set_current(int row, int column);
    void set_other_row(int row);
    /// The picture in a row at the current column; null if there is none.
    QImage picture(int row) const;

    const Viewport& view() const { return view_; }
    void set_view(const Viewport& view);  ///< emits nothing
    QRect tile_rect(int row, int column) const;

    QSize sizeHint() const override { return {720, 320}; }
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

signals:
    void current_changed();
    void view_changed(const modescope::Viewport& view);
    void move_requested(int row, int by);
    void hide_requested(int row);
    void remove_requested(int row);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Place {
        int row, column;
    };

    int columns() const { return static_cast<int>(headings_.size()); }
    int heading_height() const;
    void lay_out();
    int side_for(int width) const;
    void drag_row(QPoint position);
    std::optional<Place> place_at(QPoint position) const;
    int row_at(QPoint position) const;
    const QImage* image(int row, int column) const;
    bool is_own_key(const QKeyEvent& event) const;
    void move_current(int rows, int columns, bool other);
    void zoom(double factor, QPointF anchor);
    void change_view(const Viewport& view);
    void describe();
    void draw_headings(QPainter& painter) const;
    void draw_label(QPainter& painter, int row) const;
    void draw_tile(QPainter& painter, int row, int column) const;
    QString tooltip_at(QPoint position) const;

    std::vector<Row> rows_;
    QStringList headings_;  ///< mean and deviation included
    int row_ = 0, column_ = 0, other_ = -1;
    int side_ = 64;  ///< of a tile
    Viewport view_;
    int dragged_row_ = -1;           ///< whose name the hand holds; −1: none
    std::optional<QPoint> dragged_;  ///< where the hand was, while it moves the view
};

}  // namespace modescope
