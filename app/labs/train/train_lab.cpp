#include "app/labs/train/train_lab.h"

#include <QAction>
#include <QBoxLayout>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <utility>

#include "app/labs/file_dialog.h"
#include "app/labs/model_box.h"
#include "app/labs/page_action.h"
#include "app/labs/time_text.h"
#include "app/labs/train/train_form.h"
#include "app/labs/train/train_plan.h"
#include "app/labs/train/train_shelf.h"
#include "app/labs/train/train_view.h"
#include "core/base/error.h"
#include "widgets/message_strip.h"

namespace modescope {
namespace {

QString usual_folder() {
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + "/Modescope trainings";
}

QString model_of(const TrainRun& run) { return run.directory + "/model.safetensors"; }

QString checkpoint_of(const TrainRun& run) { return run.directory + "/checkpoint.safetensors"; }

QString folder_in(const QMimeData& data) {
    if (!data.hasUrls() || data.urls().size() != 1) return {};
    const QString path = data.urls().first().toLocalFile();
    return QFileInfo(path).isDir() ? path : QString();
}

QString description_of(const TrainRun& run) {
    if (!run.problem.isEmpty()) return run.problem;
    const auto configuration = configuration_label(run.record.spec);
    return run.elsewhere ? TrainLab::tr("%1 · trained by another program").arg(configuration) : configuration;
}

/// A large button with the icon and the text of an action.
QPushButton* labelled_button(QAction* action, QWidget* parent) {
    auto* button = new QPushButton(action->icon(), action->text(), parent);
    button->setObjectName(action->objectName() + ".button");
    button->setToolTip(action->toolTip());
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::changed, button,
                     [button, action] { button->setEnabled(action->isEnabled()); });
    return button;
}

/// The same training with the moments of K samples in place of the loss that pulls every sample to one
/// target. Settings of that loss, such as its weights, say nothing about the other.
TrainPlan with_moments(const TrainRun& run) {
    auto plan = TrainPlan::of(run.record.spec);
    plan.objective = "gan+pmr2";
    std::erase_if(plan.settings, [](const auto& setting) { return setting.first.starts_with("objective."); });
    return plan;
}

/// As many steps again, with G, D and P as they were saved last.
TrainPlan further(const TrainRun& run) {
    auto plan = TrainPlan::of(run.record.spec);
    plan.start = checkpoint_of(run).toStdString();
    if (run.record.spec.objective.needs_predictor()) plan.set("training.predictor_steps", "1");
    return plan;
}

}  // namespace

