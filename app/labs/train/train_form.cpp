#include "app/labs/train/train_form.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

#include "app/labs/section.h"
#include "app/labs/train/train_data.h"
#include "app/labs/train/train_settings.h"
#include "core/base/error.h"
#include "core/sampling/model_library.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int widest = 820;

/// The paper's figure first, then the remedies of others.
constexpr const char* objectives[] = {"gan+pmr2",  "gan+pmr1", "gan+mr2",  "gan+mr1", "gan+l1",
                                      "gan+l2",    "gan",      "l1",       "l2",      "gan+dsgan",
                                      "gan+msgan", "gan+mmd",  "gan+rcgan"};

QLabel* small_text(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setProperty("secondary", true);
    label->setWordWrap(true);
    return label;
}

/// What a form is told, and below it what that means.
QVBoxLayout* above(QWidget* field, QLabel* help) {
    auto* column = new QVBoxLayout;
    column->setSpacing(space::s);
    column->addWidget(field);
    column->addWidget(help);
    return column;
}

/// With the weights that it will have, and what is minimised.
QString describe_objective(const std::optional<Spec>& spec) {
    if (!spec) return {};
    const auto& objective = spec->objective;
    auto text = QString::fromStdString(objective.label() + "   " + objective.formula());
    if (const auto k = objective.samples_per_condition(); k > 1) text += TrainForm::tr("   K = %1").arg(k);
    if (objective.needs_predictor())
        text += TrainForm::tr("\nFirst the predictor learns the moments, for %1 steps of its own.")
                    .arg(QLocale().toString(qlonglong(spec->training.predictor_steps)));
    return text;
}

bool is_offered(const Preset& preset) { return preset.id != "toy"; }

}  // namespace

TrainForm::TrainForm(QWidget* parent) : QWidget(parent) {
    build();
    set_plan({.preset = "street-64", .objective = "gan+pmr2"});
}

// --- Parts ---

void TrainForm::build() {
    auto* page = new QWidget;
    page->setMaximumWidth(widest);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::m);
    auto* title = new QLabel(tr("New training"), page);
    title->setProperty("title", true);
    column->addWidget(title);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::l);
    form->setVerticalSpacing(space::m);
    add_what(form);
    form->addRow(tr("Pictures"), build_data());
    add_where(form);
    column->addLayout(form);
    column->addWidget(build_settings(), 1);
    auto* centred = new QWidget;
    auto* row = new QHBoxLayout(centred);
    row->setContentsMargins({});
    row->addStretch(1);
    row->addWidget(page, 100);
    row->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(centred);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins({});
    all->setSpacing(0);
    all->addWidget(area, 1);
    all->addWidget(build_bottom());
}

void TrainForm::add_what(QFormLayout* form) {
    preset_ = new QComboBox(this);
    preset_->setObjectName("train_preset");
    preset_->setAccessibleName(tr("What to learn"));
    preset_->setToolTip(tr("A task with the network and settings for it; everything can be changed below."));
    for (const auto& preset : presets())
        if (is_offered(preset)) preset_->addItem(QString::fromStdString(preset.id));
    connect(preset_, &QComboBox::activated, this, &TrainForm::choose_preset);
    preset_help_ = small_text(this);
    objective_ = new QComboBox(this);
    objective_->setObjectName("train_objective");
    objective_->setAccessibleName(tr("Loss"));
    objective_->setToolTip(tr("The terms that G minimises; type your own, with weights: gan + 20*pmr2."));
    objective_->setEditable(true);
    objective_->setInsertPolicy(QComboBox::NoInsert);
    objective_->setCompleter(nullptr);  // it would make gan+pmr2 of a "gan" that is typed
    for (const auto* text : objectives) objective_->addItem(QString::fromLatin1(text));
    connect(objective_, &QComboBox::currentTextChanged, this, [this](const QString& text) {
        plan_.objective = QString(text).remove(' ').toStdString();
        check();
    });
    steps_ = make_number("training.steps");
    seed_ = make_number("training.seed");
    auto* numbers = new QHBoxLayout;
    numbers->setSpacing(space::m);
    numbers->addWidget(steps_);
    auto* seed_name = new QLabel(tr("Seed"), this);
    seed_name->setContentsMargins(space::l, 0, 0, 0);
    numbers->addWidget(seed_name);
    numbers->addWidget(seed_);
    numbers->addStretch();
    objective_help_ = small_text(this);
    objective_help_->setObjectName("train_objective_help");
    form->addRow(tr("Learn"), above(preset_, preset_help_));
    form->addRow(tr("Loss"), above(objective_, objective_help_));
    weights_ = new QComboBox(this);
    weights_->setObjectName("train_weights");
    weights_->setAccessibleName(tr("Start from"));
    weights_->setToolTip(
        tr("Random weights, or those of a model that came with the program or of a training of yours, which "
           "pictures of yours or further steps make better."));
    connect(weights_, &QComboBox::activated, this, [this] {
        plan_.start = weights_->currentData().toString().toStdString();
        show_settings();
        check();
    });
    form->addRow(tr("Start from"), weights_);
    form->addRow(tr("Steps"), numbers);
}

