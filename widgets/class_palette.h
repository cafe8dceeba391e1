#pragma once

#include <QButtonGroup>
#include <QWidget>
#include <vector>

#include "core/worlds/world.h"

namespace modescope {

/// The classes of a label map as chips to choose the paint from: colour, name and digit key.
/// The keys themselves are the canvas's business.
class ClassPalette : public QWidget {
    Q_OBJECT
public:
    explicit ClassPalette(QWidget* parent = nullptr);

    void set_classes(const std::vector<LabelClass>& classes);
    int current() const { return group_.checkedId(); }

public slots:
    /// Checks a chip without emitting chosen().
    void set_current(int index);

signals:
    void chosen(int index);  ///< by a person

private:
    void add_chip(const LabelClass& label_class, int index);

    QButtonGroup group_;
};

}  // namespace modescope
