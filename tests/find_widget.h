#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QTest>

#include "widgets/label_canvas.h"

namespace modescope {

/// The widget of that kind with that accessible name, in a page or window that has one.
template <class T>
T& find_named(const QWidget& page, const char* name) {
    for (T* widget : page.findChildren<T*>())
        if (widget->accessibleName() == QLatin1String(name)) return *widget;
    qFatal("There is no %s", name);
}

/// The middle of a pixel of the drawing, in the canvas's own coordinates.
inline QPoint pixel_on(const LabelCanvas& canvas, int x, int y) {
    return (canvas.canvas_rect().topLeft() + QPointF(x + 0.5, y + 0.5) * canvas.zoom()).toPoint();
}

/// QTest::mouseMove does not say that the button is down.
inline void move_pressed(QWidget& widget, QPointF to, Qt::KeyboardModifiers modifiers = {}) {
    QMouseEvent move(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, modifiers);
    QApplication::sendEvent(&widget, &move);
}

}  // namespace modescope
