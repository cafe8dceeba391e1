#include "app/labs/train_form.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableWidget>
#include <QToolButton>
#include <algorithm>

#include "app/labs/section.h"
#include "core/base/error.h"
#include "core/worlds/world.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int widest = 820, listed_bad_files = 200;
/// Of the table.
enum Column { Name, Value, Help };

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

QString describe(const FolderReport& report) {
    QStringList parts{QString::fromStdString(name_of(report.layout))};
    for (const auto& split : report.splits) {
        auto text = TrainForm::tr("%L1 %2").arg(split.count).arg(QString::fromStdString(split.name));
        if (split.sizes.size() == 1)
            text += TrainForm::tr(" of %1").arg(QString::fromStdString(split.sizes.begin()->first));
        parts << text;
    }
    if (!report.palette.empty()) parts << TrainForm::tr("%1 classes").arg(report.palette.size());
    return parts.join(QStringLiteral(" · "));
}

QString describe_bad(const FolderReport& report) {
    QStringList lines;
    for (const auto& file : report.bad) {
        lines << QString::fromStdString(file.path + " " + file.problem);
        if (lines.size() == listed_bad_files) break;
    }
    return lines.join(QChar('\n'));
}

/// With the weights that it will have, and what is minimised.
QString describe_objective(const std::optional<Spec>& spec) {
    if (!spec) return {};
    const auto& objective = spec->objective;
    auto text = QString::fromStdString(objective.label() + "   " + objective.formula());
    if (const auto k = objective.samples_per_condition(); k > 1) text += TrainForm::tr("   K = %1").arg(k);
    return text;
}

/// The loss box decides the weights, and the card above the data.
bool is_listed(const Field& field) {
    const bool weight = std::ranges::any_of(
        terms(), [&](const TermInfo& term) { return field.key == "objective." + term.id; });
    const char* decided[] = {"data.source", "data.folder", "data.classes"};
    return !weight && std::ranges::find(decided, field.key) == std::end(decided);
}

bool is_offered(const Preset& preset) { return preset.id != "toy"; }

}  // namespace

TrainForm::TrainForm(QWidget* parent) : QWidget(parent) {
    build();
    connect(&folder_check_, &FolderCheck::progressed, this,
            [this](double share) { check_progress_->setValue(qRound(100 * share)); });
    connect(&folder_check_, &FolderCheck::done, this, &TrainForm::show_report);
    connect(&folder_check_, &FolderCheck::failed, this, [this](const QString& sentence) {
        checking_ = false;
        check_progress_->hide();
        folder_text_->setText(sentence);
        folder_text_->show();
        check();
    });
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
    form->addRow(tr("Learn"), preset_);
    form->addRow({}, preset_help_);
    form->addRow(tr("Loss"), objective_);
    form->addRow({}, objective_help_);
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
    connect(box, &QSpinBox::valueChanged, this, [this, key](int value) { set_number(key, value); });
    return box;
}

QWidget* TrainForm::build_data() {
    auto* card = new QFrame(this);
    card->setProperty("card", true);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(space::l, space::m, space::l, space::m);
    inside->setSpacing(space::m);
    data_text_ = new QLabel(card);
    data_text_->setObjectName("train_data");
    auto* choose = new QPushButton(icon("folder"), tr("Own pictures…"), card);
    choose->setObjectName("train_choose_data");
    choose->setToolTip(tr("A folder of pictures or pairs to learn from; dropping one here does the same."));
    connect(choose, &QPushButton::clicked, this, &TrainForm::data_requested);
    own_data_ = new QToolButton(card);
    own_data_->setObjectName("train_world_data");
    own_data_->setIcon(icon("close"));
    own_data_->setProperty("tool", true);
    own_data_->setAccessibleName(tr("Back to the world's pictures"));
    own_data_->setToolTip(tr("Learn from the preset's own world instead."));
    connect(own_data_, &QToolButton::clicked, this, [this] { set_data({}); });
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(data_text_, 1);
    row->addWidget(own_data_);
    row->addWidget(choose);
    check_progress_ = new QProgressBar(card);
    check_progress_->setTextVisible(false);
    check_progress_->setAccessibleName(tr("Files checked"));
    check_progress_->setToolTip(tr("How many of the files are read."));
    folder_text_ = small_text(card);
    folder_text_->setObjectName("train_folder_report");
    bad_files_ = new QPlainTextEdit(card);
    bad_files_->setObjectName("train_bad_files");
    bad_files_->setReadOnly(true);
    bad_files_->setMaximumHeight(96);
    bad_files_->setAccessibleName(tr("Files that cannot be used"));
    bad_files_->setToolTip(tr("These are passed over; the others are used."));
    inside->addLayout(row);
    inside->addWidget(check_progress_);
    inside->addWidget(folder_text_);
    inside->addWidget(bad_files_);
    check_progress_->hide();
    bad_files_->hide();
    folder_text_->hide();
    return card;
}

