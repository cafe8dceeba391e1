#pragma once

#include <QImage>
#include <QWidget>
#include <array>
#include <optional>

#include "core/worlds/style_reader.h"

namespace modescope {

/// Six small pictures side by side: the mean of the samples, the predicted and the true one, and the
/// same three of the standard deviation, in one colour scale whose bar stands at the right.
class MomentStrip : public QWidget {
    Q_OBJECT
public:
    explicit MomentStrip(QWidget* parent = nullptr);

    /// Nothing: not known, its place stays empty. σ is shown as its mean over the colour channels.
    void set_moments(const std::optional<Moments>& samples, const std::optional<Moments>& predicted,
                     const std::optional<Moments>& truth);
    /// The end of the scale of σ: the largest shown, of 0 … 1.
    double scale() const { return scale_; }
    QRect picture_rect(int index) const;
    QImage picture(int index) const { return cells_[index].picture; }

    /// Captions included, for pictures as large as the width allows.
    int fitting_height(int width) const;
    QSize sizeHint() const override { return {640, 140}; }
    QSize minimumSizeHint() const override { return {240, 72}; }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    static constexpr int count = 6;
    struct Cell {
        QImage picture;
        QString caption;
        QString help;
    };

    int side() const;
    int caption_height() const;
    int scale_room() const;
    void draw_cell(QPainter& painter, int index) const;
    void draw_scale(QPainter& painter) const;

    std::array<Cell, count> cells_;
    double scale_ = 0;
};

/// The colours of a scale from 0 (black) over purple and orange to 1 (pale yellow), evenly perceived.
QRgb heat_colour(double value);

}  // namespace modescope
