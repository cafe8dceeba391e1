#pragma once

#include <QPointF>
#include <QRectF>
#include <QSize>

namespace modescope {

/// Which part of a picture a widget shows, and how large. Fitting is as large as goes in, and stays so when
/// the widget changes its size, until a person zooms.
class CanvasView {
public:
    void set_picture(QSize pixels);  ///< fits anew if the size is another
    void set_room(QSize room);       ///< of the widget

    /// Where the picture lies in the widget, and how many screen units a pixel of it takes.
    QRectF canvas() const { return canvas_; }
    double zoom() const { return picture_.isEmpty() ? 1 : canvas_.width() / picture_.width(); }
    bool fits() const { return fits_; }

    QPointF to_picture(QPointF position) const { return (position - canvas_.topLeft()) / zoom(); }
    QPointF to_screen(QPointF pixel) const { return canvas_.topLeft() + pixel * zoom(); }
    QRectF to_screen(QRectF pixels) const { return {to_screen(pixels.topLeft()), pixels.size() * zoom()}; }

    void fit();
    /// What lies at `around` stays there. Between a picture pixel a screen pixel (or fitting, if that is
    /// less) and sixty-four.
    void set_zoom(double zoom, QPointF around);
    void pan(QPointF by);

private:
    QRectF fitting() const;
    void keep_in_sight();

    QSize picture_, room_;
    QRectF canvas_;
    bool fits_ = true;
};

}  // namespace modescope