QSpinBox* TrainForm::make_number(const char* key) {
    const auto& field = find_field(key);
    auto* box = new QSpinBox(this);
    box->setObjectName(QStringLiteral("train_%1").arg(QString(key).section('.', 1)));
    box->setRange(static_cast<int>(field.min), static_cast<int>(std::min(field.max, 1e9)));
    box->setAccessibleName(QString::fromStdString(field.label));
    box->setToolTip(QString::fromStdString(field.help));
    box->setGroupSeparatorShown(true);
    box->setMinimumWidth(120);
    connect(box, &QSpinBox::valueChanged, this,
            [this, key](int value) { take_setting(key, std::to_string(value)); });
    return box;
}

QWidget* TrainForm::build_data() {
    data_ = new TrainData(this);
    connect(data_, &TrainData::choose_requested, this, &TrainForm::data_requested);
    connect(data_, &TrainData::changed, this, [this] {
        plan_.folder = data_->folder().toStdString();
        check();
    });
    return data_;
}

void TrainForm::add_where(QFormLayout* form) {
    name_ = new QLineEdit(this);
    name_->setObjectName("train_name");
    name_->setAccessibleName(tr("Name"));
    name_->setToolTip(
        tr("The folder of the run: settings, log, samples and the trained model are kept in it."));
    connect(name_, &QLineEdit::textChanged, this, &TrainForm::check_name);
    auto* where = new QPushButton(icon("folder"), tr("Elsewhere…"), this);
    where->setObjectName("train_where");
    where->setProperty("flat", true);
    where->setToolTip(tr("Choose the folder in which all trainings are kept."));
    connect(where, &QPushButton::clicked, this, &TrainForm::runs_folder_requested);
    command_ = new QLineEdit(this);
    command_->setObjectName("train_command");
    command_->setReadOnly(true);
    command_->setAccessibleName(tr("The same as a command line"));
    command_->setToolTip(tr("Trains the same without a window, here or on another machine."));
    auto* copy = command_->addAction(icon("copy"), QLineEdit::TrailingPosition);
    copy->setToolTip(tr("Copy the command line"));
    connect(copy, &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(command_->text()); });
    auto* name_row = new QHBoxLayout;
    name_row->setSpacing(space::m);
    name_row->addWidget(name_, 1);
    name_row->addWidget(where);
    form->addRow(tr("Name"), name_row);
    form->addRow(tr("Command"), command_);
}

QWidget* TrainForm::build_settings() {
    settings_ = new TrainSettings(this);
    connect(settings_, &TrainSettings::changed, this, &TrainForm::take_setting);
    auto* toggle = new QAction(tr("All settings"), this);
    toggle->setObjectName("train.settings");
    toggle->setCheckable(true);
    toggle->setToolTip(tr("Everything that the preset decides."));
    auto* section = new Section(settings_, toggle, this);
    section->set_title(tr("All settings"));
    section->set_open(true);
    return section;
}

QWidget* TrainForm::build_bottom() {
    auto* bar = new QWidget(this);
    problem_ = new QLabel(bar);
    problem_->setObjectName("train_problem");
    problem_->setWordWrap(true);
    auto* cancel = new QPushButton(tr("Cancel"), bar);
    cancel->setObjectName("train_cancel");
    cancel->setToolTip(tr("Back to the trainings (Escape)."));
    connect(cancel, &QPushButton::clicked, this, &TrainForm::cancelled);
    start_ = new QPushButton(icon("play", QPalette::HighlightedText), tr("Start training"), bar);
    start_->setObjectName("train_start");
    start_->setProperty("primary", true);
    start_->setToolTip(
        tr("Trains in the background; the other pages stay as quick as they can (Ctrl+Return)."));
    connect(start_, &QPushButton::clicked, this, &TrainForm::begin);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::l, space::m, 0, 0);
    row->setSpacing(space::m);
    row->addWidget(problem_, 1);
    row->addWidget(cancel);
    row->addWidget(start_);
    return bar;
}

// --- The plan ---

