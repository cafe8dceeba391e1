#pragma once

#include <QWidget>

#include "core/worlds/world.h"
#include "widgets/label_canvas.h"

class QAction;
class QSettings;
class QSlider;
class QVBoxLayout;

namespace modescope {

class ClassPalette;

/// The left half of the Paint Studio: tools, canvas, classes and brush. Its actions() are the page's, so
/// that their keys work wherever the focus is.
class PaintDesk : public QWidget {
    Q_OBJECT
public:
    /// `below` stands under the brush while there is room for it.
    explicit PaintDesk(QWidget* below, QWidget* parent = nullptr);

    LabelCanvas* canvas() const { return canvas_; }
    const Palette& classes() const { return classes_; }

    /// What is painted from now on. A drawing of the same classes is kept, scaled to the new size; that
    /// clears the undo stack. Without a world there are no random layouts.
    void set_classes(const Palette& classes, const World* world, int size);
    /// A new drawing by the world's own rules; undoable.
    void random_layout();

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* build_rail();
    QLayout* build_brush_row();
    QAction* tool_action(LabelCanvas::Tool tool, const QString& name, const QString& icon_name, int key,
                         const QString& help);
    void add_undo_actions(QVBoxLayout* rail);
    void add_digit_actions();
    void connect_canvas();
    LabelMap draw_layout(int size) const;

    const World* world_;
    Palette classes_;
    LabelCanvas* canvas_;
    ClassPalette* palette_;
    QSlider* brush_;
    QWidget* below_;
    QWidget* column_;
};

}  // namespace modescope
