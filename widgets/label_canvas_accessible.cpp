#include "widgets/label_canvas_accessible.h"

#include <QAccessibleWidget>

#include "widgets/label_canvas.h"

namespace modescope {
namespace {

class CanvasInterface : public QAccessibleWidget {
public:
    explicit CanvasInterface(LabelCanvas* canvas) : QAccessibleWidget(canvas, QAccessible::Canvas) {}

    QString text(QAccessible::Text kind) const override {
        const auto* canvas = static_cast<const LabelCanvas*>(object());
        if (kind == QAccessible::Value && canvas->cell())
            return canvas->class_name(canvas->labels().at(canvas->cell()->x(), canvas->cell()->y()));
        return QAccessibleWidget::text(kind);
    }
};

QAccessibleInterface* interface_of(const QString&, QObject* object) {
    auto* canvas = qobject_cast<LabelCanvas*>(object);
    return canvas ? new CanvasInterface(canvas) : nullptr;
}

}  // namespace

void make_canvases_accessible() {
    static const bool once = [] {
        QAccessible::installFactory(interface_of);
        return true;
    }();
    Q_UNUSED(once)
}

}  // namespace modescope
