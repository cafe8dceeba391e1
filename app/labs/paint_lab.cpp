#include "app/labs/paint_lab.h"

#include <QAction>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "app/labs/found_table.h"
#include "app/labs/model_box.h"
#include "app/labs/paint_desk.h"
#include "app/labs/sample_controls.h"
#include "app/labs/section.h"
#include "app/labs/tile_sheet.h"
#include "core/base/error.h"
#include "widgets/message_strip.h"
#include "widgets/moment_strip.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"

namespace modescope {
namespace {

constexpr int least_tiles_height = 160;
constexpr int accent_room = 11;         // what a tile grid's coloured strip takes
constexpr int most_tiles_in_line = 10;  // of the comparison
constexpr char settings_group[] = "paint";
const QList<int> first_columns{560, 880};

QAction* section_action(QWidget* page, const QString& name, int key, const QString& help) {
    auto* action = new QAction(name, page);
    action->setCheckable(true);
    action->setChecked(true);
    action->setShortcut(QKeySequence(key));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(help);
    page->addAction(action);
    return action;
}

QColor colour_of(const Sampler& model) { return configuration_colour(configuration_id(model.spec())); }

}  // namespace

PaintLab::PaintLab(QWidget* parent)
    : Lab(parent),
      found_(new FoundTable(this)),
      desk_(new PaintDesk(found_, this)),
      strip_(new MessageStrip(this)),
      columns_(new QSplitter(Qt::Horizontal, this)),
      noises_(SampleControls::most_samples) {
    columns_->addWidget(desk_);
    columns_->addWidget(build_results());
    models_ = new ModelPair(engine_, controls_->model_box(), controls_->comparison_box(), this);
    columns_->setChildrenCollapsible(false);
    columns_->setHandleWidth(space::m);
    columns_->setStretchFactor(0, 2);
    columns_->setStretchFactor(1, 3);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(strip_);
    layout->addWidget(columns_, 1);
    addActions(desk_->actions());
    addActions(controls_->actions());
    setFocusProxy(desk_->canvas());
    restore();
    reseed();
    connect_parts();
}

PaintLab::~PaintLab() { save(); }

// --- Parts ---

QWidget* PaintLab::build_results() {
    auto* results = new QWidget(this);
    controls_ = new SampleControls(results);
    tiles_ = new TileGrid(results);
    tiles_->set_placeholder(tr("The samples appear here."));
    comparison_tiles_ = new TileGrid;
    comparison_tiles_->set_pinnable(false);
    comparison_tiles_->setAccessibleName(tr("Samples of the comparison model"));
    moment_strip_ = new MomentStrip;
    comparison_ =
        new Section(comparison_tiles_, section_action(this, tr("Comparison"), Qt::Key_C,
                                                      tr("Show or hide the comparison model's tiles (C).")));
    moments_ = new Section(moment_strip_, section_action(this, tr("Moments"), Qt::Key_M,
                                                         tr("Show or hide means and deviations (M).")));
    moments_->set_title(tr("What the samples say, what the predictor says, what is true · common scale"));
    rows_ = new QSplitter(Qt::Vertical, results);
    rows_->setChildrenCollapsible(false);
    rows_->setHandleWidth(space::m);
    for (QWidget* row :
         {static_cast<QWidget*>(tiles_), static_cast<QWidget*>(comparison_), static_cast<QWidget*>(moments_)})
        rows_->addWidget(row);
    auto* layout = new QVBoxLayout(results);
    layout->setContentsMargins(space::m, space::l, space::l, space::m);
    layout->setSpacing(space::m);
    layout->addWidget(controls_);
    layout->addWidget(rows_, 1);
    return results;
}

void PaintLab::connect_parts() {
    connect(models_, &ModelPair::changed, this, &PaintLab::use_models);
    connect(models_, &ModelPair::problem, this, &PaintLab::show_problem);
    connect(controls_->model_box(), &ModelBox::chosen, this, [this] { pending_.reset(); });
    connect(models_, &ModelPair::open_requested, this, &PaintLab::ask_for_model);
    connect(&engine_, &TileEngine::ready, this, &PaintLab::show_tiles);
    connect(&engine_, &TileEngine::studied, this, &PaintLab::show_study);
    connect(desk_->canvas(), &LabelCanvas::labels_changed, this, &PaintLab::refresh);
    connect(desk_, &PaintDesk::problem, strip_, [this](const QString& sentence) {
        strip_->show_message(MessageStrip::Severity::Error, sentence);
    });
    connect(desk_->canvas(), &LabelCanvas::hovered, this, &PaintLab::hover);
    connect(controls_, &SampleControls::changed, this, &PaintLab::refresh);
    connect(controls_, &SampleControls::changed, this, &PaintLab::noise_changed);
    connect(controls_, &SampleControls::seed_changed, this, &PaintLab::noise_changed);
    connect(controls_, &SampleControls::seed_changed, this, &PaintLab::reseed);
    connect(controls_, &SampleControls::resample_requested, controls_, &SampleControls::draw_seed);
    connect(controls_, &SampleControls::export_requested, this, &PaintLab::ask_where_to_export);
    connect(tiles_, &TileGrid::pin_toggled, this, &PaintLab::pin);
    connect(rows_, &QSplitter::splitterMoved, this, [this] { rows_dragged_ = true; });
    connect(columns_, &QSplitter::splitterMoved, this, &PaintLab::balance);
    for (Section* section : {comparison_, moments_})
        connect(section, &Section::toggled, this, [this] {
            rows_dragged_ = false;
            balance();
            refresh();
        });
}

// --- Memory ---

void PaintLab::restore() {
    QSettings settings;
    settings.beginGroup(settings_group);
    desk_->restore(settings);
    controls_->restore(settings);
    comparison_->set_open(settings.value("comparison_open", true).toBool());
    moments_->set_open(settings.value("moments_open", true).toBool());
    if (!columns_->restoreState(settings.value("columns").toByteArray())) columns_->setSizes(first_columns);
    rows_dragged_ = rows_->restoreState(settings.value("rows").toByteArray());
}

void PaintLab::reset_layout() {
    columns_->setSizes(first_columns);
    for (Section* section : {comparison_, moments_}) section->set_open(true);
    rows_dragged_ = false;
    balance();
}

void PaintLab::save() const {
    QSettings settings;
    settings.beginGroup(settings_group);
    desk_->save(settings);
    controls_->save(settings);
    settings.setValue("comparison_open", comparison_->is_open());
    settings.setValue("moments_open", moments_->is_open());
    settings.setValue("columns", columns_->saveState());
    settings.setValue("rows", rows_dragged_ ? rows_->saveState() : QByteArray());
    models_->save(settings);
}

// --- Models ---

void PaintLab::list_models() {
    if (models_->listed()) return;
    comparison_->hide();
    QSettings settings;
    settings.beginGroup(settings_group);
    if (models_->list(settings)) return;
    tiles_->set_placeholder(tr("No model is open. You can draw already."));
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("No trained models came with this copy of the program."), tr("Open model…"),
                         [this] { ask_for_model(ModelPair::Main); });
}

