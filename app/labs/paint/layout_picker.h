#pragma once

#include <QFrame>
#include <QPointer>
#include <QThread>

class QListWidget;
class QListWidgetItem;

namespace modescope {

class PaintBoard;

/// A popup with small pictures to begin with: an empty drawing, where the task has one, and examples of the
/// world that are always the same, which appear as they are drawn on a thread of their own. A click or Enter
/// puts one on the board, undoably; Escape leaves it.
class LayoutPicker : public QFrame {
    Q_OBJECT
public:
    LayoutPicker(PaintBoard* board, QWidget* parent);
    /// Waits for the picture that is being drawn.
    ~LayoutPicker() override;

    /// Above or below `at`, wherever there is room.
    void open_at(QWidget& at);

protected:
    bool eventFilter(QObject*, QEvent* event) override;

private:
    void fill();
    void draw_pictures();
    void stop_drawing();
    void take(QListWidgetItem* item);

    PaintBoard* board_;
    QListWidget* list_;
    QPointer<QThread> painter_;  ///< of the pictures, while it runs
};

}  // namespace modescope
