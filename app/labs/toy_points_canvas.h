#pragma once

#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/worlds/toy_points.h"

namespace modescope {

/// The toy's plane to draw points on: a stroke of the mouse leaves a cloud along its way, under it glows what
/// p(y | x) the points make. GUI thread only.
class ToyPointsCanvas : public QWidget {
    Q_OBJECT

public:
    explicit ToyPointsCanvas(QWidget* parent = nullptr);

    const std::vector<ToyPoint>& points() const { return points_; }
    /// One step that undo() takes back.
    void replace(std::vector<ToyPoint> points);
    /// Forgets what could be undone, too.
    void begin_with(std::vector<ToyPoint> points);
    void undo();
    void redo();
    bool can_undo() const { return !past_.empty(); }
    bool can_redo() const { return !future_.empty(); }
    /// σ of a stroke's cloud in both directions, in units of the plane; 0.01 to 0.3.
    void set_spread(double spread);

    QSize sizeHint() const override { return {640, 460}; }
    QSize minimumSizeHint() const override { return {320, 220}; }

signals:
    /// After each stroke and each change from outside.
    void changed();

protected:
    void changeEvent(QEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QRectF plane() const;
    void remember();
    void spray(QPointF at, int count);
    void settle();
    void render_glow();
    void paint_points(QPainter& painter) const;

    std::vector<ToyPoint> points_;
    std::vector<std::vector<ToyPoint>> past_, future_;
    std::optional<QPointF> pointer_;
    double spread_ = 0.05;
    double owed_ = 0;  ///< part of a point that the stroke's way is still worth
    bool drawing_ = false;
    Rng random_{1};
    QImage glow_;
};

}  // namespace modescope