void PaintLab::open_model(const QString& path) {
    list_models();
    models_->choose(ModelPair::Main, QFileInfo(path).absoluteFilePath());
}

void PaintLab::use_models() {
    strip_->hide();
    if (const auto& main = models_->model(ModelPair::Main))
        desk_->set_model(*main);
    show_pending();
    if (const auto& main = models_->model(ModelPair::Main)) desk_->set_model(*main);
    name_models();
    balance();
    refresh();
}

/// Names and colours of the models wherever they stand.
void PaintLab::name_models() {
    const auto& main = models_->model(ModelPair::Main);
    const auto& comparison = models_->model(ModelPair::Comparison);
    comparison_->setVisible(comparison != nullptr);
    if (main) tiles_->set_accent(colour_of(*main));
    if (!comparison) return;
    comparison_tiles_->set_accent(colour_of(*comparison));
    comparison_->set_title(
        tr("%1 on the same drawing and the same noise").arg(configuration_label(comparison->spec())));
}

void PaintLab::show_problem(ModelPair::Place place, const QString& sentence) {
    if (place == ModelPair::Main && pending_) return refuse_pending(sentence);
    strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Open model…"),
                         [this, place] { ask_for_model(place); });
}

void PaintLab::ask_for_model(ModelPair::Place place) {
    auto* dialog = new QFileDialog(this, tr("Open model"), QFileInfo(models_->path(place)).path(),
                                   tr("Trained models (*.safetensors)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, models_,
            [this, place](const QString& path) { models_->choose(place, path); });
    dialog->open();
}

// --- Tiles ---

void PaintLab::reseed() {
    for (std::size_t i = 0; i < noises_.size(); ++i)
        if (!noises_[i].pinned) noises_[i].seed = controls_->seed() + i;
    refresh();
}

void PaintLab::refresh() {
    if (!models_->model(ModelPair::Main) || !isVisible()) return;
    TileRequest request;
    request.labels = desk_->canvas()->labels();
    for (int i = 0; i < controls_->samples(); ++i) request.seeds.push_back(noises_[i].seed);
    request.scale = controls_->scale();
    request.first = models_->model(ModelPair::Main);
    if (comparison_->is_open()) request.second = models_->model(ModelPair::Comparison);
    request.moments = moments_->is_open();
    engine_.request(std::move(request));
}

void PaintLab::show_tiles(const TileResult& result) {
    const auto& seeds = result.request.seeds;
    if (seeds.size() != result_.request.seeds.size()) balance();
    result_ = result;
    std::vector<TileGrid::Tile> first, second;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        const bool pinned = noises_[i].pinned && noises_[i].seed == seeds[i];
        first.push_back({result.first[i], seeds[i], pinned});
        if (!result.second.empty()) second.push_back({result.second[i], seeds[i]});
    }
    tiles_->set_tiles(std::move(first));
    if (!second.empty()) comparison_tiles_->set_tiles(std::move(second));
    timing_ = tr("%n tiles in %1 ms", "", static_cast<int>(seeds.size()))
                  .arg(locale().toString(result.milliseconds, 'f', result.milliseconds < 10 ? 1 : 0));
    show_status();
}

