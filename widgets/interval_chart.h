#pragma once

#include <QColor>
#include <QWidget>
#include <array>
#include <optional>
#include <vector>

namespace modescope {

/// Values with their intervals as dots and bars, one line each, over a common axis that begins at 0.
class IntervalChart : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString label;
        QColor colour;
        double value = 0;  ///< ≥ 0
        std::optional<std::array<double, 2>> interval;
    };
    /// A vertical line with its meaning above it.
    struct Guide {
        double value = 0;
        QString label;
    };

    explicit IntervalChart(QWidget* parent = nullptr);

    /// The axis reaches to `least_end` or as far as the rows need.
    void set_axis(double least_end, std::vector<Guide> guides);
    void set_rows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return rows_; }
    /// Writes what is shown under a title; the suffix (png, svg) chooses the format. False if it cannot.
    bool save_image(const QString& path, const QString& title);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {320, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paint_export(QPaintDevice& device, const QString& title);
    double end() const;
    int label_width() const;
    int head_height() const;
    double position(double value) const;
    void paint(QPainter& painter) const;
    void draw_axis(QPainter& painter) const;
    void draw_row(QPainter& painter, int index) const;
    void describe();

    double least_end_ = 1;
    std::vector<Guide> guides_;
    std::vector<Row> rows_;
};

}  // namespace modescope
