#pragma once

#include <QButtonGroup>
#include <QLineEdit>
#include <QWidget>
#include <vector>

#include "core/worlds/world.h"

namespace modescope {

/// The classes of a label map as chips to choose the paint from: colour, name and digit key. Above many of
/// them stands a box: what is typed there narrows them, Enter takes the first. The digit keys themselves are
/// the canvas's business.
class ClassPalette : public QWidget {
    Q_OBJECT
public:
    explicit ClassPalette(QWidget* parent = nullptr);

    void set_classes(const std::vector<LabelClass>& classes);
    int current() const { return group_.checkedId(); }
    /// Where a person types a part of a name; hidden while the classes are few.
    QLineEdit* filter() const { return filter_; }
    static constexpr std::size_t many_classes = 16;  ///< beyond it there is the box

public slots:
    /// Checks a chip without emitting chosen().
    void set_current(int index);

signals:
    void chosen(int index);  ///< by a person
    void left();             ///< the box was left by Enter or Escape

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void narrow(const QString& typed);
    void take_first();
    void add_chip(const LabelClass& label_class, int index);

    QButtonGroup group_;
    QLineEdit* filter_;
    QWidget* chips_;
};

}  // namespace modescope