void PaintLab::show_study(const TileStudy& study) {
    if (study.request.stamp != result_.request.stamp) return;
    found_->set_study(study);
    if (study.request.moments) moment_strip_->set_moments(study.samples, study.predicted, study.truth);
}

/// A tile that is let go keeps its noise until the next resampling.
void PaintLab::pin(int index) {
    const TileGrid::Tile& tile = tiles_->tiles()[index];
    noises_[index] = {tile.seed, tile.pinned};
    emit noise_changed();
}

// --- Documents ---

PaintDrawing PaintLab::drawing() const {
    PaintDrawing drawing;
    const auto& main = models_->model(ModelPair::Main);
    if (main) drawing.task = main->task();
    drawing.condition = desk_->condition();
    drawing.classes = desk_->classes();
    drawing.size = main ? main->size() : drawing.condition.labels.width;
    drawing.samples = controls_->samples();
    drawing.scale = controls_->scale();
    drawing.seed = controls_->seed();
    for (const Noise& noise : noises_) drawing.noises.push_back({noise.seed, noise.pinned});
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
    const bool fits = pending_->classes == desk_->classes() && (!main || main->task() == pending_->task);
    if (!fits || !desk_->set_condition(pending_->condition))
        return refuse_pending(
            tr("The drawing does not fit the model %1: its task, size or classes are others.")
                .arg(QFileInfo(models_->path(ModelPair::Main)).fileName()));
    const PaintDrawing drawing = *std::exchange(pending_, std::nullopt);
    for (std::size_t i = 0; i < std::min(noises_.size(), drawing.noises.size()); ++i)
        noises_[i] = {drawing.noises[i].seed, drawing.noises[i].pinned};
    controls_->set(drawing.samples, drawing.scale, drawing.seed);
    if (!drawing.model.path.isEmpty()) models_->choose(ModelPair::Comparison, drawing.comparison.path);
    desk_->canvas()->undo_stack()->clear();
    refresh();
    emit drawing_shown();
}

