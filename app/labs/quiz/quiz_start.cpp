#include "app/labs/quiz/quiz_start.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>

#include "app/labs/model_box.h"
#include "app/labs/quiz/quiz_shelf.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int page_width = 1040;
constexpr int most_per_model = 200;
constexpr double seconds_per_picture = 3;

/// "Street · labels · 64 px".
QString task_title(const Sampler& model) {
    const auto& data = model.spec().data;
    const QString source = model.world() ? QString::fromStdString(model.world()->name())
                                         : QDir(QString::fromStdString(data.folder)).dirName();
    return QuizStart::tr("%1 · %2 · %3 px")
        .arg(source, QString::fromStdString(info(model.task()).name).toLower())
        .arg(model.size());
}

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("heading", true);
    return label;
}

QFrame* card(QWidget* parent) {
    auto* frame = new QFrame(parent);
    frame->setProperty("card", true);
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::m);
    return frame;
}

}  // namespace

QuizStart::QuizStart(QWidget* parent) : QWidget(parent) {
    auto* page = new QWidget(this);
    page->setMaximumWidth(page_width);
    auto* cards = new QHBoxLayout;
    cards->setSpacing(space::l);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(space::l);
    column->addWidget(build_head());
    cards->addWidget(build_new(), 3);
    shelf_ = new QuizShelf(this);
    connect(shelf_, &QuizShelf::join_requested, this, [this](const StoredQuiz& stored) {
        if (rater().isEmpty()) return emit name_missing();
        emit join_requested(stored, rater());
    });
    cards->addWidget(shelf_, 2);
    column->addLayout(cards);
    column->addStretch(1);
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(2 * space::l, 2 * space::l, 2 * space::l, 2 * space::l);
    outer->addStretch(1);
    outer->addWidget(page, 100);
    outer->addStretch(1);
    setFocusProxy(name_);
    set_reals({});
    summarise();
}

// --- Parts ---

QWidget* QuizStart::build_head() {
    auto* head = new QWidget(this);
    auto* title = new QLabel(tr("Which pictures are real?"), head);
    title->setProperty("title", true);
    auto* text =
        new QLabel(tr("People see real pictures and pictures by models, one at a time, and say which are "
                      "fake. Realism is 2(1 − F), where F tells how well they find the fakes: 0 means always "
                      "recognised, 1 no better than guessing."),
                   head);
    text->setWordWrap(true);
    text->setProperty("secondary", true);
    name_ = new QLineEdit(head);
    name_->setObjectName("quiz_name");
    name_->setPlaceholderText(tr("Your name"));
    name_->setMaxLength(40);
    name_->setMaximumWidth(320);
    name_->setAccessibleName(tr("Your name"));
    name_->setToolTip(tr("Answers are kept under this name, so that you can stop and go on later."));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(new QLabel(tr("Who judges?"), head));
    row->addWidget(name_, 1);
    row->addStretch(1);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    column->addWidget(title);
    column->addWidget(text);
    column->addSpacing(space::s);
    column->addLayout(row);
    return head;
}

QSpinBox* QuizStart::spin(int least, int most, int value, const QString& name, const QString& help) {
    auto* box = new QSpinBox(this);
    box->setRange(least, most);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setToolTip(help);
    connect(box, &QSpinBox::valueChanged, this, &QuizStart::summarise);
    return box;
}

