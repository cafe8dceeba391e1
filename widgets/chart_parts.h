#pragma once

// What the charts' sources share. Not for others: it includes qcustomplot.h.

#include <qcustomplot.h>

#include <QFont>
#include <algorithm>
#include <cmath>
#include <vector>

#include "widgets/chart.h"

namespace modescope {

/// Values over x, thinned out so that a long run costs no more than a short one. The newest is always kept.
template <class Value>
class Track {
public:
    struct Point {
        double x;
        Value value;
    };

    void append(double x, const Value& value) {
        if (!points_.empty() && x <= points_.back().x) go_back(x);
        if (skipped_ > 0)
            points_.back() = {x, value};
        else
            points_.push_back({x, value});
        skipped_ = (skipped_ + 1) % stride_;
        if (points_.size() >= LineChart::max_points) halve();
    }

    void clear() { *this = Track(); }
    const std::vector<Point>& points() const { return points_; }

    /// The point nearest x; null without points.
    const Point* nearest(double x) const {
        if (points_.empty()) return nullptr;
        auto right = std::lower_bound(points_.begin(), points_.end(), x,
                                      [](const Point& point, double at) { return point.x < at; });
        if (right == points_.end()) return &points_.back();
        if (right != points_.begin() && x - std::prev(right)->x < right->x - x) --right;
        return &*right;
    }

private:
    void go_back(double x) {
        while (!points_.empty() && points_.back().x >= x) points_.pop_back();
        skipped_ = 0;
    }

    void halve() {
        std::size_t kept = 1;
        for (std::size_t i = 1; i < points_.size(); i += 2) points_[kept++] = points_[i];
        points_.resize(kept);
        stride_ *= 2;
        skipped_ = 0;
    }

    std::vector<Point> points_;
    int stride_ = 1;   ///< one of so many values is kept
    int skipped_ = 0;  ///< values since the last one that stays; above 0, the tail is replaced
};

inline QString number(double value) { return QString::number(value, 'g', 9); }

inline QFont smaller(QFont font) {
    if (font.pixelSize() > 0)
        font.setPixelSize(qRound(font.pixelSize() * 0.85));
    else
        font.setPointSizeF(font.pointSizeF() * 0.85);
    return font;
}

/// A new range only if the data leaves `old` or fills less than half of it, so that a live axis stays calm.
inline QCPRange calm_range(const QCPRange& old, const QCPRange& data, const QCPRange& wanted) {
    const bool inside = data.lower >= old.lower && data.upper <= old.upper;
    return inside && wanted.size() > 0.5 * old.size() ? old : wanted;
}

/// Room above, and 0 included where the data comes near it.
inline QCPRange linear_range(const QCPRange& old, const QCPRange& data) {
    const double size = std::max(data.size(), 1e-9 + 0.02 * std::abs(data.upper));
    const bool from_zero = data.lower >= 0 && data.lower < data.upper / 2;
    return calm_range(old, data, {from_zero ? 0.0 : data.lower - 0.08 * size, data.upper + 0.12 * size});
}

struct Chart::Plot {
    QCustomPlot* widget;
    QCPItemStraightLine* cursor;
    bool fitted = false;  ///< whether the y axis was fitted to data yet

    explicit Plot(QWidget* parent)
        : widget(new QCustomPlot(parent)), cursor(new QCPItemStraightLine(widget)) {
        cursor->setLayer("overlay");  // a buffer of its own: moving it draws no curve again
        cursor->setVisible(false);
        cursor->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
        cursor->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
        widget->axisRect()->setMinimumMargins(QMargins(4, 4, 4, 4));
        widget->yAxis->setRange(0, 1);
        widget->setObjectName(QStringLiteral("plot"));
        widget->setMinimumSize(120, 80);
        widget->setNoAntialiasingOnDrag(true);
    }

    /// The y range to keep if the data allows it; empty before the first fit.
    QCPRange calm_y() const { return fitted ? widget->yAxis->range() : QCPRange(0, 0); }

    void fit_y(const QCPRange& range) {
        widget->yAxis->setRange(range);
        fitted = true;
    }

    void move_cursor(double x) {
        cursor->point1->setCoords(x, 0);
        cursor->point2->setCoords(x, 1);
        cursor->setVisible(true);
    }

    void replot_overlay() { widget->layer("overlay")->replot(); }
};

}  // namespace modescope
