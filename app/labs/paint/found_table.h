#pragma once

#include <QWidget>

#include "app/labs/tile_engine.h"

namespace modescope {

/// How many values of each hidden factor the tiles show, for one or two models side by side: collapse
/// as a row of empty dots.
class FoundTable : public QWidget {
    Q_OBJECT
public:
    explicit FoundTable(QWidget* parent = nullptr);

    void set_study(const TileStudy& study);

    QSize sizeHint() const override;
    /// No height: who has no room for all of it hides it.
    QSize minimumSizeHint() const override { return {200, 0}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int row_height() const;
    QRect cell(int row, int column) const;
    void draw_unknown(QPainter& painter) const;
    void draw_name(QPainter& painter, int row, const QString& name) const;
    void draw_heading(QPainter& painter, int column, const Sampler& model) const;
    void draw_count(QPainter& painter, QRect rect, int found, int possible, const QColor& colour) const;
    void draw_match(QPainter& painter, int column, double match) const;
    QString description() const;

    TileStudy study_;
};

}  // namespace modescope
