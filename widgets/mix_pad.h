#pragma once

#include <QImage>
#include <QPointF>
#include <QWidget>
#include <vector>

namespace modescope {

/// A square whose ends are pictures, two at its left and right edge or four in its corners, and a handle to
/// drag between them. Arrows move it by a fiftieth, Home and End to the first and last picture.
class MixPad : public QWidget {
    Q_OBJECT
public:
    explicit MixPad(QWidget* parent = nullptr);

    /// Two or four: upper left, upper right, lower left, lower right.
    void set_ends(std::vector<QImage> pictures);
    /// Of the unit square, from the upper left; with two ends y is always ½.
    QPointF position() const { return position_; }
    /// Announces nothing.
    void set_position(QPointF position);
    /// In this widget's coordinates.
    QPointF place_of(QPointF position) const;

    QSize sizeHint() const override { return {240, 240}; }
    QSize minimumSizeHint() const override { return {120, 96}; }

signals:
    void moved(QPointF position);  ///< by a person

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    bool two() const { return ends_.size() < 4; }
    QRectF pad() const;
    QRectF end_rect(int index) const;
    void move(QPointF position);
    void drag_to(QPointF place);
    void describe();
    void draw_lines(QPainter& painter) const;

    std::vector<QImage> ends_;
    QPointF position_{0.5, 0.5};
};

}  // namespace modescope