TrainLab::TrainLab(QWidget* parent)
    : Lab(parent), strip_(new MessageStrip(this)), stack_(new QStackedWidget(this)) {
    setAcceptDrops(true);
    add_actions();
    runs_page_ = build_runs_page();
    stack_->addWidget(runs_page_);
    stack_->addWidget(form_ = new TrainForm(this));
    splitter_ = new QSplitter(Qt::Horizontal, this);
    splitter_->setChildrenCollapsible(false);
    splitter_->setHandleWidth(space::m);
    splitter_->addWidget(shelf_ = new TrainShelf(runs_, this));
    splitter_->addWidget(stack_);
    splitter_->setStretchFactor(1, 1);
    auto* page = new QVBoxLayout;
    page->setContentsMargins(space::l, space::m, space::l, space::m);
    page->addWidget(splitter_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(strip_);
    column->addLayout(page, 1);
    setFocusProxy(shelf_);
    reset_layout();
    connect_parts();
    load_settings();
}

TrainLab::~TrainLab() { save_settings(); }

QWidget* TrainLab::build_runs_page() {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    column->addWidget(build_heading());
    column->addWidget(view_ = new TrainView(runs_, page), 1);
    return page;
}

QWidget* TrainLab::build_heading() {
    auto* heading = new QWidget(this);
    name_ = new QLabel(heading);
    name_->setProperty("heading", true);
    what_ = new QLabel(heading);
    what_->setProperty("secondary", true);
    toggle_ = new QPushButton(heading);
    toggle_->setObjectName("train_toggle");
    toggle_->setToolTip(stop_->toolTip());
    connect(toggle_, &QPushButton::clicked, stop_, &QAction::trigger);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    row->addWidget(name_);
    row->addWidget(what_, 1);
    for (auto* action : {paint_, compare_}) row->addWidget(labelled_button(action, heading));
    row->addWidget(toggle_);
    row->addWidget(further_button_ = labelled_button(further_, heading));
    row->addWidget(tool_button(remove_, heading));
    return heading;
}

void TrainLab::add_actions() {
    add_command(this,
                {"train.new", "plus", tr("New training"), tr("Choose what to learn and how (Ctrl+N)."),
                 QKeySequence("Ctrl+N")},
                [this] { new_training(); });
    add_command(this,
                {"train.open", "folder", tr("Open a training…"),
                 tr("Add a run's folder from elsewhere to the list (O)."), QKeySequence(Qt::Key_O)},
                [this] { open_run(); });
    stop_ = add_command(this,
                        {"train.toggle",
                         {},
                         tr("Stop or go on"),
                         tr("Save and stop, or go on exactly where it stopped (T)."),
                         QKeySequence(Qt::Key_T)},
                        [this] { toggle_training(); });
    further_ = add_command(this,
                           {"train.further", "play", tr("Train further…"),
                            tr("Put together a training that begins with the weights of this one (F)."),
                            QKeySequence(Qt::Key_F)},
                           [this] { plan_after(shelf_->current(), further); });
    paint_ = add_command(this,
                         {"train.paint", "paint", tr("Paint with it"),
                          tr("Try the trained model in the Paint Studio; while it trains, as it was saved "
                             "last (P)."),
                          QKeySequence(Qt::Key_P)},
                         [this] { use_model(&TrainLab::paint_requested); });
    compare_ = add_command(
        this,
        {"train.compare", "compare", tr("Compare"),
         tr("Put the trained model beside others on the same noise (C)."), QKeySequence(Qt::Key_C)},
        [this] { use_model(&TrainLab::compare_requested); });
    remove_ = add_command(this,
                          {"train.remove", "trash", tr("Move to the trash"),
                           tr("Move the run's folder to the trash; not while it trains (Delete)."),
                           QKeySequence(Qt::Key_Delete)},
                          [this] { remove_current(); });
    add_command(this,
                {"train.earlier",
                 {},
                 tr("Earlier samples"),
                 tr("The samples one save before."),
                 QKeySequence(Qt::Key_Comma)},
                [this] { view_->step_samples(-1); });
    add_command(this,
                {"train.later",
                 {},
                 tr("Later samples"),
                 tr("The samples one save later."),
                 QKeySequence(Qt::Key_Period)},
                [this] { view_->step_samples(1); });
    add_command(this,
                {"train.folder", "folder", tr("Keep trainings elsewhere…"),
                 tr("Choose the folder in which trainings are kept and listed.")},
                [this] { choose_runs_folder(); });
}

void TrainLab::connect_parts() {
    connect(stack_, &QStackedWidget::currentChanged, this, [this] {
        setFocusProxy(stack_->currentWidget() == form_ ? static_cast<QWidget*>(form_) : shelf_);
    });
    connect(shelf_, &TrainShelf::new_requested, this, &TrainLab::new_training);
    connect(shelf_, &TrainShelf::current_changed, this, &TrainLab::show_current);
    connect(shelf_, &TrainShelf::chosen, this, [this] { stack_->setCurrentWidget(runs_page_); });
    connect(shelf_, &TrainShelf::drawn_changed, this, &TrainLab::show_current);
    connect(&runs_, &TrainRuns::changed, this, &TrainLab::update_run);
    connect(&runs_, &TrainRuns::failed, this, &TrainLab::show_problem);
    connect(&runs_, &TrainRuns::listed, this, &TrainLab::use_first_list);
    connect(&runs_, &TrainRuns::added, this, [this](const QString& directory) {
        shelf_->set_current(directory);
        show_runs();
    });
    connect(form_, &TrainForm::cancelled, this, &TrainLab::show_runs);
    connect(form_, &TrainForm::data_requested, this, &TrainLab::choose_data);
    connect(form_, &TrainForm::runs_folder_requested, this, &TrainLab::choose_runs_folder);
    connect(
        form_, &TrainForm::start_requested, this,
        [this](const Spec& spec, const QString& directory, const QString& model) {
            if (!QDir().mkpath(QFileInfo(directory).path()))
                return show_problem(tr("The folder %1 cannot be made; choose another one with “Elsewhere…”.")
                                        .arg(QFileInfo(directory).path()));
            strip_->hide();
            runs_.start(spec, directory, model);
            shelf_->set_current(directory);
            show_runs();
        });
}

void TrainLab::reset_layout() { splitter_->setSizes({300, 1100}); }

// --- Settings ---

void TrainLab::load_settings() {
    QSettings settings;
    settings.beginGroup("train");
    const QString folder = settings.value("folder", usual_folder()).toString();
    form_->set_runs_folder(folder);
    splitter_->restoreState(settings.value("splitter").toByteArray());
    runs_.set_folder(folder);
}

void TrainLab::save_settings() const {
    QSettings settings;
    settings.beginGroup("train");
    settings.setValue("folder", runs_.folder());
    settings.setValue("splitter", splitter_->saveState());
    settings.setValue("current", shelf_->current());
}

void TrainLab::showEvent(QShowEvent* event) {
    Lab::showEvent(event);
    runs_.watch(true);
    emit_facts();
}

void TrainLab::hideEvent(QHideEvent* event) {
    Lab::hideEvent(event);
    runs_.watch(false);
}

/// What was current last time is so again; who has trained nothing begins with the form.
void TrainLab::use_first_list() {
    disconnect(&runs_, &TrainRuns::listed, this, &TrainLab::use_first_list);
    QSettings settings;
    settings.beginGroup("train");
    shelf_->set_current(settings.value("current").toString());
    if (!runs_.runs().empty()) return;
    stack_->setCurrentWidget(form_);
    if (isVisible()) form_->setFocus();  // the list that had it is empty
}

void TrainLab::changeEvent(QEvent* event) {
    Lab::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && view_) {
        view_->recolour();
        if (current()) toggle_->setIcon(icon(current()->trains() ? "pause" : "play"));
    }
}

