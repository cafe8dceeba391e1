// A Paint Studio that draws one stroke, says when the autosave has it, and waits to be killed. The argument
// is the folder of the autosaves.
#include <QApplication>
#include <QMouseEvent>
#include <QTextStream>

#include "app/labs/paint/paint_document.h"
#include "app/labs/paint/paint_lab.h"
#include "widgets/label_canvas.h"
#include "widgets/theme.h"

using namespace modescope;

namespace {

void send(QWidget& widget, QEvent::Type type, QPointF position, Qt::MouseButton button) {
    const Qt::MouseButtons held = type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton;
    QMouseEvent event(type, position, widget.mapToGlobal(position), button, held, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

void draw_stroke(LabelCanvas& canvas) {
    canvas.set_class(5);
    const QRectF area = canvas.canvas_rect();
    send(canvas, QEvent::MouseButtonPress, area.topLeft() + QPointF(8, 8), Qt::LeftButton);
    send(canvas, QEvent::MouseMove, area.center(), Qt::NoButton);
    send(canvas, QEvent::MouseButtonRelease, area.center(), Qt::LeftButton);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName("modescope-test");
    QCoreApplication::setApplicationName("painter_to_kill");
    apply_theme(app, Scheme::Dark);
    PaintLab lab;
    PaintDocument document(lab, app.arguments().value(1));
    QObject::connect(&document, &PaintDocument::autosaved, &app, [] { QTextStream(stdout) << "stored\n"; });
    lab.resize(1200, 800);
    lab.show();
    draw_stroke(*lab.findChild<LabelCanvas*>());
    return QApplication::exec();
}
