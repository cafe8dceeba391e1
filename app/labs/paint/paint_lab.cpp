#include "app/labs/paint/paint_lab.h"

#include <QAction>
#include <QEvent>
#include <QFileInfo>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "app/labs/file_dialog.h"
#include "app/labs/model_box.h"
#include "app/labs/paint/found_table.h"
#include "app/labs/paint/mix_panel.h"
#include "app/labs/paint/paint_desk.h"
#include "app/labs/paint/sample_controls.h"
#include "app/labs/section.h"
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

QAction* section_action(QWidget* page, const char* id, const QString& name, int key, const QString& help) {
    auto* action = new QAction(name, page);
    action->setObjectName(id);
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
    build_actions();
    setFocusProxy(desk_->canvas());
    restore();
    reseed();
    connect_parts();
    connect_exploring();
}

PaintLab::~PaintLab() {
    if (writer_) writer_->wait();
    save();
}

// --- Parts ---

QWidget* PaintLab::build_results() {
    auto* results = new QWidget(this);
    controls_ = new SampleControls(results);
    explore_ = new ExploreBar(results);
    tiles_ = new TileGrid(results);
    tiles_->set_placeholder(tr("The samples appear here."));
    comparison_tiles_ = new TileGrid;
    comparison_tiles_->set_pinnable(false);
    comparison_tiles_->setAccessibleName(tr("Samples of the comparison model"));
    mix_ = new MixPanel;
    mix_->hide();
    moment_strip_ = new MomentStrip;
    comparison_ =
        new Section(comparison_tiles_, section_action(this, "comparison", tr("Comparison"), Qt::Key_C,
                                                      tr("Show or hide the comparison model's tiles (C).")));
    moments_ = new Section(moment_strip_, section_action(this, "moments", tr("Moments"), Qt::Key_M,
                                                         tr("Show or hide means and deviations (M).")));
    moments_->set_title(tr("What the samples say, what the predictor says, what is true · common scale"));
    rows_ = new QSplitter(Qt::Vertical, results);
    rows_->setChildrenCollapsible(false);
    rows_->setHandleWidth(space::m);
    for (QWidget* row : {static_cast<QWidget*>(mix_), static_cast<QWidget*>(tiles_),
                         static_cast<QWidget*>(comparison_), static_cast<QWidget*>(moments_)})
        rows_->addWidget(row);
    auto* layout = new QVBoxLayout(results);
    layout->setContentsMargins(space::m, space::l, space::l, space::m);
    layout->setSpacing(space::m);
    layout->addWidget(controls_);
    layout->addWidget(explore_);
    layout->addWidget(rows_, 1);
    return results;
}

void PaintLab::build_actions() {
    auto* swap = new QAction(tr("Switch the two models"), this);
    swap->setObjectName("paint.swap");
    swap->setShortcut(QKeySequence(Qt::Key_X));
    swap->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(swap, &QAction::triggered, this, [this] { models_->swap(); });
    addAction(swap);
    addActions(desk_->actions());
    addActions(controls_->actions());
    addActions(explore_->actions());
}

void PaintLab::connect_parts() {
    connect(models_, &ModelPair::replacing, this, [this](const Sampler& next) {
        if (pending_) emit drawing_replaced();
        if (!desk_->fits(next)) emit drawing_gives_way();
    });
    connect(models_, &ModelPair::changed, this, &PaintLab::use_models);
    connect(models_, &ModelPair::problem, this, &PaintLab::show_problem);
    connect(controls_->model_box(), &ModelBox::chosen, this, &PaintLab::abandon_pending);
    connect(models_, &ModelPair::open_requested, this, &PaintLab::ask_for_model);
    connect(&engine_, &TileEngine::ready, this, &PaintLab::show_tiles);
    connect(&engine_, &TileEngine::studied, this, &PaintLab::show_study);
    connect(desk_, &PaintDesk::condition_changed, this, &PaintLab::refresh_if_live);
    connect(desk_, &PaintDesk::problem, strip_, [this](const QString& sentence) {
        strip_->show_message(MessageStrip::Severity::Error, sentence);
    });
    connect(desk_, &PaintDesk::hovered, this, [this](const QString& where) {
        position_ = where;
        show_status();
    });
    connect(desk_, &PaintDesk::sample_wanted, this, &PaintLab::show_sample);
    connect(tiles_, &TileGrid::current_changed, this, &PaintLab::show_sample);
    connect(desk_, &PaintDesk::walked, this, [this](const QString& where) {
        place_ = where;
        show_status();
    });
    connect(controls_, &SampleControls::changed, this, &PaintLab::refresh_if_live);
    connect(controls_, &SampleControls::changed, this, &PaintLab::noise_changed);
    connect(controls_, &SampleControls::seed_changed, this, &PaintLab::reseed);
    connect(controls_, &SampleControls::resample_requested, controls_, &SampleControls::draw_seed);
    connect(controls_, &SampleControls::export_requested, this, &PaintLab::ask_where_to_export);
    connect(controls_, &SampleControls::export_all_requested, this, &PaintLab::ask_where_to_export_all);
    connect(rows_, &QSplitter::splitterMoved, this, [this] { rows_dragged_ = true; });
    connect(columns_, &QSplitter::splitterMoved, this, &PaintLab::balance);
    for (Section* section : {comparison_, moments_})
        connect(section, &Section::toggled, this, [this] {
            rows_dragged_ = false;
            balance();
            refresh_if_live();
        });
}

