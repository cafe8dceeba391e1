#include "app/labs/toy/toy_lab.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/labs/toy/toy_board.h"
#include "app/labs/toy/toy_chips.h"
#include "app/labs/toy/toy_lesson.h"
#include "app/labs/toy/toy_points_dialog.h"
#include "app/labs/toy/toy_recipe.h"
#include "app/labs/toy/toy_timeline_bar.h"
#include "app/labs/toy/toy_toolbar.h"
#include "app/labs/toy/toy_tuning.h"
#include "widgets/chart.h"
#include "widgets/message_strip.h"
#include "widgets/slice_chart.h"
#include "widgets/theme.h"
#include "widgets/toy_panel.h"

namespace modescope {
namespace {

constexpr std::int64_t first_seed = 7, first_stop = 5000;
constexpr int tick_ms = 16, scrub_steps = 10;

/// The configurations that the paper compares; their colours are in the theme.
const QStringList& paper_formulas() {
    static const QStringList list{"gan",       "l2",      "gan+100*l2",  "gan+10*pmr2", "l1",
                                  "gan+30*l1", "gan+mr1", "gan+0.1*mr2", "gan+pmr1"};
    return list;
}

QString colour_id(const QString& formula) {
    if (!paper_formulas().contains(formula)) return QStringLiteral("custom ") + formula;
    return QString::fromStdString(parse_objective(formula.toStdString()).id());
}

/// One spelling for each configuration: "gan+5*pmr2".
QString formula_of(const Objective& objective) {
    QStringList parts;
    for (const auto term : objective.active()) {
        const double weight = objective.weight(term);
        const QString id = QString::fromStdString(info(term).id);
        parts << (weight == 1 ? id : QString::number(weight) + QChar('*') + id);
    }
    return parts.join(QChar('+'));
}

QString label_of(const Objective& objective) { return QString::fromStdString(objective.label()); }

/// What a formula trains before anything is tuned.
Spec usual_spec(const QString& formula) {
    auto spec = preset_spec("toy");
    spec.objective = parse_objective(formula.toStdString());
    return spec;
}

}  // namespace

ToyLab::ToyLab(QWidget* parent)
    : Lab(parent), session_(std::make_unique<ToySession>(first_seed)), timer_(new QTimer(this)) {
    setFocusPolicy(Qt::ClickFocus);
    build();
    timer_->setTimerType(Qt::PreciseTimer);
    timer_->setInterval(tick_ms);
    connect(timer_, &QTimer::timeout, this, &ToyLab::tick);
    connect_controls();
    add_shortcuts();
    add_exports();
    add_data_actions();
    session_->set_stop(first_stop);
    for (const QString& formula : paper_formulas()) add_chip(formula);
    load_settings();
}

ToyLab::~ToyLab() {
    if (started_) save_settings();
}

ToyPanel* ToyLab::panel(std::size_t index) const { return shown_.at(index).panel; }

void ToyLab::build() {
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(space::l, space::m + space::s, space::l, space::m + space::s);
    page->setSpacing(space::m);
    page->addWidget(toolbar_ = new ToyToolbar(this));
    page->addWidget(chips_ = new ToyChips(this));
    page->addWidget(strip_ = new MessageStrip(this));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(splitter_ = new QSplitter(Qt::Vertical, this), 1);
    row->addWidget(tuning_ = new ToyTuning(this));
    page->addLayout(row, 1);
    auto* stage = new QWidget(splitter_);
    auto* under = new QVBoxLayout(stage);
    under->setContentsMargins(0, 0, 0, 0);
    under->setSpacing(space::m);
    under->addWidget(board_ = new ToyBoard(stage), 1);
    under->addWidget(lesson_ = new ToyLesson(stage));
    under->addWidget(timeline_bar_ = new ToyTimelineBar(stage));
    splitter_->addWidget(stage);
    splitter_->addWidget(build_charts());
    splitter_->setHandleWidth(space::m);
    splitter_->setStretchFactor(0, 5);
    splitter_->setStretchFactor(1, 3);
    splitter_->setChildrenCollapsible(false);
    reset_layout();
    tuning_->hide();
    points_dialog_ = new ToyPointsDialog(this);
}

void ToyLab::reset_layout() { splitter_->setSizes({500, 280}); }

QWidget* ToyLab::build_charts() {
    auto* charts = new QWidget(splitter_);
    auto* row = new QHBoxLayout(charts);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::m);
    row->addWidget(w1_chart_ = new LineChart(charts), 5);
    auto* parts = new QVBoxLayout;
    parts->setSpacing(space::s);
    parts->addWidget(parts_chart_ = new StackChart(charts), 1);
    parts->addWidget(parts_sentence_ = new QLabel(charts));
    row->addLayout(parts, 5);
    row->addWidget(slice_chart_ = new SliceChart(charts), 4);
    w1_chart_->set_title(tr("Distance to the truth: Wasserstein-1, log scale"));
    w1_chart_->set_log_y(true);
    w1_chart_->setToolTip(
        tr("How far the samples must move on average to become the truth; lower is better."));
    parts_chart_->setToolTip(
        tr("The mean squared error of a sample in three parts: the data's noise, the mean's error, and the "
           "spread of "
           "the samples, which ℓ₂ alone drives to zero."));
    slice_chart_->setToolTip(
        tr("The samples around one x against the true density there; drag in a panel to move x."));
    parts_sentence_->setObjectName(QStringLiteral("parts_sentence"));
    parts_sentence_->setProperty("secondary", true);
    parts_sentence_->setWordWrap(true);
    charts->setMinimumHeight(180);
    return charts;
}

