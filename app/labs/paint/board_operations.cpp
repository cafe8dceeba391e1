#include "app/labs/paint/board_operations.h"

#include <QAction>
#include <QColorDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QMenu>
#include <QSaveFile>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "app/labs/file_dialog.h"
#include "app/labs/page_action.h"
#include "app/labs/paint/label_import.h"
#include "app/labs/paint/paint_board.h"
#include "widgets/label_edits.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

const std::vector<Task> all_tasks{Task::labels, Task::picture, Task::super_resolution, Task::inpainting};
constexpr int speck = 6;  // pixels: smaller regions are removed
constexpr int half_bright = 128;
constexpr int most_label_pixels = 1024;    // a side
constexpr std::size_t most_unknown = 256;  // labels: with more it is a photo

QImage centred_square(const QImage& picture) {
    const int side = std::min(picture.width(), picture.height());
    return picture.copy((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
}

LabelMap mask_of(const QImage& picture, int size) {
    const QImage grey = centred_square(picture).scaled(size, size).convertToFormat(QImage::Format_Grayscale8);
    LabelMap mask(size, size);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) mask.at(x, y) = grey.constScanLine(y)[x] >= half_bright;
    return mask;
}

QImage read_picture(const QString& path) {
    QImageReader reader(path);
    reader.setAutoTransform(true);
    return reader.read();
}

QImage picture_of_mask(const LabelMap& mask) {
    QImage picture(mask.width, mask.height, QImage::Format_Grayscale8);
    for (int y = 0; y < mask.height; ++y)
        for (int x = 0; x < mask.width; ++x) picture.scanLine(y)[x] = mask.at(x, y) ? 255 : 0;
    return picture;
}

}  // namespace

BoardOperations::BoardOperations(LabelCanvas* canvas, PaintBoard* board, QWidget* parent)
    : OneLine(parent), canvas_(canvas), board_(board) {
    setAccessibleName(tr("Operations on the whole drawing"));
    add_opening();
    add_mask_operations();
    add_label_operations();
    add({Task::super_resolution}, "paint_colour", tr("Colour…"), "",
        tr("Choose another colour to paint the small pixels with."), [this] { ask_for_colour(); });
    const std::vector<Task> photos{Task::picture, Task::super_resolution, Task::inpainting};
    add(photos, "rotate_photo", tr("Rotate"), ".",
        tr("Turn the photo a quarter to the right; comma turns it back."), [this] { board_->turn_photo(1); });
    add_command(this, {"rotate_photo_back", {}, tr("Rotate back"), {}, QKeySequence(",")},
                [this] { board_->turn_photo(-1); });
    auto* borders = add({Task::labels, Task::inpainting}, "show_borders", tr("Borders"), "",
                        tr("Show lines between the classes."), [] {});
    borders->setCheckable(true);
    connect(borders, &QAction::toggled, canvas_, &LabelCanvas::set_borders);
    add_walking();
    connect(board_, &PaintBoard::classes_changed, this, &BoardOperations::show_those_of_the_task);
    show_those_of_the_task();
}

void BoardOperations::add_opening() {
    auto* menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    auto* opening = add(all_tasks, "open_menu", tr("Open"), "",
                        tr("Take a picture or a mask from a file, or the pictures of a folder."), [] {});
    opening->setMenu(menu);
    operations_.back().button->setPopupMode(QToolButton::InstantPopup);
    const auto entry = [&](std::vector<Task> tasks, const char* id, const QString& name, const char* key,
                           const QString& help, auto&& run) {
        auto* action = add_command(this, {id, {}, name, help, QKeySequence(key)}, run);
        menu->addAction(action);
        operations_.push_back({action, nullptr, std::move(tasks)});
    };
    entry(all_tasks, "open_picture", tr("Open picture…"), "Ctrl+I",
          tr("Take a picture from a file: a photo, or a label map in colours or numbers. Dropping one works "
             "too."),
          [this] { ask_for(tr("Open picture"), [this](const QString& path) { open_picture(path); }); });
    entry(all_tasks, "open_folder", tr("Open folder…"), "",
          tr("Take the first picture of a folder; the next ones follow by a key."),
          [this] { ask_for_folder(); });
    entry({Task::inpainting}, "open_mask", tr("Open mask…"), "",
          tr("Take the holes from a picture: they are where it is bright."),
          [this] { ask_for(tr("Open mask"), [this](const QString& path) { open_mask(path); }); });
    entry({Task::inpainting}, "save_mask", tr("Save mask…"), "",
          tr("Write the mask as a PNG picture, holes white."), [this] { ask_where_to_export_mask(); });
}