void TrainForm::add_where(QFormLayout* form) {
    name_ = new QLineEdit(this);
    name_->setObjectName("train_name");
    name_->setAccessibleName(tr("Name"));
    name_->setToolTip(
        tr("The folder of the run: settings, log, samples and the trained model are kept in it."));
    connect(name_, &QLineEdit::textChanged, this, &TrainForm::check);
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
    auto* inside = new QWidget(this);
    filter_ = new QLineEdit(inside);
    filter_->setObjectName("train_filter");
    filter_->setPlaceholderText(tr("Find a setting"));
    filter_->setClearButtonEnabled(true);
    filter_->setAccessibleName(tr("Find a setting"));
    filter_->setToolTip(tr("Shows the settings whose name or explanation has these letters."));
    connect(filter_, &QLineEdit::textChanged, this, &TrainForm::filter_settings);
    settings_ = new QTableWidget(0, 3, inside);
    settings_->setObjectName("train_settings");
    settings_->setAccessibleName(tr("All settings"));
    settings_->setToolTip(tr("Double click a value or press F2 to change it; changed ones are bold."));
    settings_->setHorizontalHeaderLabels({tr("Setting"), tr("Value"), tr("What it does")});
    settings_->verticalHeader()->hide();
    settings_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    settings_->horizontalHeader()->setSectionResizeMode(Help, QHeaderView::Stretch);
    settings_->setColumnWidth(Name, 190);
    settings_->setColumnWidth(Value, 110);
    settings_->setShowGrid(false);
    settings_->setWordWrap(false);
    settings_->setMinimumHeight(220);
    settings_->setSelectionBehavior(QAbstractItemView::SelectRows);
    settings_->setTabKeyNavigation(false);
    connect(settings_, &QTableWidget::itemChanged, this, &TrainForm::take_setting);
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    column->addWidget(filter_);
    column->addWidget(settings_, 1);
    auto* toggle = new QAction(tr("All settings"), this);
    toggle->setObjectName("train.settings");
    toggle->setCheckable(true);
    toggle->setToolTip(tr("Everything that the preset decides."));
    auto* section = new Section(inside, toggle, this);
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
    const bool other_data = plan.folder != plan_.folder;
    plan_ = plan;
    preset_->setCurrentText(QString::fromStdString(plan.preset));
    {
        const QSignalBlocker quiet(objective_);
        objective_->setCurrentText(QString::fromStdString(plan.objective));
    }
    show_preset();
    if (other_data) set_data(QString::fromStdString(plan.folder));
    check();
}

void TrainForm::choose_preset(int index) {
    plan_.preset = preset_->itemText(index).toStdString();
    plan_.settings.clear();
    show_preset();
    check();
}

void TrainForm::show_preset() {
    for (const auto& preset : presets())
        if (preset.id == plan_.preset) preset_help_->setText(QString::fromStdString(preset.help));
    auto spec = preset_spec(plan_.preset);
    for (const auto& [key, value] : plan_.settings) set_field(spec, key + "=" + value);
    for (auto* box : {steps_, seed_}) {
        const QSignalBlocker quiet(box);
        const auto key = box == steps_ ? "training.steps" : "training.seed";
        box->setValue(static_cast<int>(std::get<std::int64_t>(find_field(key).get(spec))));
    }
    fill_settings(spec);
    name_->setPlaceholderText(plan_.name());
}

void TrainForm::set_data(const QString& folder) {
    plan_.folder = folder.toStdString();
    report_.reset();
    bad_files_->hide();
    folder_text_->clear();
    folder_check_.cancel();
    checking_ = !folder.isEmpty();
    folder_text_->setVisible(checking_);
    check_progress_->setVisible(checking_);
    check_progress_->setValue(0);
    if (checking_) {
        folder_text_->setText(tr("Reading every file…"));
        folder_check_.start(folder);
    }
    check();
}

void TrainForm::show_report(const FolderReport& report) {
    checking_ = false;
    report_ = report;
    check_progress_->hide();
    QString text = describe(report);
    if (const auto bad = report.bad.size(); bad == 1)
        text += tr("\nOne file cannot be used and is passed over:");
    else if (bad > 1)
        text += tr("\n%L1 files cannot be used and are passed over:").arg(bad);
    folder_text_->setText(text);
    bad_files_->setPlainText(describe_bad(report));
    bad_files_->setVisible(!report.bad.empty());
    check();
}