QFrame* QuizStart::build_new() {
    auto* frame = card(this);
    task_ = new QComboBox(frame);
    task_->setObjectName("quiz_task");
    task_->setAccessibleName(tr("Task"));
    task_->setToolTip(tr("Only models that draw the same kind of picture can be judged together."));
    connect(task_, &QComboBox::currentIndexChanged, this, &QuizStart::list_models);
    list_ = new QListWidget(frame);
    list_->setObjectName("quiz_models");
    list_->setIconSize(swatch_size);
    // As tall as it has rows: a page without gaps, and one that scrolls where there are many.
    list_->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    list_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    list_->setAccessibleName(tr("Models"));
    list_->setToolTip(
        tr("Whose pictures are mixed with the real ones; nobody learns which is whose before the end."));
    connect(list_, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        models_[item->data(Qt::UserRole).toInt()].ticked = item->checkState() == Qt::Checked;
        summarise();
    });
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::l);
    form->setVerticalSpacing(space::m);
    add_settings(form);
    summary_ = new QLabel(frame);
    summary_->setProperty("secondary", true);
    summary_->setObjectName("quiz_summary");
    progress_ = new QProgressBar(frame);
    progress_->setTextVisible(false);
    progress_->setAccessibleName(tr("Pictures made"));
    progress_->setToolTip(tr("How many of the quiz's pictures are made."));
    start_ = new QPushButton(tr("Start the quiz"), frame);
    start_->setObjectName("quiz_start");
    start_->setProperty("primary", true);
    start_->setToolTip(tr("Make the pictures and begin."));
    connect(start_, &QPushButton::clicked, this, &QuizStart::request);
    connect(name_, &QLineEdit::returnPressed, start_, &QPushButton::click);
    cancel_ = new QPushButton(tr("Cancel"), frame);
    cancel_->setObjectName("quiz_cancel");
    cancel_->setToolTip(tr("Give up making the pictures."));
    connect(cancel_, &QPushButton::clicked, this, &QuizStart::cancel_requested);
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(space::m);
    bottom->addWidget(summary_);
    bottom->addWidget(progress_, 1);
    bottom->addStretch();
    bottom->addWidget(cancel_);
    bottom->addWidget(start_);
    auto* open = new QPushButton(icon("folder"), tr("Open model…"), frame);
    open->setAccessibleName(tr("Open model"));
    open->setToolTip(tr("Add a model of your own, such as a run's checkpoint."));
    connect(open, &QPushButton::clicked, this, &QuizStart::open_model_requested);
    auto* top = new QHBoxLayout;
    top->setSpacing(space::m);
    top->addWidget(task_, 1);
    top->addWidget(open);
    auto* column = static_cast<QVBoxLayout*>(frame->layout());
    column->addWidget(heading(tr("A new quiz"), frame));
    column->addLayout(top);
    column->addWidget(list_);
    column->addSpacing(space::m);
    column->addLayout(form);
    column->addSpacing(space::m);
    column->addLayout(bottom);
    show_progress(0, 0);
    return frame;
}

void QuizStart::add_settings(QFormLayout* form) {
    per_model_ =
        spin(2, most_per_model, 12, tr("Pictures of each model"),
             tr("More pictures make the interval of the realism narrower; as many real ones are added."));
    per_model_->setObjectName("quiz_per_model");
    exposure_ = new QComboBox(this);
    exposure_->setObjectName("quiz_exposure");
    exposure_->setAccessibleName(tr("Time to look"));
    exposure_->setToolTip(
        tr("A short look tests the first impression; without a limit people find small faults."));
    exposure_->addItem(tr("as long as you like"), 0);
    for (const int milliseconds : {2000, 1000, 500})
        exposure_->addItem(tr("%1 s").arg(locale().toString(milliseconds / 1000.0)), milliseconds);
    connect(exposure_, &QComboBox::currentIndexChanged, this, &QuizStart::summarise);
    break_every_ =
        spin(0, 500, 20, tr("Break after"), tr("Tired eyes guess; a break comes after so many pictures."));
    break_every_->setObjectName("quiz_break");
    break_every_->setSuffix(tr(" pictures"));
    break_every_->setSpecialValueText(tr("no breaks"));
    reals_ = new QToolButton(this);
    reals_->setObjectName("quiz_reals");
    reals_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    reals_->setIcon(icon("folder"));
    reals_->setAccessibleName(tr("Real pictures"));
    connect(reals_, &QToolButton::clicked, this, [this] {
        if (reals_folder_.isEmpty()) return emit open_reals_requested();
        set_reals({});
    });
    form->addRow(tr("Pictures of each model"), per_model_);
    form->addRow(tr("Time to look"), exposure_);
    form->addRow(tr("Break after"), break_every_);
    form->addRow(tr("Real pictures"), reals_);
}

// --- Models ---

/// Answers tell models apart by their names.
QString QuizStart::unique_name(const QString& stem) const {
    QString name = stem;
    const auto taken = [&] {
        return name == real_pictures || std::ranges::find(models_, name, &Model::name) != models_.end();
    };
    for (int number = 2; taken(); ++number) name = QString("%1 (%2)").arg(stem).arg(number);
    return name;
}

