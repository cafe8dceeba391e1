#pragma once

#include <QWidget>

#include "app/labs/compare_drawing.h"

class QHBoxLayout;
class QLabel;
class QSpinBox;

namespace modescope {

/// The condition that all rows answer: its picture, a true answer where one is known, and the way to another.
class CompareInput : public QWidget {
    Q_OBJECT
public:
    explicit CompareInput(QWidget* parent = nullptr);

    /// Silent. `count`: of the conditions there are.
    void set_count(int count);
    void show_case(const ShownCase& shown);
    int index() const;
    void set_index(int index);

signals:
    void index_changed(int index);
    void open_requested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void add_button(QHBoxLayout* row, const QString& icon, const QString& text, int key,
                    const QString& help, const std::function<void()>& run);
    void draw_random();
    void scale_pictures();

    QLabel *condition_, *target_, *name_, *target_name_;
    QSpinBox* number_;
    QImage condition_picture_, target_picture_;
};

}  // namespace modescope
