#pragma once

#include <QImage>
#include <QWidget>

#include "widgets/viewport.h"

namespace modescope {

/// One picture of any shape, as large as it fits; the wheel zooms around the pointer, dragging moves, a
/// double click shows all.
class PictureView : public QWidget {
    Q_OBJECT
public:
    explicit PictureView(QWidget* parent = nullptr);

    /// Keeps the part that is seen. `placeholder` stands there while the picture is null.
    void set_picture(const QImage& picture, const QString& placeholder = {});
    const QImage& picture() const { return picture_; }
    const Viewport& view() const { return view_; }
    /// Where all of the picture would lie.
    QRectF place() const;

    QSize sizeHint() const override { return {720, 420}; }
    QSize minimumSizeHint() const override { return {160, 96}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void change_view(const Viewport& view);

    QImage picture_;
    QString placeholder_;
    Viewport view_;
    QPointF dragged_;
};

}  // namespace modescope