void TrainForm::set_plan(const TrainPlan& plan) {
    plan_ = plan;
    preset_->setCurrentText(QString::fromStdString(plan.preset));
    {
        const QSignalBlocker quiet(objective_);
        objective_->setCurrentText(QString::fromStdString(plan.objective));
    }
    show_preset();
    if (const auto folder = QString::fromStdString(plan.folder); folder != data_->folder())
        data_->set_folder(folder);
    check();
}

void TrainForm::choose_preset(int index) {
    plan_.preset = preset_->itemText(index).toStdString();
    plan_.settings.clear();
    plan_.start.clear();
    show_preset();
    check();
}

void TrainForm::show_preset() {
    for (const auto& preset : presets())
        if (preset.id == plan_.preset) preset_help_->setText(QString::fromStdString(preset.help));
    list_weights();
    show_settings();
    data_->set_source(preset_spec(plan_.preset).data.source);
}

void TrainForm::show_settings() {
    const auto spec = plan_.usual_with_settings();
    for (auto* box : {steps_, seed_}) {
        const QSignalBlocker quiet(box);
        const auto value = box == steps_ ? spec.training.steps : spec.training.seed;
        box->setValue(static_cast<int>(value));
    }
    settings_->show_spec(spec, plan_.usual());
}

/// Models of another preset have other networks.
void TrainForm::list_weights() {
    weights_->clear();
    weights_->addItem(tr("random weights"), QString());
    for (const auto& model : shipped_models())
        if (model.name.starts_with(plan_.preset + "-")) {
            const auto name = QString::fromStdString(model.name);
            weights_->addItem(name, name);
        }
    const auto start = QString::fromStdString(plan_.start);
    if (!start.isEmpty() && weights_->findData(start) < 0)
        weights_->addItem(QFileInfo(start).dir().dirName(), start);
    weights_->setCurrentIndex(std::max(0, weights_->findData(start)));
    weights_->setEnabled(weights_->count() > 1);
}

void TrainForm::set_data(const QString& folder) { data_->set_folder(folder); }

void TrainForm::set_runs_folder(const QString& folder) {
    runs_folder_ = folder;
    check();
}

QString TrainForm::directory() const {
    const QString name = name_->text().trimmed();
    if (!name.isEmpty()) return QDir(runs_folder_).filePath(name);
    QString free = QDir(runs_folder_).filePath(plan_.name());
    for (int number = 2; QFileInfo::exists(free); ++number)
        free = QDir(runs_folder_).filePath(QStringLiteral("%1-%2").arg(plan_.name()).arg(number));
    return free;
}

/// Why the plan cannot be trained; else `spec_` is what it trains.
QString TrainForm::make_spec() {
    spec_.reset();
    if (const QString problem = data_->problem(); !problem.isEmpty()) return problem;
    try {
        spec_ = plan_.spec(data_->report());
    } catch (const Error& error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

/// After the plan has changed: says what is missing, or how the same is done without a window. The model that
/// it starts from is read for it, so not at every letter of a name.
void TrainForm::check() {
    plan_problem_ = make_spec();
    objective_help_->setText(describe_objective(spec_));
    check_name();
}

void TrainForm::check_name() {
    const bool taken = QFileInfo::exists(directory());
    problem_->setText(
        !taken || !plan_problem_.isEmpty()
            ? plan_problem_
            : tr("There is a training named %1 already; choose another name.").arg(name_->text().trimmed()));
    name_->setPlaceholderText(QFileInfo(directory()).fileName());
    command_->setText(plan_.command_line(directory()));
    command_->setCursorPosition(0);
    start_->setEnabled(spec_ && !taken);
}

void TrainForm::begin() {
    check();
    if (!start_->isEnabled()) return;
    emit start_requested(*spec_, directory(), QString::fromStdString(plan_.start));
    name_->clear();  // the next one is another
}

void TrainForm::take_setting(const std::string& key, const std::string& value) {
    QString refused;
    try {
        auto spec = preset_spec(plan_.preset);
        set_field(spec, key + "=" + value);
        plan_.set(key, value);
    } catch (const Error& error) {
        refused = QString::fromStdString(error.what());
    }
    show_preset();
    check();
    if (!refused.isEmpty()) problem_->setText(refused);
}

/// Single keys of the page are about its trainings, which are not seen now; here people type.
bool TrainForm::event(QEvent* event) {
    claim_own_keys(*event, [](const QKeyEvent& key) {
        if (key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return false;
        const QString text = key.text();
        return key.key() == Qt::Key_Delete || (!text.isEmpty() && text[0].isPrint());
    });
    return QWidget::event(event);
}

void TrainForm::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit cancelled();
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() & Qt::ControlModifier) return begin();
    QWidget::keyPressEvent(event);
}

}  // namespace modescope
