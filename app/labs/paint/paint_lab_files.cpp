// The Paint Studio and files: what it exports and what makes its tiles again.
#include <QFileInfo>
#include <QThread>
#include <QUndoStack>
#include <utility>

#include "app/labs/file_dialog.h"
#include "app/labs/paint/board_operations.h"
#include "app/labs/paint/mix_panel.h"
#include "app/labs/paint/paint_desk.h"
#include "app/labs/paint/paint_lab.h"
#include "app/labs/paint/sample_controls.h"
#include "app/labs/paint/tile_sheet.h"
#include "core/sampling/sample_text.h"
#include "widgets/message_strip.h"

namespace modescope {

/// The result is a copy, so the tiles may change meanwhile.
void PaintLab::write(const QString& path, std::function<QString()> work) {
    if (writer_) writer_->wait();
    QThread* writer = QThread::create([this, path, work = std::move(work)] {
        const QString problem = work();
        QMetaObject::invokeMethod(this, [this, path, problem] { tell_written(path, problem); });
    });
    connect(writer, &QThread::finished, writer, &QObject::deleteLater);
    writer_ = writer;
    writer_->start();
}

void PaintLab::tell_written(const QString& path, const QString& problem) {
    if (problem.isEmpty())
        strip_->show_message(MessageStrip::Severity::Info, tr("The pictures are in %1.").arg(path));
    else
        strip_->show_message(MessageStrip::Severity::Error, problem, tr("Export…"),
                             [this] { ask_where_to_export(); });
}

void PaintLab::ask_where_to_export() {
    if (result_.first.empty()) return;
    auto* dialog = make_save_dialog(this, tr("Export a contact sheet"), tr("PNG pictures (*.png)"),
                                    tr("tiles-%1.png").arg(controls_->seed()));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        write(path, [result = result_, path] { return save_sheet(result, path); });
    });
    dialog->open();
}

void PaintLab::ask_where_to_export_tile(int index) {
    if (index >= static_cast<int>(result_.first.size())) return;  // fewer have come while its menu was open
    const auto names = sample_file_names(result_.request.noises);
    auto* dialog = make_save_dialog(this, tr("Save the tile"), tr("PNG pictures (*.png)"),
                                    QString::fromStdString(names[static_cast<std::size_t>(index)]));
    connect(dialog, &QFileDialog::fileSelected, this, [this, index, result = result_](const QString& path) {
        write(path, [result, index, path] { return save_tile(result, index, path); });
    });
    dialog->open();
}

void PaintLab::ask_where_to_export_all() {
    if (result_.first.empty()) return;
    auto* dialog = make_folder_dialog(this, tr("Export tiles and drawing into a folder"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
        const QString folder = free_folder(chosen, tr("tiles-%1").arg(controls_->seed()));
        write(folder, [result = result_, folder] { return save_all(result, folder); });
    });
    dialog->open();
}

void PaintLab::ask_where_to_film() {
    auto* dialog =
        make_save_dialog(this, tr("Export a film"), tr("MP4 films (*.mp4)"), tr("interpolation.mp4"));
    connect(dialog, &QFileDialog::fileSelected, mix_, &MixPanel::export_film);
    dialog->open();
}

// --- Documents ---

PaintDrawing PaintLab::drawing() const {
    PaintDrawing drawing;
    const auto& main = models_->model(ModelPair::Main);
    if (main) drawing.task = main->task();
    drawing.condition = desk_->condition();
    drawing.example = desk_->example_seed();
    const bool hides = drawing.task == Task::inpainting || drawing.task == Task::super_resolution;
    if (hides && !drawing.example) drawing.photo = desk_->photo();
    if (drawing.task == Task::labels) drawing.classes = desk_->classes();
    drawing.size = main ? main->size() : drawing.condition.labels.width;
    drawing.samples = controls_->samples();
    drawing.scale = controls_->scale();
    drawing.seed = controls_->seed();
    for (const auto& [recipe, pinned] : noises_.all())
        drawing.noises.push_back({recipe.parts.front().seed, pinned,
                                  recipe == NoiseRecipe(recipe.parts.front().seed) ? "" : to_text(recipe)});
    drawing.frozen_levels = explore_->frozen_levels();
    drawing.frozen_seed = frozen_seed_;
    drawing.model.path = models_->path(ModelPair::Main);
    drawing.comparison.path = models_->path(ModelPair::Comparison);
    return drawing;
}

void PaintLab::show_drawing(const PaintDrawing& drawing) {
    list_models();
    pending_ = drawing;
    if (drawing.model.path.isEmpty())
        show_pending();
    else
        models_->choose(ModelPair::Main, drawing.model.path);
}

/// The comparison comes after: it must fit the model.
void PaintLab::show_pending() {
    if (!pending_ ||
        (!pending_->model.path.isEmpty() && models_->path(ModelPair::Main) != pending_->model.path))
        return;
    const auto& main = models_->model(ModelPair::Main);
    const bool same_classes = pending_->task != Task::labels || pending_->classes == desk_->classes();
    const bool fits = same_classes && (!main || main->task() == pending_->task);
    if (fits) emit drawing_replaced();
    if (!fits || !desk_->set_condition(pending_->condition, pending_->example, pending_->photo))
        return refuse_pending(
            tr("The drawing does not fit the model %1: its task, size or classes are others.")
                .arg(QFileInfo(models_->path(ModelPair::Main)).fileName()));
    const PaintDrawing drawing = *std::exchange(pending_, std::nullopt);
    std::vector<TileNoises::Tile> tiles;
    for (const auto& [seed, pinned, recipe] : drawing.noises)
        tiles.push_back({recipe.empty() ? NoiseRecipe(seed) : parse_recipe(recipe), pinned});
    controls_->set(drawing.samples, drawing.scale, drawing.seed);
    noises_.set_all(tiles);
    explore_->set_frozen(drawing.frozen_levels);
    frozen_seed_ = drawing.frozen_seed;
    if (!drawing.model.path.isEmpty()) models_->choose(ModelPair::Comparison, drawing.comparison.path);
    undo_stack()->clear();
    refresh();
    emit drawing_shown();
}

void PaintLab::refuse_pending(const QString& sentence) {
    pending_.reset();
    emit drawing_refused(sentence);
}

void PaintLab::abandon_pending() {
    if (std::exchange(pending_, std::nullopt)) emit drawing_abandoned();
}

void PaintLab::new_drawing() {
    desk_->random_layout();
    for (int i = 0; i < noises_.count(); ++i) noises_.pin(i, false);
    reseed();
    undo_stack()->clear();
}

void PaintLab::take_picture(const QImage& picture, const QString& name) {
    desk_->operations()->take_picture(picture, name);
}

void PaintLab::take_file(const QString& path, const QImage& picture) {
    desk_->operations()->open_picture(path, picture);
}

void PaintLab::open_folder(const QString& path) { desk_->operations()->open_folder(path); }

QUndoStack* PaintLab::undo_stack() const { return desk_->canvas()->undo_stack(); }

std::function<QImage()> PaintLab::sheet() const {
    return [result = result_] { return result.first.empty() ? QImage() : tile_sheet(result); };
}

}  // namespace modescope