void BoardOperations::add_walking() {
    previous_ = add(all_tasks, "previous_picture", tr("Previous picture"), "PgUp",
                    tr("Take the picture before this one in its folder."), [this] { walk(-1); });
    next_ = add(all_tasks, "next_picture", tr("Next picture"), "PgDown",
                tr("Take the picture after this one in its folder."), [this] { walk(1); });
    previous_->setIcon(icon("previous"));
    next_->setIcon(icon("next"));
}

void BoardOperations::ask_for_folder() {
    auto* dialog = make_folder_dialog(this, tr("Open folder"));
    connect(dialog, &QFileDialog::fileSelected, this, &BoardOperations::open_folder);
    dialog->open();
}

QAction* BoardOperations::add(std::vector<Task> tasks, const char* id, const QString& name, const char* key,
                              const QString& help, std::function<void()> run) {
    const QKeySequence keys(key);
    auto* action =
        add_command(this, {id, {}, name, keys.isEmpty() ? help : tr("%1 (%2)").arg(help, key), keys}, run);
    auto* button = chip_button(action, this);
    if (keys.isEmpty()) take_space(button);
    OneLine::add(button);
    operations_.push_back({action, button, std::move(tasks)});
    return action;
}

void BoardOperations::add_mask_operations() {
    const std::vector<Task> mask{Task::inpainting};
    add(mask, "grow_hole", tr("Grow"), "", tr("Make the hole one pixel larger all around."),
        [this] { edit_mask(grow_mask(canvas_->labels()), tr("Grow")); });
    add(mask, "shrink_hole", tr("Shrink"), "", tr("Make the hole one pixel smaller all around."),
        [this] { edit_mask(shrink_mask(canvas_->labels()), tr("Shrink")); });
    add(mask, "invert_hole", tr("Invert"), "", tr("Swap what is known and what is to be filled in."),
        [this] { edit_mask(invert_mask(canvas_->labels()), tr("Invert")); });
    add(mask, "clear_holes", tr("Clear"), "", tr("Close every hole."), [this] {
        edit_mask({canvas_->labels().width, canvas_->labels().height}, tr("Clear"));
    });
    add(mask, "centre_square", tr("Centre square"), "",
        tr("Make one square hole in the middle, half as wide as the picture."),
        [this] { edit_mask(centre_square(), tr("Centre square")); });
}

void BoardOperations::add_label_operations() {
    const std::vector<Task> labels{Task::labels};
    add(labels, "fill_holes", tr("Fill holes"), "", tr("What the chosen class encloses becomes that class."),
        [this] {
            canvas_->replace_labels(
                fill_holes(canvas_->labels(), static_cast<std::uint8_t>(canvas_->current_class())),
                tr("Fill holes"));
        });
    add(labels, "remove_specks", tr("Remove specks"), "",
        tr("Regions of a few pixels become what lies around them."),
        [this] { canvas_->replace_labels(remove_specks(canvas_->labels(), speck), tr("Remove specks")); });
    add_replacing();
    lock_ = add(labels, "lock_class", tr("Lock"), "K",
                tr("Nothing paints over the chosen class while it is locked."), [this] {
                    locked_[canvas_->current_class()] = lock_->isChecked();
                    canvas_->set_locked(locked_);
                });
    lock_->setCheckable(true);
    connect(canvas_, &LabelCanvas::class_changed, lock_,
            [this](int index) { lock_->setChecked(locked_[index]); });
}

