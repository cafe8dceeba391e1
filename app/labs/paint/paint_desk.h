#pragma once

#include <QWidget>

#include "app/labs/paint/paint_board.h"
#include "widgets/label_canvas.h"

class QLabel;
class QAction;
class QSettings;
class QPushButton;
class QSlider;
class QUndoView;
class QVBoxLayout;

namespace modescope {

class BoardOperations;
class ClassPalette;

/// The left half of the Paint Studio: tools, canvas, classes and brush. Its actions() are the page's, so
/// that their keys work wherever the focus is.
class PaintDesk : public QWidget {
    Q_OBJECT
public:
    /// `below` stands under the brush while there is room for it.
    explicit PaintDesk(QWidget* below, QWidget* parent = nullptr);

    LabelCanvas* canvas() const { return canvas_; }
    /// What can be painted; for label maps the model's classes.
    const Palette& classes() const { return board_->classes(); }
    BoardOperations* operations() const { return operations_; }

    /// What is asked of the model: of its task and size.
    Condition condition() const;
    /// What it was made from, where that is known; see PaintBoard::example().
    std::optional<Example> example() const { return board_->example(); }
    std::optional<std::uint64_t> example_seed() const { return board_->example_seed(); }
    const Image& photo() const { return board_->photo(); }
    /// From now on conditions are made for this model: its task chooses the board. A drawing that fits is
    /// kept, scaled to the new size; that clears the undo stack.
    void set_model(const Sampler& model);
    bool fits(const Sampler& model) const { return board_->fits(model); }
    /// Shows a condition from elsewhere, as one undo step. False, and nothing happens, if it does not fit
    /// the model's task, size or classes.
    bool set_condition(const Condition& condition, std::optional<std::uint64_t> example_seed = {},
                       const Image& whole = {});
    /// A new condition by the world's own rules; undoable.
    void random_layout();
    /// A sample that lies under the labels of a label map while a person wants it; null: none.
    void set_sample(const QImage& sample);
    bool wants_sample() const;

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

signals:
    void condition_changed();
    void sample_wanted();  ///< another sample, or none any more: answer with set_sample()
    /// "x 3 · y 5 · road" for the status line; empty outside the picture.
    void hovered(const QString& where);
    /// "face.png · 3 of 42": where a person is in a folder.
    void walked(const QString& where);
    /// One sentence about a picture that a person opened or dropped.
    void problem(const QString& sentence);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject*, QEvent* event) override;

private:
    QWidget* build_rail();
    QLayout* build_brush_row();
    QWidget* build_opacity();
    QPushButton* build_layouts();
    void show_opacity();
    void change_opacity(int percent);
    QAction* tool_action(const ToolInfo& tool);
    void add_undo_actions(QVBoxLayout* rail);
    void add_digit_actions();
    void connect_canvas();
    void add_view_actions(QVBoxLayout* rail);
    void show_task();
    QString where(QPoint pixel, int label) const;

    LabelCanvas* canvas_;
    PaintBoard* board_;
    ClassPalette* palette_;
    QSlider *brush_, *opacity_;
    QWidget* opacity_row_ = nullptr;
    QLabel* opacity_name_;
    QPushButton *random_ = nullptr, *layouts_ = nullptr;
    QAction* sample_ = nullptr;                                ///< checked: a sample lies under the labels
    int percent_over_sample_ = 50, percent_over_photo_ = 100;  ///< the labels' opacity
    BoardOperations* operations_;
    QUndoView* history_;
    QList<QAction*> painting_tools_;  ///< what a picture that is only shown has no use for
    QAction* photo_tool_ = nullptr;
    QWidget* below_;
    QWidget* column_;
};

}  // namespace modescope
