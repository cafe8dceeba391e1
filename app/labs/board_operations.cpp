#include "app/labs/board_operations.h"

#include <QAction>
#include <QColorDialog>
#include <QFileDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QMenu>
#include <QSaveFile>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "app/labs/paint_board.h"
#include "core/base/error.h"
#include "widgets/flow_layout.h"
#include "widgets/label_edits.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int speck = 6;  // pixels: smaller regions are removed
constexpr int half_bright = 128;

LabelMap mask_of(const QImage& picture, int size) {
    const QImage grey = picture.scaled(size, size).convertToFormat(QImage::Format_Grayscale8);
    LabelMap mask(size, size);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) mask.at(x, y) = grey.constScanLine(y)[x] >= half_bright;
    return mask;
}

QImage picture_of_mask(const LabelMap& mask) {
    QImage picture(mask.width, mask.height, QImage::Format_Grayscale8);
    for (int y = 0; y < mask.height; ++y)
        for (int x = 0; x < mask.width; ++x) picture.scanLine(y)[x] = mask.at(x, y) ? 255 : 0;
    return picture;
}

}  // namespace

BoardOperations::BoardOperations(LabelCanvas* canvas, PaintBoard* board, QWidget* parent)
    : QWidget(parent), canvas_(canvas), board_(board) {
    auto* layout = new FlowLayout(this, space::s);
    layout->setContentsMargins({});
    setAccessibleName(tr("Operations on the whole drawing"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    const std::vector<Task> all{Task::labels, Task::picture, Task::super_resolution, Task::inpainting};
    const std::vector<Task> photos{Task::picture, Task::super_resolution, Task::inpainting};
    add(all, tr("Open picture…"), "Ctrl+I",
        tr("Take a picture from a file: a photo, or a label map in the classes' colours. Dropping one works "
           "too."),
        [this] { ask_for(tr("Open picture"), [this](const QString& path) { open_picture(path); }); });
    add(photos, tr("Rotate"), ".", tr("Turn the photo a quarter to the right; comma turns it back."),
        [this] { board_->turn_photo(1); });
    auto* back = new QAction(tr("Rotate back"), this);
    back->setShortcut(QKeySequence(","));
    back->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QAction::triggered, this, [this] { board_->turn_photo(-1); });
    addAction(back);
    add({Task::super_resolution}, tr("Colour…"), "",
        tr("Choose another colour to paint the small pixels with."), [this] { ask_for_colour(); });
    add_mask_operations();
    add_label_operations();
    connect(board_, &PaintBoard::classes_changed, this, &BoardOperations::show_those_of_the_task);
    show_those_of_the_task();
}

QAction* BoardOperations::add(std::vector<Task> tasks, const QString& name, const QString& key,
                              const QString& help, std::function<void()> run) {
    auto* action = new QAction(name, this);
    action->setShortcut(QKeySequence(key));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(key.isEmpty() ? help : tr("%1 (%2)").arg(help, key));
    connect(action, &QAction::triggered, this, std::move(run));
    addAction(action);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setProperty("chip", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    layout()->addWidget(button);
    operations_.push_back({action, button, std::move(tasks)});
    return action;
}

void BoardOperations::add_mask_operations() {
    const std::vector<Task> mask{Task::inpainting};
    add(mask, tr("Grow"), "", tr("Make the hole one pixel larger all around."),
        [this] { edit_mask(grow_mask(canvas_->labels()), tr("Grow")); });
    add(mask, tr("Shrink"), "", tr("Make the hole one pixel smaller all around."),
        [this] { edit_mask(shrink_mask(canvas_->labels()), tr("Shrink")); });
    add(mask, tr("Invert"), "", tr("Swap what is known and what is to be filled in."),
        [this] { edit_mask(invert_mask(canvas_->labels()), tr("Invert")); });
    add(mask, tr("Clear"), "", tr("Close every hole."), [this] {
        edit_mask({canvas_->labels().width, canvas_->labels().height}, tr("Clear"));
    });
    add(mask, tr("Centre square"), "", tr("Make one square hole in the middle, half as wide as the picture."),
        [this] { edit_mask(centre_square(), tr("Centre square")); });
    add(mask, tr("Open mask…"), "", tr("Take the holes from a picture: they are where it is bright."),
        [this] { ask_for(tr("Open mask"), [this](const QString& path) { open_mask(path); }); });
    add(mask, tr("Save mask…"), "", tr("Write the mask as a PNG picture, holes white."),
        [this] { ask_where_to_export_mask(); });
}

void BoardOperations::add_label_operations() {
    const std::vector<Task> labels{Task::labels};
    add(labels, tr("Fill holes"), "", tr("What the chosen class encloses becomes that class."), [this] {
        canvas_->replace_labels(
            fill_holes(canvas_->labels(), static_cast<std::uint8_t>(canvas_->current_class())),
            tr("Fill holes"));
    });
    add(labels, tr("Remove specks"), "", tr("Regions of a few pixels become what lies around them."),
        [this] { canvas_->replace_labels(remove_specks(canvas_->labels(), speck), tr("Remove specks")); });
    add_replacing();
    lock_ =
        add(labels, tr("Lock"), "K", tr("Nothing paints over the chosen class while it is locked."), [this] {
            locked_[canvas_->current_class()] = lock_->isChecked();
            canvas_->set_locked(locked_);
        });
    lock_->setCheckable(true);
    connect(canvas_, &LabelCanvas::class_changed, lock_,
            [this](int index) { lock_->setChecked(locked_[index]); });
    auto* borders = add({Task::labels, Task::inpainting}, tr("Borders"), "",
                        tr("Show lines between the classes."), [] {});
    borders->setCheckable(true);
    connect(borders, &QAction::toggled, canvas_, &LabelCanvas::set_borders);
}

void BoardOperations::add_replacing() {
    auto* menu = new QMenu(this);
    auto* action = add({Task::labels}, tr("Replace by"), "",
                       tr("The chosen class becomes another one everywhere."), [] {});
    action->setMenu(menu);
    static_cast<QToolButton*>(operations_.back().button)->setPopupMode(QToolButton::InstantPopup);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { list_classes(menu); });
}

void BoardOperations::list_classes(QMenu* menu) {
    menu->clear();
    for (std::size_t i = 0; i < board_->classes().size(); ++i) {
        const auto& [id, name, colour] = board_->classes()[i];
        menu->addAction(
            swatch(QColor(colour[0], colour[1], colour[2])), QString::fromStdString(name), this, [this, i] {
                const auto from = static_cast<std::uint8_t>(canvas_->current_class());
                canvas_->replace_labels(replace_class(canvas_->labels(), from, static_cast<std::uint8_t>(i)),
                                        tr("Replace class"));
            });
    }
}

void BoardOperations::show_those_of_the_task() {
    locked_.reset();
    canvas_->set_locked(locked_);
    lock_->setChecked(false);
    for (const Operation& operation : operations_) {
        const bool serves = std::ranges::find(operation.tasks, board_->task()) != operation.tasks.end();
        operation.action->setEnabled(serves);
        operation.button->setVisible(serves);
    }
}

void BoardOperations::edit_mask(LabelMap mask, const QString& text) { canvas_->replace_labels(mask, text); }

LabelMap BoardOperations::centre_square() const {
    const int size = canvas_->labels().width;
    return draw_hole(size, size / 4, size / 4, size / 2, size / 2);
}

// --- Pictures ---

void BoardOperations::take_picture(const QImage& picture, const QString& name) {
    if (picture.isNull()) return emit problem(tr("%1 holds no picture that can be read.").arg(name));
    if (board_->has_photo()) return board_->set_photo(picture);
    const int size = canvas_->labels().width;
    try {
        const auto labels = labels_from_colours(board_->classes(), to_image(picture));
        if (labels.width != labels.height)
            return emit problem(tr("%1 is not square; cut it to a square first.").arg(name));
        canvas_->replace_labels(resized(labels, size), tr("Open"));
    } catch (const Error& error) {
        emit problem(tr("%1: %2").arg(name, QString::fromUtf8(error.what())));
    }
}

void BoardOperations::open_picture(const QString& path) {
    QImageReader reader(path);
    reader.setAutoTransform(true);
    take_picture(reader.read(), QFileInfo(path).fileName());
}

void BoardOperations::ask_for(const QString& title, std::function<void(const QString& path)> use) {
    auto* dialog =
        new QFileDialog(this, title, {}, tr("Pictures (*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, std::move(use));
    dialog->open();
}

void BoardOperations::open_mask(const QString& path) {
    const QImage picture(path);
    if (picture.isNull())
        return emit problem(tr("%1 holds no picture that can be read.").arg(QFileInfo(path).fileName()));
    edit_mask(mask_of(picture, canvas_->labels().width), tr("Open mask"));
}

void BoardOperations::ask_where_to_export_mask() {
    auto* dialog = new QFileDialog(this, tr("Save mask"), {}, tr("PNG pictures (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("png");
    connect(dialog, &QFileDialog::fileSelected, this, &BoardOperations::export_mask);
    dialog->open();
}

void BoardOperations::export_mask(const QString& path) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !picture_of_mask(canvas_->labels()).save(&file, "PNG") ||
        !file.commit())
        emit problem(tr("Cannot write %1: %2.").arg(path, file.errorString()));
}

void BoardOperations::ask_for_colour() {
    auto* dialog = new QColorDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QColorDialog::DontUseNativeDialog);
    connect(dialog, &QColorDialog::colorSelected, board_, &PaintBoard::use_colour);
    dialog->open();
}

}  // namespace modescope