void ToyLab::connect_controls() {
    connect(toolbar_, &ToyToolbar::play_clicked, this, &ToyLab::toggle_playing);
    connect(toolbar_, &ToyToolbar::step_requested, this, &ToyLab::step);
    connect(toolbar_, &ToyToolbar::restart_requested, this, &ToyLab::restart);
    connect(toolbar_, &ToyToolbar::speed_changed, this, [this](double speed) { session_->set_speed(speed); });
    connect(toolbar_, &ToyToolbar::stop_changed, this,
            [this](std::int64_t step) { session_->set_stop(step); });
    connect(&toolbar_->tuning_button(), &QToolButton::toggled, tuning_, &QWidget::setVisible);
    connect(chips_, &ToyChips::formula_toggled, this, &ToyLab::toggle_formula);
    connect(chips_, &ToyChips::formula_entered, this, &ToyLab::add_typed_formula);
    connect(chips_, &ToyChips::layers_changed, this, &ToyLab::set_layers);
    connect(toolbar_, &ToyToolbar::slow_motion_requested, this, [this] { slow_motion(StepKind::both); });
    connect(lesson_, &ToyLesson::step_due, this, &ToyLab::step);
    connect(timeline_bar_, &ToyTimelineBar::step_chosen, this, &ToyLab::show_step);
    connect(timeline_bar_, &ToyTimelineBar::went_live, this, &ToyLab::show_live);
    connect(toolbar_, &ToyToolbar::data_chosen, this, &ToyLab::choose_data);
    connect(toolbar_, &ToyToolbar::points_requested, this, &ToyLab::edit_points);
    connect(points_dialog_, &ToyPointsDialog::chosen, this, [this](const std::vector<ToyPoint>& points) {
        choose_data(QString::fromStdString(to_text(points)));
    });
    connect(tuning_, &ToyTuning::retuned, this, &ToyLab::retune);
}

void ToyLab::add_shortcuts() {
    const auto on = [this](const QList<QKeySequence>& keys, const QString& text, auto run) {
        auto* action = new QAction(text, this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
    };
    on({Qt::Key_Space}, tr("Play or pause"), [this] { toggle_playing(); });
    on({Qt::Key_D}, tr("Step the discriminators"), [this] { step(StepKind::discriminator); });
    on({Qt::Key_G}, tr("Step the generators"), [this] { step(StepKind::generator); });
    on({Qt::Key_S, Qt::Key_Right}, tr("Step both"), [this] { step(StepKind::both); });
    on({Qt::Key_M}, tr("One step in slow motion"), [this] { slow_motion(StepKind::both); });
    on({Qt::SHIFT | Qt::Key_D}, tr("A step of D in slow motion"),
       [this] { slow_motion(StepKind::discriminator); });
    on({Qt::SHIFT | Qt::Key_G}, tr("A step of G in slow motion"),
       [this] { slow_motion(StepKind::generator); });
    on({Qt::Key_R}, tr("Restart with the seed"), [this] { restart(toolbar_->seed()); });
    on({Qt::SHIFT | Qt::Key_R}, tr("Restart with a new seed"), [this] { toolbar_->roll_seed(); });
    on({Qt::Key_P}, tr("Replay the training"), [this] { timeline_bar_->toggle_replay(); });
    on({Qt::Key_Comma}, tr("Back in the training"), [this] { timeline_bar_->move_by(-scrub_steps); });
    on({Qt::Key_Period}, tr("On in the training"), [this] { timeline_bar_->move_by(scrub_steps); });
    on({Qt::Key_L}, tr("Back to live"), [this] { timeline_bar_->go_live(); });
    on({Qt::Key_T}, tr("Tune the selected panel"), [this] { toolbar_->tuning_button().toggle(); });
    on({Qt::Key_N}, tr("Add a configuration"), [this] { chips_->open_edit(); });
    on({Qt::CTRL | Qt::Key_E}, tr("Export"),
       [this] { toolbar_->export_menu().popup(mapToGlobal(rect().center())); });
    const QStringList layers{tr("Show the density"), tr("Show the samples"), tr("Show D's surface"),
                             tr("Show the samples' μ̃ ± σ̃"), tr("Show the predictor's μ̂ ± σ̂")};
    for (int i = 0; i < layers.size(); ++i)
        on({Qt::Key_1 + i}, layers[i], [this, i] { chips_->toggle_layer(static_cast<std::size_t>(i)); });
}

/// Space and → are the page's, except where the Tab key went to a control that knows them.
bool ToyLab::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const auto* focus = QApplication::focusWidget();
        const bool button = qobject_cast<const QAbstractButton*>(focus);
        const bool slider = qobject_cast<const QSlider*>(focus);
        if ((key == Qt::Key_Space && button) || (key == Qt::Key_Right && slider)) event->accept();
    }
    return Lab::event(event);
}