void TrainForm::set_runs_folder(const QString& folder) {
    runs_folder_ = folder;
    check();
}

void TrainForm::set_number(const std::string& key, int value) {
    plan_.set(key, std::to_string(value));
    auto spec = preset_spec(plan_.preset);
    for (const auto& [name, text] : plan_.settings) set_field(spec, name + "=" + text);
    fill_settings(spec);
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

/// Says what is missing, or how the same is done without a window.
void TrainForm::check() {
    const bool folder = !plan_.folder.empty();
    own_data_->setVisible(folder);
    QString problem;
    spec_.reset();
    try {
        if (!folder || report_) spec_ = plan_.spec(report_);
        name_->setPlaceholderText(QFileInfo(directory()).fileName());
    } catch (const Error& error) {
        problem = QString::fromStdString(error.what());
    }
    const auto source = preset_spec(plan_.preset).data.source;
    if (folder) data_text_->setText(QString::fromStdString(plan_.folder));
    if (!folder && source != "folder")
        data_text_->setText(
            tr("Of the %1 world, as many as wanted").arg(QString::fromStdString(find_world(source).name())));
    if (!folder && source == "folder") {
        data_text_->setText(tr("None chosen yet"));
        spec_.reset();
        problem = tr("Choose the folder of pictures to learn from.");
    }
    if (spec_ && QFileInfo::exists(directory())) {
        problem =
            tr("There is a training named %1 already; choose another name.").arg(name_->text().trimmed());
        spec_.reset();
    }
    if (checking_) problem = tr("The folder is being read; the training can start right after.");
    if (folder && !checking_ && !report_)
        problem = tr("Choose another folder, or go back to the world's pictures.");
    problem_->setText(problem);
    objective_help_->setText(describe_objective(spec_));
    command_->setText(plan_.command_line(directory()));
    command_->setCursorPosition(0);
    start_->setEnabled(spec_.has_value());
}

void TrainForm::begin() {
    check();
    if (spec_) emit start_requested(*spec_, directory());
}

// --- All settings ---

void TrainForm::fill_settings(const Spec& spec) {
    const auto preset = preset_spec(plan_.preset);
    const QSignalBlocker quiet(settings_);
    settings_->setRowCount(0);
    for (const auto& field : fields()) {
        if (!is_listed(field)) continue;
        const int row = settings_->rowCount();
        settings_->insertRow(row);
        const auto value = field.get(spec);
        auto* name = new QTableWidgetItem(QString::fromStdString(field.label));
        name->setData(Qt::UserRole, QString::fromStdString(field.key));
        auto* text = new QTableWidgetItem(QString::fromStdString(text_of(value)));
        auto* help = new QTableWidgetItem(QString::fromStdString(field.help));
        for (auto* item : {name, help}) item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        for (auto* item : {name, text, help})
            item->setToolTip(
                tr("%1\n%2").arg(QString::fromStdString(field.key), QString::fromStdString(field.help)));
        QFont font = text->font();
        font.setBold(value != field.get(preset));
        name->setFont(font);
        text->setFont(font);
        settings_->setItem(row, Name, name);
        settings_->setItem(row, Value, text);
        settings_->setItem(row, Help, help);
    }
    filter_settings(filter_->text());
}

void TrainForm::filter_settings(const QString& text) {
    for (int row = 0; row < settings_->rowCount(); ++row) {
        bool found =
            settings_->item(row, Name)->data(Qt::UserRole).toString().contains(text, Qt::CaseInsensitive);
        for (const int column : {Name, Help})
            found = found || settings_->item(row, column)->text().contains(text, Qt::CaseInsensitive);
        settings_->setRowHidden(row, !found);
    }
}

void TrainForm::take_setting(QTableWidgetItem* item) {
    if (item->column() != Value) return;
    const auto key = settings_->item(item->row(), Name)->data(Qt::UserRole).toString().toStdString();
    auto changed = plan_;
    changed.set(key, item->text().trimmed().toStdString());
    QString refused;
    try {
        auto spec = preset_spec(plan_.preset);
        set_field(spec, key + "=" + item->text().trimmed().toStdString());
        plan_ = changed;
    } catch (const Error& error) {
        refused = QString::fromStdString(error.what());
    }
    show_preset();
    check();
    if (!refused.isEmpty()) problem_->setText(refused);
}

void TrainForm::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit cancelled();
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() & Qt::ControlModifier) return begin();
    QWidget::keyPressEvent(event);
}

}  // namespace modescope
