#pragma once

#include <QFrame>

class QListWidget;
class QListWidgetItem;

namespace modescope {

class PaintBoard;

/// A popup with small pictures to begin with: an empty drawing, where the task has one, and examples of the
/// world that are always the same. A click or Enter puts one on the board, undoably; Escape leaves it.
class LayoutPicker : public QFrame {
    Q_OBJECT
public:
    LayoutPicker(PaintBoard* board, QWidget* parent);

    /// Above or below `at`, wherever there is room.
    void open_at(QWidget& at);

protected:
    bool eventFilter(QObject*, QEvent* event) override;

private:
    void fill();
    void take(QListWidgetItem* item);

    PaintBoard* board_;
    QListWidget* list_;
};

}  // namespace modescope
