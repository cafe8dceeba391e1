// The Paint Studio and files: what it exports and what makes its tiles again.
#include <QFileDialog>
#include <QThread>

#include "app/labs/mix_panel.h"
#include "app/labs/paint_desk.h"
#include "app/labs/paint_lab.h"
#include "app/labs/sample_controls.h"
#include "app/labs/tile_sheet.h"
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

/// A dialog that a person answers whenever he likes.
QFileDialog* PaintLab::ask_for_file(const QString& title, const QString& filter, const QString& suffix,
                                    const QString& name) {
    auto* dialog = new QFileDialog(this, title, {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(name);
    dialog->open();
    return dialog;
}

void PaintLab::ask_where_to_export() {
    if (result_.first.empty()) return;
    auto* dialog = ask_for_file(tr("Export a contact sheet"), tr("PNG pictures (*.png)"), "png",
                                tr("tiles-%1.png").arg(controls_->seed()));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        write(path, [result = result_, path] { return save_sheet(result, path); });
    });
}

void PaintLab::ask_where_to_export_tile(int index) {
    const NoiseRecipe& noise = result_.request.noises[static_cast<std::size_t>(index)];
    auto* dialog =
        ask_for_file(tr("Save the tile"), tr("PNG pictures (*.png)"), "png",
                     QString::fromStdString(sample_file_name(noise, static_cast<std::size_t>(index))));
    connect(dialog, &QFileDialog::fileSelected, this, [this, index, result = result_](const QString& path) {
        write(path, [result, index, path] { return save_tile(result, index, path); });
    });
}

void PaintLab::ask_where_to_export_all() {
    if (result_.first.empty()) return;
    auto* dialog = new QFileDialog(this, tr("Export tiles and drawing into a folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        write(folder, [result = result_, folder] { return save_all(result, folder); });
    });
    dialog->open();
}

void PaintLab::ask_where_to_film() {
    auto* dialog =
        ask_for_file(tr("Export a film"), tr("MP4 films (*.mp4)"), "mp4", tr("interpolation.mp4"));
    connect(dialog, &QFileDialog::fileSelected, mix_, &MixPanel::export_film);
}

PaintState PaintLab::state() const {
    return {.condition = desk_->condition(),
            .samples = controls_->samples(),
            .scale = controls_->scale(),
            .seed = controls_->seed(),
            .noises = noises_.all(),
            .model = models_->path(ModelPair::Main),
            .comparison = models_->path(ModelPair::Comparison)};
}

void PaintLab::set_state(const PaintState& state) {
    list_models();
    controls_->set_values(state.samples, state.scale, state.seed);
    noises_.set_all(state.noises);
    pending_condition_ = state.condition;
    if (!state.model.isEmpty()) models_->choose(ModelPair::Main, state.model);
    models_->choose(ModelPair::Comparison, state.comparison);
}

}  // namespace modescope