void QuizStart::add_model(const QString& path, std::shared_ptr<const Sampler> sampler, bool chosen) {
    const QString title = task_title(*sampler);
    const auto same = [&](const Model& model) { return model.path == path; };
    auto known = std::ranges::find_if(models_, same);
    if (known == models_.end())
        known = models_.insert(known, {path, unique_name(QFileInfo(path).completeBaseName()), sampler});
    known->sampler = sampler;  // that of a training is another one by and by
    const int index = static_cast<int>(known - models_.begin());
    int group = 0;
    while (group < task_->count() &&
           !same_task(models_[task_->itemData(group).toInt()].sampler->spec(), sampler->spec()))
        ++group;
    if (group == task_->count()) task_->addItem(title, index);
    if (chosen) {
        known->ticked = true;
        task_->setCurrentIndex(group);
    }
    list_models();
}

const Sampler* QuizStart::group() const {
    return task_->currentIndex() < 0 ? nullptr : models_[task_->currentData().toInt()].sampler.get();
}

void QuizStart::list_models() {
    const QSignalBlocker quiet(list_);
    list_->clear();
    const Sampler* wanted = group();
    for (std::size_t i = 0; wanted && i < models_.size(); ++i) {
        const Spec& spec = models_[i].sampler->spec();
        if (!same_task(spec, wanted->spec())) continue;
        auto* item =
            new QListWidgetItem(dot(configuration_colour(configuration_id(spec))),
                                tr("%1   %2").arg(configuration_label(spec), models_[i].name), list_);
        item->setData(Qt::UserRole, static_cast<int>(i));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(models_[i].ticked ? Qt::Checked : Qt::Unchecked);
    }
    summarise();
}

void QuizStart::set_reals(const QString& folder) {
    reals_folder_ = folder;
    const bool own = folder.isEmpty();
    reals_->setText(own ? tr("held out from the models' data") : QDir(folder).dirName());
    reals_->setToolTip(
        own ? tr("Real pictures that no model has seen in training; click to take those of a folder.")
            : tr("%1; click to go back to the models' own data.").arg(folder));
}

void QuizStart::summarise() {
    int models = 0;
    for (int i = 0; i < list_->count(); ++i) models += list_->item(i)->checkState() == Qt::Checked;
    start_->setEnabled(models > 0 && cancel_->isHidden());
    const int pictures = 2 * models * per_model_->value();
    const int minutes = std::max(1, qRound(pictures * seconds_per_picture / 60));
    summary_->setText(models ? tr("%1 pictures, half of them real; about %2 min").arg(pictures).arg(minutes)
                             : tr("Tick at least one model."));
}

void QuizStart::request() {
    if (rater().isEmpty()) return emit name_missing();
    QuizRequest request{.title = task_->currentText(),
                        .per_model = per_model_->value(),
                        .exposure = exposure_->currentData().toInt(),
                        .break_every = break_every_->value(),
                        .seed = QRandomGenerator::global()->generate64() >> 1,
                        .reals = reals_folder_};
    for (int i = 0; i < list_->count(); ++i) {
        if (list_->item(i)->checkState() != Qt::Checked) continue;
        const Model& model = models_[list_->item(i)->data(Qt::UserRole).toInt()];
        const Spec& spec = model.sampler->spec();
        request.models.push_back(
            {{model.name.toStdString(), spec.objective.label(), spec.objective.id()}, model.sampler});
    }
    emit make_requested(request);
}

// --- Progress and rater ---

void QuizStart::show_progress(int done, int count) {
    progress_->setVisible(count > 0);
    cancel_->setVisible(count > 0);
    summary_->setVisible(count == 0);
    progress_->setRange(0, std::max(1, count));
    progress_->setValue(done);
    summarise();
}

QString QuizStart::rater() const { return name_->text().trimmed(); }

// --- Memory ---

void QuizStart::restore(const QSettings& settings) {
    name_->setText(settings.value("name").toString());
    per_model_->setValue(settings.value("per_model", per_model_->value()).toInt());
    break_every_->setValue(settings.value("break_every", break_every_->value()).toInt());
    exposure_->setCurrentIndex(std::max(0, exposure_->findData(settings.value("exposure", 0).toInt())));
}

void QuizStart::save(QSettings& settings) const {
    settings.setValue("name", rater());
    settings.setValue("per_model", per_model_->value());
    settings.setValue("break_every", break_every_->value());
    settings.setValue("exposure", exposure_->currentData());
}

}  // namespace modescope