void BoardOperations::add_replacing() {
    auto* menu = new QMenu(this);
    auto* action = add({Task::labels}, "replace_class", tr("Replace by"), "",
                       tr("The chosen class becomes another one everywhere."), [] {});
    action->setMenu(menu);
    operations_.back().button->setPopupMode(QToolButton::InstantPopup);
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
    meanings_ = own_meanings(board_->classes());
    for (const Operation& operation : operations_) {
        const bool serves = std::ranges::find(operation.tasks, board_->task()) != operation.tasks.end();
        operation.action->setEnabled(serves);
        const bool walks = operation.action == next_ || operation.action == previous_;
        if (!operation.button) operation.action->setVisible(serves);
        if (operation.button) set_used(operation.button, serves && (!walks || !folder_.empty()));
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
    take_labels(centred_square(picture), name);
}

void BoardOperations::take_labels(const QImage& whole, const QString& name) {
    // A photo may have millions of colours to count, and the canvas has fewer pixels anyway.
    const QImage picture =
        whole.width() <= most_label_pixels ? whole : whole.scaled(most_label_pixels, most_label_pixels);
    const LabelPicture labels = read_label_picture(picture);
    const auto unknown = unknown_keys(labels, meanings_);
    const auto put = [this](const LabelMap& map) {
        canvas_->replace_labels(resized(map, canvas_->labels().width), tr("Open"));
    };
    if (unknown.empty()) return put(to_labels(labels, meanings_));
    if (unknown.size() > most_unknown)
        return emit problem(
            tr("%1 has %2 colours that belong to no class: it is a photo or was smoothed. Choose a "
               "label picture without smoothing.")
                .arg(name, locale().toString(qlonglong(unknown.size()))));
    auto* dialog = new LabelImport(labels, name, board_->classes(), meanings_, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, put, classes = board_->classes()] {
        if (classes != board_->classes()) return;  // another model has come meanwhile
        if (dialog->remembers()) meanings_ = dialog->meanings();
        put(dialog->labels());
    });
    dialog->open();
}

void BoardOperations::open_picture(const QString& path) { open_picture(path, read_picture(path)); }

void BoardOperations::open_picture(const QString& path, const QImage& picture) {
    if (!picture.isNull()) folder_.open(path);
    tell_where();
    take_picture(picture, QFileInfo(path).fileName());
}

void BoardOperations::open_folder(const QString& path) {
    PictureFolder folder;
    folder.open(path);
    if (folder.empty()) return emit problem(tr("%1 holds no pictures. Choose another folder.").arg(path));
    folder_ = folder;
    walk(1);
}

/// What cannot be read is passed over by the next step.
void BoardOperations::walk(int by) {
    if (!folder_.step(by)) return;
    tell_where();
    take_picture(read_picture(folder_.path()), QFileInfo(folder_.path()).fileName());
}

void BoardOperations::tell_where() {
    for (const Operation& operation : operations_)
        if (operation.action == next_ || operation.action == previous_)
            set_used(operation.button, !folder_.empty());
    if (folder_.empty()) return;
    emit walked(tr("%1 · %2 of %3")
                    .arg(QFileInfo(folder_.path()).fileName())
                    .arg(folder_.number())
                    .arg(folder_.count()));
}

void BoardOperations::ask_for(const QString& title, std::function<void(const QString& path)> use) {
    auto* dialog =
        make_open_dialog(this, title, tr("Pictures (*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp)"));
    connect(dialog, &QFileDialog::fileSelected, this, std::move(use));
    dialog->open();
}

void BoardOperations::open_mask(const QString& path) {
    const QImage picture = read_picture(path);
    if (picture.isNull())
        return emit problem(tr("%1 holds no picture that can be read.").arg(QFileInfo(path).fileName()));
    edit_mask(mask_of(picture, canvas_->labels().width), tr("Open mask"));
}

void BoardOperations::ask_where_to_export_mask() {
    auto* dialog = make_save_dialog(this, tr("Save mask"), tr("PNG pictures (*.png)"), tr("mask.png"));
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
