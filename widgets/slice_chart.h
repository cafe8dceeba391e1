#pragma once

#include <QColor>
#include <QWidget>
#include <vector>

namespace modescope {

/// A card with densities over y at one x of the toy: the truth as a soft area, every configuration as a line.
/// GUI thread only; setters only schedule a repaint.
class SliceChart : public QWidget {
    Q_OBJECT

public:
    /// Densities at evenly spaced y over ToyView's plane, ends included.
    using Density = std::vector<double>;
    struct Curve {
        QColor colour;
        Density density;
        bool selected = false;  ///< filled, and above the others
    };

    explicit SliceChart(QWidget* parent = nullptr);

    void set_title(const QString& title);
    void set_data(Density truth, std::vector<Curve> curves);

    /// Title and plot on a background of the card's colour, into any painter.
    void paint(QPainter& painter, const QRectF& area) const;

    QSize minimumSizeHint() const override { return {200, 120}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPolygonF line(const QRectF& plane, const Density& density) const;
    void paint_axis(QPainter& painter, const QRectF& plane) const;
    void paint_truth(QPainter& painter, const QRectF& plane) const;
    void paint_curve(QPainter& painter, const QRectF& plane, const Curve& curve) const;

    QString title_;
    Density truth_;
    std::vector<Curve> curves_;
};

}  // namespace modescope