void ToyLab::changeEvent(QEvent* event) {
    Lab::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && chips_) recolour();
}

void ToyLab::showEvent(QShowEvent* event) {
    Lab::showEvent(event);
    if (!started_) session_->play();
    started_ = true;
    setFocus();  // rather than the first button, which Space would press
    timer_->start();
    tick();
}

void ToyLab::hideEvent(QHideEvent* event) {
    Lab::hideEvent(event);
    timer_->stop();
    if (started_) save_settings();
}

void ToyLab::add_typed_formula(const QString& text) {
    try {
        const auto objective = parse_objective(text.toStdString());
        const QString formula = formula_of(objective);
        add_chip(formula);
        chips_->close_edit();
        toggle_formula(formula, true);
    } catch (const Error& error) {
        strip_->show_message(MessageStrip::Severity::Error, QString::fromUtf8(error.what()));
    }
}

void ToyLab::toggle_formula(const QString& formula, bool on_page) {
    const auto found = std::ranges::find(shown_, formula, &Shown::formula);
    strip_->hide();  // it may offer to bring back what was just taken off or put on
    if (on_page && found == shown_.end()) add_configuration(formula);
    if (!on_page && found != shown_.end())
        remove_configuration(static_cast<std::size_t>(found - shown_.begin()));
    const bool is_on_page = std::ranges::find(shown_, formula, &Shown::formula) != shown_.end();
    chips_->set_checked(formula, is_on_page);  // the page may be full
}

void ToyLab::add_chip(const QString& formula) {
    chips_->add_formula(formula, label_of(parse_objective(formula.toStdString())), colour_id(formula));
}

void ToyLab::add_configuration(const QString& formula) { add_configuration(formula, usual_spec(formula)); }

void ToyLab::add_configuration(const QString& formula, const Spec& spec) {
    if (shown_.size() >= most_toy_panels) {
        strip_->show_message(
            MessageStrip::Severity::Info,
            tr("The page holds %1 configurations; take one off first.").arg(most_toy_panels));
        return;
    }
    session_->add(spec);
    shown_.push_back({.formula = formula, .colour_id = colour_id(formula), .objective = spec.objective});
    shown_.back().history.label = label_of(spec.objective);
    put_on_page(shown_.back());
    select(shown_.size() - 1);
}

/// Its panel, its curve and its chip.
void ToyLab::put_on_page(Shown& shown) {
    const QString formula = shown.formula;
    auto* panel = shown.panel =
        new ToyPanel(shown.colour_id, shown.history.label, QString::fromStdString(shown.objective.formula()));
    panel->set_truth(truth_density());
    panel->set_layers(layers_);
    panel->set_slice(slice_x_);
    if (shown.live) panel->set_view(shown.view = shown.live);
    connect(panel, &ToyPanel::close_requested, this, [this, formula] { toggle_formula(formula, false); });
    connect(panel, &ToyPanel::activated, this, [this, panel] {
        if (const auto index = index_of(panel); index != selected_) select(index);
    });
    connect(panel, &ToyPanel::slice_moved, this, &ToyLab::set_slice);
    board_->add(panel);
    w1_chart_->set_series(formula, shown.history.label, configuration_colour(shown.colour_id));
    const auto& [label, steps, scores] = shown.history;
    for (std::size_t i = 0; i < steps.size(); ++i)
        w1_chart_->append(formula, static_cast<double>(steps[i]), scores[i].w1);
    chips_->set_label(formula, shown.history.label);
    chips_->set_checked(formula, true);
}

