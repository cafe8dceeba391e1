#pragma once

#include <QWidget>

#include "app/labs/compare/compare_drawing.h"
#include "app/labs/compare/compare_source.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSpinBox;

namespace modescope {

/// The condition that all rows answer: its picture, a true answer where one is known, and the way to another.
class CompareInput : public QWidget {
    Q_OBJECT
public:
    explicit CompareInput(QWidget* parent = nullptr);

    /// All silent. `count`: of the conditions there are.
    void set_count(int count);
    void set_kind(InputSource::Kind kind);
    void show_case(const ShownCase& shown);
    int index() const;
    void set_index(int index);

signals:
    void index_changed(int index);
    /// Another source, perhaps of the same kind as now.
    void source_requested(modescope::InputSource::Kind kind);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QComboBox* make_source_box();
    void add_source_actions();
    QHBoxLayout* make_steps();
    void draw_random();
    void scale_pictures();

    QLabel *condition_, *target_, *name_, *target_name_;
    QComboBox* source_;
    QSpinBox* number_;
    std::vector<QAction*> steps_;  ///< to other inputs
    InputSource::Kind kind_ = InputSource::Kind::held_out;
    QImage condition_picture_, target_picture_;
};

}  // namespace modescope