void PaintLab::refuse_pending(const QString& sentence) {
    pending_.reset();
    emit drawing_refused(sentence);
}

void PaintLab::new_drawing() {
    desk_->random_layout();
    for (Noise& noise : noises_) noise.pinned = false;
    reseed();
    desk_->canvas()->undo_stack()->clear();
}

QString PaintLab::take_picture(const QImage& picture) {
    const LabelMap& now = desk_->canvas()->labels();
    const QImage scaled = picture.convertToFormat(QImage::Format_RGB888)
                              .scaled(now.width, now.height, Qt::IgnoreAspectRatio, Qt::FastTransformation);
    Image image(now.width, now.height, 3);
    for (int y = 0; y < image.height; ++y)
        std::copy_n(scaled.constScanLine(y), image.width * 3, &image.at(0, y));
    try {
        desk_->canvas()->replace_labels(labels_from_colours(desk_->classes(), image), tr("Paste"));
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

QUndoStack* PaintLab::undo_stack() const { return desk_->canvas()->undo_stack(); }
QImage PaintLab::sheet() const { return result_.first.empty() ? QImage() : tile_sheet(result_); }

// --- Words and room ---

void PaintLab::hover(QPoint pixel, int label) {
    const auto& classes = desk_->classes();
    const bool known = label >= 0 && label < static_cast<int>(classes.size());
    position_.clear();
    if (known)
        position_ = tr("x %1 · y %2 · %3")
                        .arg(pixel.x())
                        .arg(pixel.y())
                        .arg(QString::fromStdString(classes[label].name).toLower());
    show_status();
}

void PaintLab::show_status() {
    const auto& main = models_->model(ModelPair::Main);
    QString model = tr("no model");
    if (main)
        model = tr("%1 · step %2")
                    .arg(QFileInfo(models_->path(ModelPair::Main)).completeBaseName(),
                         locale().toString(qlonglong(main->steps())));
    emit status_changed({position_, timing_, model});
}

/// Comparison and moments get the height that their width makes use of, the large tiles all the rest.
void PaintLab::balance() {
    if (rows_dragged_) return;
    const int width = rows_->width(), height = rows_->height() - 2 * rows_->handleWidth();
    const int tiles = controls_->samples();
    const int lines = tiles > most_tiles_in_line ? 2 : 1;
    const int columns = (tiles + lines - 1) / lines;
    const int tile = (width - accent_room - (columns - 1) * space::m) / columns;
    const int second = std::min(lines * tile + (lines - 1) * space::m, height * 2 / 9);
    const int moments = std::min(moment_strip_->fitting_height(width), height / 4);
    const int below = second + comparison_->heading_height() + moments + moments_->heading_height();
    rows_->setSizes({std::max(least_tiles_height, height - below), second + comparison_->heading_height(),
                     moments + moments_->heading_height()});
}

void PaintLab::ask_where_to_export() {
    if (result_.first.empty()) return;
    auto* dialog = new QFileDialog(this, tr("Export tiles"), {}, tr("PNG pictures (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("png");
    dialog->selectFile(tr("tiles-%1.png").arg(controls_->seed()));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const QString problem = save_sheet(tile_sheet(result_), path);
        if (problem.isEmpty())
            strip_->show_message(MessageStrip::Severity::Info, tr("The tiles are in %1.").arg(path));
        else
            strip_->show_message(MessageStrip::Severity::Error, problem, tr("Export…"),
                                 [this] { ask_where_to_export(); });
    });
    dialog->open();
}

// --- Events ---

void PaintLab::showEvent(QShowEvent* event) {
    Lab::showEvent(event);
    list_models();
    desk_->canvas()->setFocus();
    refresh();
}

void PaintLab::resizeEvent(QResizeEvent* event) {
    Lab::resizeEvent(event);
    balance();
}

void PaintLab::changeEvent(QEvent* event) {
    Lab::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) name_models();
}

}  // namespace modescope