void ToyLab::take_off_page(const Shown& shown) {
    w1_chart_->remove(shown.formula);
    board_->remove(shown.panel);
    chips_->set_checked(shown.formula, false);
    chips_->set_label(shown.formula, label_of(usual_spec(shown.formula).objective));
}

/// As it was tuned it can come back; it catches up with the others by itself.
void ToyLab::remove_configuration(std::size_t index) {
    const auto spec = session_->spec(index);
    session_->remove(index);
    const auto shown = std::move(shown_[index]);
    shown_.erase(shown_.begin() + static_cast<std::ptrdiff_t>(index));
    take_off_page(shown);
    if (selected_ >= index && selected_ > 0) --selected_;
    select(selected_);
    strip_->show_message(MessageStrip::Severity::Info, tr("%1 is off the page.").arg(shown.history.label),
                         tr("Bring it back"),
                         [this, formula = shown.formula, spec] { add_configuration(formula, spec); });
}

std::size_t ToyLab::index_of(const ToyPanel* panel) const {
    return static_cast<std::size_t>(std::ranges::find(shown_, panel, &Shown::panel) - shown_.begin());
}

void ToyLab::select(std::size_t index) {
    selected_ = index;
    for (std::size_t i = 0; i < shown_.size(); ++i)
        shown_[i].panel->set_selected(i == index && shown_.size() > 1);
    toolbar_->tuning_button().setEnabled(!shown_.empty());
    show_parts();
    show_tuning();
}

void ToyLab::show_tuning() {
    if (selected_ < shown_.size())
        tuning_->show_spec(session_->spec(selected_), usual_spec(shown_[selected_].formula));
}

void ToyLab::set_layers(const ToyLayers& layers) {
    layers_ = layers;
    chips_->set_layers(layers);  // the panels follow at the next tick
}

void ToyLab::set_slice(double x) {
    slice_x_ = x;
    for (auto& shown : shown_) shown.panel->set_slice(x);
    refresh_slice();
}

void ToyLab::show_step(std::int64_t step) {
    for (auto& shown : shown_)
        if (auto view = shown.timeline.at(step)) shown.panel->set_view(shown.view = std::move(view));
    refresh_slice();
}

void ToyLab::show_live() {
    for (auto& shown : shown_)
        if (shown.live) shown.panel->set_view(shown.view = shown.live);
    refresh_slice();
}

void ToyLab::recolour() {
    chips_->recolour();
    for (const auto& shown : shown_)
        w1_chart_->set_series(shown.formula, label_of(shown.objective),
                              configuration_colour(shown.colour_id));
    show_parts();
}

/// Play at the end of the run means: go on.
void ToyLab::toggle_playing() {
    if (session_->playing()) return session_->pause();
    lesson_->end();
    if (session_->stop() > 0 && session_->front() >= session_->stop()) {
        session_->set_stop(session_->front() + first_stop);
        toolbar_->set_stop(session_->stop());
    }
    session_->play();
}

void ToyLab::step(StepKind kind) {
    session_->pause();
    session_->step(kind);
}

/// Of the selected configuration; once begun, the next part.
void ToyLab::slow_motion(StepKind kind) {
    if (lesson_->layers()) return lesson_->advance();
    if (selected_ >= shown_.size()) return;
    session_->pause();
    timeline_bar_->go_live();
    const auto spec = session_->spec(selected_);
    lesson_->begin(lesson_of(spec.objective, spec.training.batch, kind));
}

/// Plays on, also from the end of the run.
void ToyLab::restart(std::int64_t seed) {
    if (session_->stop() > 0 && session_->front() >= session_->stop()) session_->play();
    session_->restart(seed);
    timeline_bar_->go_live();
    for (std::size_t i = 0; i < shown_.size(); ++i) forget_curves(i);
    w1_chart_->clear();
    show_parts();
    facts_steps_ = 0;
}

void ToyLab::retune(const std::string& key, const FieldValue& value) {
    if (selected_ >= shown_.size()) return;
    if (Run* run = session_->run(selected_)) run->retune(key, value);
}

void ToyLab::set_timeline(std::size_t index, ToyTimeline timeline) {
    shown_.at(index).timeline = std::move(timeline);
    timeline_bar_->set_last_step(shown_[index].timeline.last_step());
}

}  // namespace modescope