// --- Pages ---

void TrainLab::new_training() { show_form(form_->plan()); }

void TrainLab::show_form(const TrainPlan& plan) {
    form_->set_plan(plan);
    stack_->setCurrentWidget(form_);
    form_->setFocus();
}

void TrainLab::show_runs() {
    stack_->setCurrentWidget(runs_page_);
    shelf_->setFocus();
    show_current();
}

const TrainRun* TrainLab::current() const {
    const int index = runs_.index_of(shelf_->current());
    return index < 0 ? nullptr : &runs_.runs()[index];
}

void TrainLab::show_current() {
    const TrainRun* run = current();
    view_->show_runs(shelf_->current(), shelf_->drawn());
    if (!run) {
        name_->clear();
        what_->clear();
        for (auto* action : {paint_, compare_, remove_, stop_, further_}) action->setEnabled(false);
        toggle_->hide();
        further_button_->hide();
        return emit_facts();
    }
    name_->setText(run->name());
    update_run(run->directory);
}

void TrainLab::update_run(const QString& directory) {
    view_->update_run(directory);
    const int index = runs_.index_of(directory);
    if (index < 0) return;
    const TrainRun& run = runs_.runs()[index];
    sound_alarm(run);
    if (directory != shelf_->current()) return;
    const bool trains = run.trains(), readable = run.problem.isEmpty();
    const bool done = run.status.state == RunState::finished;
    what_->setText(description_of(run));
    toggle_->setVisible(readable && !done);
    // The form offers no toy: that is trained on its own page.
    const bool can_go_further = readable && run.record.spec.data.source != "toy";
    further_button_->setVisible(can_go_further && done);
    further_->setEnabled(can_go_further && !trains && QFileInfo::exists(checkpoint_of(run)));
    toggle_->setText(trains ? tr("Stop") : tr("Go on"));
    toggle_->setIcon(icon(trains ? "pause" : "play"));
    stop_->setEnabled(readable && !done && !run.elsewhere);
    toggle_->setEnabled(stop_->isEnabled());
    toggle_->setToolTip(run.elsewhere ? tr("Another program trains it; stop it there.") : stop_->toolTip());
    // While the predictor learns, G is as random as it began.
    const bool draws = run.status.progress.predictor_ready && QFileInfo::exists(model_of(run));
    for (auto* action : {paint_, compare_}) action->setEnabled(draws);
    remove_->setEnabled(!trains);
    emit_facts();
}

