#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "core/tasks/condition.h"
#include "widgets/label_paint.h"

class QAction;
class QMenu;

namespace modescope {

class LabelCanvas;
class PaintBoard;

/// The row of what can be done with the whole drawing: other operations for each task. What a person
/// opens, drops or has chosen comes in here too. Its actions() are the page's.
class BoardOperations : public QWidget {
    Q_OBJECT
public:
    BoardOperations(LabelCanvas* canvas, PaintBoard* board, QWidget* parent);

    /// Takes a picture from a file, a drop or the clipboard: a photo, or a drawing in the classes' colours.
    /// What cannot be used is told by problem().
    void take_picture(const QImage& picture, const QString& name);
    void open_picture(const QString& path);

signals:
    /// One sentence for the person.
    void problem(const QString& sentence);

private:
    struct Operation {
        QAction* action;
        QWidget* button;
        std::vector<Task> tasks;
    };

    QAction* add(std::vector<Task> tasks, const QString& name, const QString& key, const QString& help,
                 std::function<void()> run);
    void add_mask_operations();
    void add_label_operations();
    void add_replacing();
    void show_those_of_the_task();
    void list_classes(QMenu* menu);
    void edit_mask(LabelMap mask, const QString& text);
    LabelMap centre_square() const;
    void ask_for(const QString& title, std::function<void(const QString& path)> use);
    void open_mask(const QString& path);
    void ask_where_to_export_mask();
    void export_mask(const QString& path);
    void ask_for_colour();

    LabelCanvas* canvas_;
    PaintBoard* board_;
    std::vector<Operation> operations_;
    Locks locked_;
    QAction* lock_ = nullptr;
};

}  // namespace modescope