// --- Memory ---

void PaintLab::restore() {
    QSettings settings;
    settings.beginGroup(settings_group);
    desk_->restore(settings);
    controls_->restore(settings);
    explore_->restore(settings);
    comparison_->set_open(settings.value("comparison_open", true).toBool());
    moments_->set_open(settings.value("moments_open", true).toBool());
    if (!columns_->restoreState(settings.value("columns").toByteArray())) columns_->setSizes(first_columns);
    rows_dragged_ = rows_->restoreState(settings.value("result_rows").toByteArray());
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
    explore_->save(settings);
    settings.setValue("comparison_open", comparison_->is_open());
    settings.setValue("moments_open", moments_->is_open());
    settings.setValue("columns", columns_->saveState());
    settings.setValue("result_rows", rows_dragged_ ? rows_->saveState() : QByteArray());
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
    abandon_pending();
    models_->choose(ModelPair::Main, QFileInfo(path).absoluteFilePath());
}

void PaintLab::use_models() {
    // Of another main model; why the wanted one is not there has still to be read.
    const QString& path = models_->path(ModelPair::Main);
    if (std::exchange(told_of_, path) != path) strip_->hide();
    manual_suggested_ = false;
    if (const auto& main = models_->model(ModelPair::Main)) {
        desk_->set_model(*main);
        explore_->set_levels(main->noise_levels());
    }
    show_pending();
    name_models();
    balance();
    refresh();
    tell_settled();
    emit models_changed();
}

void PaintLab::settle() {
    list_models();
    tell_settled();
}

void PaintLab::tell_settled() {
    if (!pending_ && !models_->is_loading(ModelPair::Main)) emit settled();
}

/// Names and colours of the models wherever they stand.
void PaintLab::name_models() {
    const auto& main = models_->model(ModelPair::Main);
    const auto& comparison = models_->model(ModelPair::Comparison);
    comparison_->setVisible(comparison != nullptr);
    if (main) {
        tiles_->set_accent(colour_of(*main));
        mix_->set_accent(colour_of(*main));
    }
    if (!comparison) return;
    comparison_tiles_->set_accent(colour_of(*comparison));
    comparison_->set_title(
        tr("%1 on the same drawing and the same noise").arg(configuration_label(comparison->spec())));
}

void PaintLab::show_problem(ModelPair::Place place, const QString& sentence) {
    if (place == ModelPair::Main && pending_)
        refuse_pending(sentence);
    else
        strip_->show_message(MessageStrip::Severity::Error, sentence, tr("Open model…"),
                             [this, place] { ask_for_model(place); });
    tell_settled();
}

void PaintLab::ask_for_model(ModelPair::Place place) {
    auto* dialog = make_open_dialog(this, tr("Open model"), tr("Trained models (*.safetensors)"));
    dialog->setDirectory(QFileInfo(models_->path(place)).path());
    connect(dialog, &QFileDialog::fileSelected, models_, [this, place](const QString& path) {
        if (place == ModelPair::Main) abandon_pending();
        models_->choose(place, path);
    });
    dialog->open();
}

// --- Room ---

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
    const int above = std::max(least_tiles_height, height - below);
    const int mix = mix_->isVisibleTo(rows_) ? above - std::min(above * 2 / 5, second) : 0;
    rows_->setSizes(
        {mix, above - mix, second + comparison_->heading_height(), moments + moments_->heading_height()});
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
