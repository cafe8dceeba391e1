#pragma once

#include <QWidget>

#include "core/sampling/sampler.h"
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

    /// What is asked of the model, of its size.
    Condition condition() const;
    /// What is painted from now on. A drawing of the same classes is kept, scaled to the new size; that
    /// clears the undo stack. Without a world there are no random layouts.
    void set_model(const Sampler& model);
    /// As one undo step; false if it does not fit the model's task, size or classes.
    bool set_condition(const Condition& condition);
    /// A new drawing by the world's own rules; undoable.
    void random_layout();

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

signals:
    void condition_changed();
    void hovered(const QString& where);  ///< "x 3 · y 5 · road"; empty: not over the drawing

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
    void set_classes(const Palette& classes, const World* world, int size);
    void tell_hovered(QPoint pixel, int label);
    LabelMap draw_layout(int size) const;

    const World* world_;
    Task task_ = Task::labels;
    Condition picture_;  ///< of the tasks that do not draw labels
    Palette classes_;
    LabelCanvas* canvas_;
    ClassPalette* palette_;
    QSlider* brush_;
    QWidget* below_;
    QWidget* column_;
};

}  // namespace modescope
