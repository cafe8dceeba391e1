// What the Compare page reads and writes: models, inputs, weights and reports.
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>
#include <algorithm>

#include "app/labs/compare/compare_figures.h"
#include "app/labs/compare/compare_lab.h"
#include "app/labs/compare/compare_rows.h"
#include "app/labs/file_dialog.h"
#include "widgets/message_strip.h"

namespace modescope {
namespace {

QStringList local_files(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    return paths;
}

}  // namespace

void CompareLab::ask_for_model() {
    auto* dialog = make_open_dialog(this, tr("Open model"), tr("Trained models (*.safetensors)"),
                                    QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        for (const QString& path : paths) open_model(path);
    });
    dialog->open();
}

void CompareLab::ask_for_lpips() {
    auto* dialog = make_open_dialog(this, tr("LPIPS weights"), tr("Weights (*.safetensors)"));
    connect(dialog, &QFileDialog::fileSelected, this, &CompareLab::choose_lpips);
    dialog->open();
}

void CompareLab::ask_for_inputs(bool folder) {
    auto* dialog = folder ? make_folder_dialog(this, tr("Use a folder of pictures"))
                          : make_open_dialog(this, tr("Use pictures"),
                                             tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff)"),
                                             QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this,
            [this](const QStringList& paths) { use_inputs(dropped_inputs(paths)); });
    dialog->open();
}

void CompareLab::ask_where_to_write(const QString& suffix) {
    if (!cases_ ||
        std::ranges::all_of(measured_.comparison.rows, [](const auto& row) { return row.empty(); })) {
        strip_->show_message(MessageStrip::Severity::Info, tr("Nothing is measured yet."));
        return;
    }
    auto* dialog = make_save_dialog(this, tr("Write report"), QStringLiteral("*.%1").arg(suffix),
                                    tr("comparison.%1").arg(suffix));
    connect(dialog, &QFileDialog::fileSelected, this, &CompareLab::write_report);
    dialog->open();
}

void CompareLab::write_report(const QString& path) {
    if (!cases_) return;
    reported_ = measured_.comparison.measured();
    strip_->show_message(MessageStrip::Severity::Info, tr("Writing %1 …").arg(path));
    job_.write(measured_.comparison, cases_, lpips_, path);
}

void CompareLab::tell_written(const QString& path) {
    const int all = measured_.comparison.conditions;
    if (reported_ >= all)
        return strip_->show_message(MessageStrip::Severity::Info, tr("The report is in %1.").arg(path));
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("The report is in %1, with the %2 of %3 inputs that were measured then.")
                             .arg(path)
                             .arg(reported_)
                             .arg(all),
                         tr("Write it again at the end"), [this, path] { write_again(path); });
}

void CompareLab::write_again(const QString& path) {
    if (!measured_.running && measured_.comparison.complete()) return write_report(path);
    again_ = path;
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("%1 is written again when all inputs are measured.").arg(path), tr("Cancel"),
                         [this] { again_.clear(); });
    if (!measured_.running) start_measuring();
}

void CompareLab::dragEnterEvent(QDragEnterEvent* event) {
    if (!local_files(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

/// Models become rows, everything else inputs.
void CompareLab::dropEvent(QDropEvent* event) {
    QStringList inputs;
    for (const QString& path : local_files(*event->mimeData()))
        if (path.endsWith(QStringLiteral(".safetensors")))
            open_model(path);
        else
            inputs << path;
    if (!inputs.isEmpty()) use_inputs(dropped_inputs(inputs));
    event->acceptProposedAction();
}

}  // namespace modescope