/// Once for each training.
void TrainLab::sound_alarm(const TrainRun& run) {
    if (warned_.contains(run.directory)) return;
    const auto state = run.status.state;
    if ((state == RunState::diverged || state == RunState::failed) && !run.status.message.empty()) {
        warned_ << run.directory;
        return strip_->show_message(MessageStrip::Severity::Error,
                                    tr("%1: %2").arg(run.name(), QString::fromStdString(run.status.message)));
    }
    if (state != RunState::training || !ignores_noise(run)) return;
    warned_ << run.directory;
    const auto text = tr("%1: all samples of one input look alike; G ignores its noise.").arg(run.name());
    if (run.record.spec.objective.needs_predictor())
        return strip_->show_message(MessageStrip::Severity::Warning, text);
    strip_->show_message(MessageStrip::Severity::Warning, text, tr("Train with pMR₂"),
                         [this, directory = run.directory] { plan_after(directory, with_moments); });
}

void TrainLab::show_problem(const QString& sentence) {
    strip_->show_message(MessageStrip::Severity::Error, sentence);
}

void TrainLab::emit_facts() {
    int training = 0;
    for (const auto& run : runs_.runs()) training += run.trains();
    QStringList facts;
    if (training == 1) facts << tr("1 training in progress");
    if (training > 1) facts << tr("%1 trainings in progress").arg(training);
    if (const TrainRun* run = current(); run && run->trains() && run->status.ms_per_step > 0) {
        facts << tr("%1 ms per step").arg(run->status.ms_per_step, 0, 'f', 0);
        if (run->seconds_left >= 0) facts << tr("%1 left").arg(time_text(run->seconds_left));
    }
    facts << tr("kept in %1").arg(runs_.folder());
    emit status_changed(facts);
}

// --- Commands ---

void TrainLab::toggle_training() {
    const TrainRun* run = current();
    if (!run) return;
    const int index = runs_.index_of(run->directory);
    warned_.removeAll(run->directory);
    if (run->trains())
        runs_.stop(index);
    else
        runs_.resume(index);
}

/// Puts together a training that follows a run.
void TrainLab::plan_after(const QString& directory, TrainPlan (*plan_of)(const TrainRun&)) {
    const int index = runs_.index_of(directory);
    if (index < 0) return;
    try {
        show_form(plan_of(runs_.runs()[index]));
    } catch (const Error& error) {
        show_problem(QString::fromStdString(error.what()));
    }
}

void TrainLab::use_model(void (TrainLab::*wish)(const QString&)) {
    if (const TrainRun* run = current()) emit(this->*wish)(model_of(*run));
}

void TrainLab::remove_current() {
    const TrainRun* run = current();
    if (!run) return;
    const QString name = run->name(), directory = run->directory;
    try {
        const QString in_trash = runs_.remove(runs_.index_of(directory));
        if (in_trash.isEmpty()) return setFocus();
        strip_->show_message(MessageStrip::Severity::Info, tr("%1 is in the trash.").arg(name),
                             tr("Bring it back"), [=, this] { bring_back(in_trash, directory); });
        setFocus();
    } catch (const Error& error) {
        show_problem(QString::fromStdString(error.what()));
    }
}

void TrainLab::bring_back(const QString& in_trash, const QString& directory) {
    try {
        runs_.bring_back(in_trash, directory);
    } catch (const Error& error) {
        show_problem(QString::fromStdString(error.what()));
    }
}

void TrainLab::open_run() {
    auto* dialog = make_folder_dialog(this, tr("Folder of a training"));
    connect(dialog, &QFileDialog::fileSelected, &runs_, &TrainRuns::add);
    dialog->open();
}

void TrainLab::choose_data() {
    auto* dialog = make_folder_dialog(this, tr("Folder of pictures to learn from"));
    connect(dialog, &QFileDialog::fileSelected, form_, &TrainForm::set_data);
    dialog->open();
}

void TrainLab::choose_runs_folder() {
    auto* dialog = make_folder_dialog(this, tr("Folder for trainings"));
    dialog->setDirectory(runs_.folder());
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        form_->set_runs_folder(folder);
        runs_.set_folder(folder);
        emit_facts();
    });
    dialog->open();
}

// --- Drops ---

void TrainLab::dragEnterEvent(QDragEnterEvent* event) {
    if (!folder_in(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

/// A run's folder joins the list, another one is data.
void TrainLab::dropEvent(QDropEvent* event) {
    const QString folder = folder_in(*event->mimeData());
    event->acceptProposedAction();
    if (QFileInfo::exists(folder + "/spec.json")) return runs_.add(folder);
    stack_->setCurrentWidget(form_);
    form_->set_data(folder);
}

}  // namespace modescope
