#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/worlds/toy_points.h"

namespace modescope {

/// The toy's plane to draw points on: a stroke of the left button leaves a cloud along its way, one of the
/// right button takes points away, and under them glows what p(y | x) they make. GUI thread only.
class ToyPointsCanvas : public QWidget {
    Q_OBJECT

public:
    explicit ToyPointsCanvas(QWidget* parent = nullptr);

    const std::vector<ToyPoint>& points() const { return points_; }
    /// One step that undo() takes back.
    void replace(std::vector<ToyPoint> points);
    void undo();
    void redo();
    bool can_undo() const { return !past_.empty(); }
    bool can_redo() const { return !future_.empty(); }
    /// σ of a stroke's cloud in both directions, in units of the plane; 0.01 to 0.3.
    void set_spread(double spread);
    bool is_drawing() const { return stroke_ != Stroke::none; }

    QSize sizeHint() const override { return {640, 460}; }
    QSize minimumSizeHint() const override { return {320, 220}; }

signals:
    /// While a stroke goes on, after it, and after each change from outside.
    void changed();
    /// The wheel was turned, up for more.
    void spread_stepped(int steps);

protected:
    void changeEvent(QEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    enum class Stroke { none, draw, erase };

    QRectF plane() const;
    QSizeF ring() const;
    void remember();
    void move_stroke(QPointF from, QPointF to);
    void spray(QPointF at, int count);
    void erase(QPointF at);
    void settle();
    void preview();
    void render_glow(QSize pixels);
    void paint_points(QPainter& painter) const;
    void paint_hint(QPainter& painter) const;
    void paint_ring(QPainter& painter) const;

    std::vector<ToyPoint> points_;
    std::vector<std::vector<ToyPoint>> past_, future_;
    std::optional<QPointF> pointer_;
    double spread_ = 0.05;
    double owed_ = 0;  ///< part of a point that the stroke's way is still worth
    Stroke stroke_ = Stroke::none;
    Rng random_{1};
    QImage glow_;
    QElapsedTimer since_glow_;
};

}  // namespace modescope
