#pragma once

#include <QImage>
#include <QPainterPath>
#include <QUndoStack>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/base/image.h"
#include "core/worlds/world.h"

namespace modescope {

/// Shows a label map as large as fits, pixels crisp, and lets people paint on it.
///
/// Mouse: left paints (or erases, or fills), Shift+click draws a straight line from the last point,
/// right click or Alt+click picks the class under the pointer, Ctrl+wheel changes the brush's size.
/// Pen: pressure scales the brush, the eraser end erases. Keys: arrows move a cell cursor (with
/// Shift by eight), Enter paints there, `[` `]` the size, 1 … 9 the class, Escape drops the stroke
/// in progress. Space is left to the page. The eraser paints class 0.
/// Every stroke, fill, line and replacement is one command of undo_stack().
class LabelCanvas : public QWidget {
    Q_OBJECT
public:
    enum class Tool { Brush, Eraser, Fill };
    Q_ENUM(Tool)
    static constexpr int max_brush_size = 128;  ///< label pixels

    explicit LabelCanvas(QWidget* parent = nullptr);

    void set_classes(std::vector<LabelClass> classes);
    /// A new document: clears the undo stack.
    void set_labels(LabelMap labels);
    /// An undoable change of the whole picture, `text` names it in the undo menu. Same size.
    void replace_labels(const LabelMap& labels, const QString& text);
    const LabelMap& labels() const { return labels_; }
    QUndoStack* undo_stack() { return &undo_; }

    Tool tool() const { return tool_; }
    int current_class() const { return class_; }
    int brush_size() const { return brush_size_; }
    /// The picture inside the widget and how many screen units a label pixel takes.
    QRectF canvas_rect() const { return canvas_; }
    double zoom() const;

    QSize sizeHint() const override { return {520, 520}; }
    QSize minimumSizeHint() const override { return {160, 160}; }

public slots:
    void set_tool(Tool tool);
    void set_class(int index);        ///< also puts the eraser away
    void set_brush_size(int pixels);  ///< clamped to 1 … max_brush_size

signals:
    void labels_changed();   ///< at every change, within a stroke too
    void stroke_finished();  ///< a stroke, fill or line that changed something has ended
    void class_changed(int index);
    void tool_changed(modescope::LabelCanvas::Tool tool);
    void brush_size_changed(int pixels);
    void hovered(QPoint pixel, int label);  ///< (−1, −1) and −1 outside the picture

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void tabletEvent(QTabletEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Stroke {
        LabelMap before;
        QRect touched;
        QPointF last;
        Tool tool;
    };

    QPointF to_label(QPointF position) const;
    QRectF to_screen(QRectF pixels) const;
    bool contains(QPoint pixel) const;
    QString class_name(int label) const;

    void press(QPointF position, Qt::KeyboardModifiers modifiers, Tool tool);
    void move(QPointF position);
    void paint_from(QPointF from, QPointF to, Tool tool);
    void extend_stroke(QPointF to);
    void end_stroke();
    void cancel_stroke();
    void fill(QPoint pixel);
    void pick(QPointF position);
    void push(QRect changed, const LabelMap& before, const LabelMap& after, const QString& text);
    void put(QPoint where, const LabelMap& patch);
    void show_change(QRect pixels);

    void refresh_image(QRect pixels);
    void lay_out();
    int held_size() const;
    std::optional<QPointF> held_position() const;
    QRect held_area() const;
    void hold_at(std::optional<QPointF> pointer, std::optional<QPoint> cell);
    void update_outline();
    void update_description();
    void draw_brush(QPainter& painter) const;
    void draw_cross(QPainter& painter) const;

    bool is_own_key(const QKeyEvent& event) const;
    void move_cell(QPoint step);
    void paint_cell();
    void resize_brush(int steps);

    std::vector<LabelClass> classes_;
    LabelMap labels_;
    QImage image_;   ///< labels_ in colours
    QRectF canvas_;  ///< where image_ is drawn
    QUndoStack undo_;
    Tool tool_ = Tool::Brush;
    int class_ = 0;
    int brush_size_ = 7;
    double pressure_ = 1;                ///< of the pen, 0 … 1
    int wheel_rest_ = 0;                 ///< of a turn too small for a step, in eighths of a degree
    std::optional<Stroke> stroke_;       ///< while the button is down
    std::optional<QPointF> pointer_;     ///< label pixels, none when away
    std::optional<QPoint> cell_;         ///< the keyboard's cursor, none while the mouse is used
    std::optional<QPointF> last_point_;  ///< where Shift+click starts
    QPainterPath outline_;               ///< of a brush of held_size(), label pixels
};

}  // namespace modescope
