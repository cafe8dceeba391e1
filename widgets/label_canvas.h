#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QPainterPath>
#include <QUndoStack>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/base/image.h"
#include "core/tasks/palette.h"
#include "widgets/canvas_view.h"
#include "widgets/edit_history.h"
#include "widgets/paint_tools.h"

namespace modescope {

/// Shows a label map as large as fits, pixels crisp, perhaps over a picture, and lets people paint on it.
///
/// Mouse: left uses the tool, Shift keeps shapes regular or draws a straight line from the last point, right
/// click or Alt+click picks what is under the pointer, the middle button or Space+left moves the view, the
/// wheel zooms around the pointer, Ctrl+wheel changes the brush's size.
/// Pen: pressure scales the brush, the eraser end erases; it never moves the view.
/// Keys: arrows move a cell cursor (with Shift by eight), Enter uses the tool there, `[` `]` the size,
/// 1 … 9, 0, Shift+A … Z the class, + and − zoom, Escape drops the stroke in progress, Tab held shows the
/// bare picture (a tap moves the focus on). A tap on Space, without moving the view, does what the page has
/// on that key. The eraser paints class 0. Every stroke, fill, shape and replacement is one command of
/// undo_stack().
class LabelCanvas : public QWidget {
    Q_OBJECT
public:
    using Tool = PaintTool;
    static constexpr int max_brush_size = 128;  ///< label pixels

    explicit LabelCanvas(QWidget* parent = nullptr);

    void set_classes(std::vector<LabelClass> classes);
    /// A new document: clears the undo stack.
    void set_labels(LabelMap labels);
    /// An undoable change of the whole picture, `text` names it in the undo menu. Same size.
    void replace_labels(const LabelMap& labels, const QString& text);
    /// The same without a command of its own; for one that changes more than labels.
    void show_labels(const LabelMap& labels);
    const LabelMap& labels() const { return labels_; }
    QUndoStack* undo_stack() { return history_.stack(); }
    /// A change of something else than labels, in the same order of undoing.
    void push(Edit edit) { history_.push(std::move(edit)); }

    /// What lies under the labels, of any size; null: nothing.
    void set_backdrop(const QImage& picture);
    /// The class that lets the backdrop through; −1: none.
    void set_clear_class(int index);
    void set_opacity(double opacity);  ///< of the labels over a backdrop, 0 … 1; at first 1
    void set_borders(bool shown);      ///< lines between the classes; at first not
    void set_locked(const Locks& locked) { locked_ = locked; }
    bool has_backdrop() const { return !backdrop_.isNull(); }
    /// The page has commands for classes and brush sizes, whose keys a person may change: 0 … 9, `[` and `]`
    /// are its own then.
    void leave_keys_to_page() { keys_left_ = true; }

    Tool tool() const { return tool_; }
    int current_class() const { return class_; }
    int brush_size() const { return brush_size_; }
    /// The picture inside the widget and how many screen units a label pixel takes.
    QRectF canvas_rect() const { return view_.canvas(); }
    double zoom() const { return view_.zoom(); }
    /// "sky"; "class 9" if there is no such class.
    QString class_name(int label) const;
    std::optional<QPoint> cell() const { return cell_; }

    QSize sizeHint() const override { return {520, 520}; }
    QSize minimumSizeHint() const override { return {160, 160}; }

public slots:
    void set_tool(modescope::PaintTool tool);
    void set_class(int index);        ///< also puts eraser and eyedropper away
    void set_brush_size(int pixels);  ///< clamped to 1 … max_brush_size
    void set_bare(bool bare);         ///< labels are hidden where there is a backdrop
    void resize_brush(int steps);     ///< larger ones in larger steps
    void zoom_to_fit();
    void zoom_to_pixels();        ///< a label pixel takes a screen pixel
    void zoom_by(double factor);  ///< around the middle

signals:
    void labels_changed();   ///< at every change, within a stroke too
    void stroke_finished();  ///< a stroke, fill or shape that changed something has ended
    void class_changed(int index);
    void tool_changed(modescope::PaintTool tool);
    void brush_size_changed(int pixels);
    void hovered(QPoint pixel, int label);  ///< (−1, −1) and −1 outside the picture
    /// The eyedropper was used where the backdrop shows.
    void backdrop_picked(QPoint pixel);
    /// With the photo tool: dragged, in label pixels; scaled by a factor around a point; let go.
    void photo_dragged(QPointF by);
    void photo_scaled(double factor, QPointF around);
    void photo_released();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void tabletEvent(QTabletEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    bool contains(QPoint pixel) const;
    bool in_corners() const;

    void press(QPointF position, Qt::KeyboardModifiers modifiers, Tool tool);
    void begin(QPointF from, QPointF to, Tool tool, bool regular);
    void move(QPointF position, bool regular);
    void extend(QPointF to, bool regular);
    void end_stroke();
    void cancel_stroke();
    void click(const ToolInfo& tool, QPoint pixel);
    void pick(QPoint pixel);
    void drag_view(QPointF position);
    void keep(TilePatch patch, const QString& text);
    void show_change(QRect pixels);

    void colour_image(QRect pixels);
    int held_size() const;
    std::optional<QPointF> held_position() const;
    QRect held_area() const;
    void hold_at(std::optional<QPointF> pointer, std::optional<QPoint> cell);
    void show_cursor(bool inside);
    void update_outline();
    void update_description();
    void draw_picture(QPainter& painter);
    void draw_brush(QPainter& painter) const;
    void draw_way(QPainter& painter) const;
    void draw_cross(QPainter& painter) const;

    bool is_own_key(const QKeyEvent& event) const;
    void move_cell(QPoint step);
    void use_at_cell();
    void press_tab(const QKeyEvent& event);
    void release_tab();
    void release_space();

    std::vector<LabelClass> classes_;
    LabelMap labels_;
    QImage image_;     ///< labels_ in colours
    QImage backdrop_;  ///< null: none
    int clear_class_ = -1;
    double opacity_ = 1;
    bool borders_ = false, bare_ = false, keys_left_ = false;
    std::optional<QPainterPath> border_lines_;  ///< of labels_; none: to be found anew
    Locks locked_;
    CanvasView view_;
    EditHistory history_;
    Tool tool_ = Tool::Brush;
    int class_ = 0;
    int brush_size_ = 7;
    double pressure_ = 1;                    ///< of the pen, 0 … 1
    int wheel_rest_ = 0;                     ///< of a turn too small for a step, in eighths of a degree
    std::optional<LabelStroke> stroke_;      ///< while the button is down or corners are clicked
    std::optional<QPointF> view_drag_;       ///< where the view or the photo was dragged to last
    bool photo_drag_ = false;                ///< it is the photo
    std::optional<QPointF> pointer_;         ///< label pixels, none when away
    std::optional<QPoint> cell_;             ///< the keyboard's cursor, none while the mouse is used
    std::optional<QPointF> last_point_;      ///< where Shift+click starts
    QPainterPath outline_;                   ///< of a brush of held_size(), label pixels
    std::optional<QElapsedTimer> tab_held_;  ///< since Tab went down
    std::optional<bool> space_held_;         ///< whether it has moved the view since it went down
};

}  // namespace modescope
