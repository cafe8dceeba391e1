#pragma once

#include <QColor>
#include <QImage>
#include <QWidget>
#include <optional>

#include "widgets/viewport.h"

namespace modescope {

/// Two pictures of one size in one place: wiped over each other, or as a map of their difference. While F is
/// held the second one covers the first: what jumps is what differs. The wheel zooms, dragging moves the
/// wipe's edge or, away from it, the picture; arrows move the edge.
class PairView : public QWidget {
    Q_OBJECT
public:
    enum class Mode { Wipe, Difference };
    struct Side {
        QImage picture;
        QString label;
        QColor colour;
    };

    explicit PairView(QWidget* parent = nullptr);

    void set_pair(const Side& first, const Side& second);
    void set_mode(Mode mode);
    Mode mode() const { return mode_; }
    void set_split(double split);  ///< where the edge stands, of 0 … 1
    double split() const { return split_; }
    /// Shows the second picture alone; what F does while it is held.
    void set_flipped(bool flipped);
    bool flipped() const { return flipped_; }
    /// Mean |a − b| of the two, of 0 … 1; 0 without both.
    double difference() const { return difference_; }

    void set_view(const Viewport& view);  ///< emits nothing
    QRect picture_rect() const;

    QSize sizeHint() const override { return {280, 300}; }
    QSize minimumSizeHint() const override { return {160, 184}; }

signals:
    void view_changed(const modescope::Viewport& view);
    void split_changed(double split);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    bool complete() const { return !first_.picture.isNull() && !second_.picture.isNull(); }
    double edge() const;
    bool near_edge(QPoint position) const;
    void move_split(double split);
    void change_view(const Viewport& view);
    void make_difference();
    void describe();
    void draw_picture(QPainter& painter, const QImage& picture, const QRectF& clip) const;
    void draw_edge(QPainter& painter) const;
    void draw_labels(QPainter& painter) const;

    Side first_, second_;
    QImage difference_map_;
    double difference_ = 0;
    Mode mode_ = Mode::Wipe;
    Viewport view_;
    double split_ = 0.5;
    bool flipped_ = false, moves_edge_ = false;
    std::optional<QPoint> hand_;  ///< where it was, while it drags
};

}  // namespace modescope
