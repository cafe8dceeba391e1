#pragma once

#include <functional>
#include <vector>

#include "app/labs/paint/label_picture.h"
#include "app/labs/paint/picture_folder.h"
#include "core/tasks/condition.h"
#include "widgets/label_paint.h"
#include "widgets/one_line.h"

class QAction;
class QMenu;
class QToolButton;

namespace modescope {

class LabelCanvas;
class PaintBoard;

/// The row of what can be done with the whole drawing: other operations for each task. What a person
/// opens, drops or has chosen comes in here too. Its actions() are the page's.
class BoardOperations : public OneLine {
    Q_OBJECT
public:
    BoardOperations(LabelCanvas* canvas, PaintBoard* board, QWidget* parent);

    /// Takes a picture from a file, a drop or the clipboard: a photo, or a label picture, of which a dialog
    /// asks what its unknown labels mean. What cannot be used is told by problem().
    void take_picture(const QImage& picture, const QString& name);
    /// The same for a file, whose folder can be walked through from then on. `picture`: what was read from
    /// it.
    void open_picture(const QString& path);
    void open_picture(const QString& path, const QImage& picture);
    /// Its first picture.
    void open_folder(const QString& path);

signals:
    /// One sentence for the person.
    void problem(const QString& sentence);
    /// "street.png · 3 of 42", for the status line.
    void walked(const QString& where);

private:
    struct Operation {
        QAction* action;
        QToolButton* button;  ///< null: an entry of a menu
        std::vector<Task> tasks;
    };

    QAction* add(std::vector<Task> tasks, const char* id, const QString& name, const char* key,
                 const QString& help, std::function<void()> run);
    void add_opening();
    void add_walking();
    void ask_for_folder();
    void walk(int by);
    void tell_where();
    void take_labels(const QImage& picture, const QString& name);
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
    PictureFolder folder_;
    QAction *next_ = nullptr, *previous_ = nullptr;
    LabelMeanings meanings_;  ///< of the classes' own colours, and what a person settled
    Locks locked_;
    QAction* lock_ = nullptr;
};

}  // namespace modescope
