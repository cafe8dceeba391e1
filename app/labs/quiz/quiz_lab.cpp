#include "app/labs/quiz/quiz_lab.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <utility>

#include "app/labs/file_dialog.h"
#include "app/labs/quiz/quiz_results.h"
#include "app/labs/quiz/quiz_shelf.h"
#include "app/labs/quiz/quiz_start.h"
#include "app/labs/quiz/quiz_trial.h"
#include "core/sampling/model_library.h"
#include "widgets/message_strip.h"

namespace modescope {
namespace {

constexpr char settings_group[] = "quiz";

QString quizzes_folder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/quizzes";
}

}  // namespace

QuizLab::QuizLab(QWidget* parent)
    : Lab(parent),
      engine_(quizzes_folder()),
      strip_(new MessageStrip(this)),
      stack_(new QStackedWidget(this)),
      start_(new QuizStart(this)),
      trial_(new QuizTrial(this)),
      results_(new QuizResults(this)) {
    for (QWidget* page :
         {static_cast<QWidget*>(start_), static_cast<QWidget*>(trial_), static_cast<QWidget*>(results_)})
        stack_->addWidget(page);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(strip_);
    column->addWidget(stack_, 1);
    setFocusProxy(start_);
    QSettings settings;
    settings.beginGroup(settings_group);
    start_->restore(settings);
    connect_start();
    connect_others();
}

QuizLab::~QuizLab() {
    QSettings settings;
    settings.beginGroup(settings_group);
    start_->save(settings);
}

void QuizLab::connect_start() {
    connect(&engine_, &QuizEngine::loaded, this, [this](const QString& path, const auto& sampler) {
        start_->add_model(path, sampler, path == chosen_model_);
    });
    connect(&engine_, &QuizEngine::listed, this, [this](const auto& quizzes, const QStringList& problems) {
        start_->shelf()->set_quizzes(quizzes);
        if (!problems.isEmpty()) show_problem(problems.first());
    });
    connect(&engine_, &QuizEngine::progressed, start_, &QuizStart::show_progress);
    connect(&engine_, &QuizEngine::made, this, &QuizLab::take_made);
    connect(&engine_, &QuizEngine::cancelled, start_, [this] { start_->show_progress(0, 0); });
    connect(start_, &QuizStart::make_requested, this, [this](const QuizRequest& request) {
        strip_->hide();
        maker_ = start_->rater();
        start_->show_progress(0, 1);
        engine_.make(request);
    });
    connect(start_, &QuizStart::cancel_requested, this, [this] { engine_.cancel(); });
    connect(start_, &QuizStart::join_requested, this, &QuizLab::begin);
    connect(start_->shelf(), &QuizShelf::results_requested, this, &QuizLab::show_results);
    connect(start_->shelf(), &QuizShelf::remove_requested, this, &QuizLab::remove);
    connect(start_, &QuizStart::open_model_requested, this, &QuizLab::ask_for_model);
    connect(start_, &QuizStart::open_reals_requested, this, &QuizLab::ask_for_reals);
    connect(start_, &QuizStart::name_missing, this, [this] {
        strip_->show_message(MessageStrip::Severity::Info,
                             tr("Type your name first: it keeps your answers apart from other people's."),
                             tr("Type it"), [this] { start_->setFocus(); });
        start_->setFocus();
    });
}

void QuizLab::connect_others() {
    connect(&engine_, &QuizEngine::failed, this, [this](const QString& sentence) {
        start_->show_progress(0, 0);
        show_problem(sentence);
    });
    connect(&engine_, &QuizEngine::scored, this, [this](const QString& folder, const RealismScore& score) {
        if (folder == results_->stored().folder) results_->set_score(score);
    });
    connect(trial_, &QuizTrial::changed, &engine_, &QuizEngine::save);
    connect(trial_, &QuizTrial::changed, this, &QuizLab::show_status);
    connect(trial_, &QuizTrial::problem, this, &QuizLab::show_problem);
    connect(trial_, &QuizTrial::stopped, this, [this] { show_page(start_); });
    connect(trial_, &QuizTrial::results_requested, this, [this] { show_results(trial_->stored()); });
    connect(results_, &QuizResults::back_requested, this, [this] { show_page(start_); });
    connect(results_, &QuizResults::problem, this, &QuizLab::show_problem);
    connect(results_, &QuizResults::exported, this, [this](const QString& path) {
        strip_->show_message(MessageStrip::Severity::Info, tr("Written to %1.").arg(path));
    });
}

// --- Pages ---

void QuizLab::show_page(QWidget* page) {
    stack_->setCurrentWidget(page);
    setFocusProxy(page);
    page->setFocus();
    if (page == start_) engine_.list();
    show_status();
}

/// Whoever judges another one meanwhile is not interrupted.
void QuizLab::take_made(const StoredQuiz& stored) {
    start_->show_progress(0, 0);
    if (stack_->currentWidget() != trial_) return begin(stored, maker_);
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("The quiz %1 is ready.").arg(QString::fromStdString(stored.quiz.title)),
                         tr("Take part"), [this, stored, rater = maker_] { begin(stored, rater); });
}

void QuizLab::begin(const StoredQuiz& stored, const QString& rater) {
    strip_->hide();
    show_page(trial_);
    trial_->begin(stored, rater);
    show_status();
}

void QuizLab::show_results(const StoredQuiz& stored) {
    strip_->hide();
    results_->show_quiz(stored);
    show_page(results_);
    engine_.score(stored);
}

void QuizLab::remove(const StoredQuiz& stored) {
    if (QFile::moveToTrash(stored.folder))
        strip_->show_message(MessageStrip::Severity::Info, tr("The quiz is in the trash."));
    else
        show_problem(
            tr("%1 could not be moved to the trash; delete the folder yourself.").arg(stored.folder));
    engine_.list();
}

void QuizLab::show_problem(const QString& sentence) {
    strip_->show_message(MessageStrip::Severity::Error, sentence);
}

void QuizLab::show_status() {
    if (stack_->currentWidget() != trial_) return emit status_changed({});
    emit status_changed({tr("%1 judges").arg(trial_->rater()), tr("every answer is saved")});
}

// --- Files ---

void QuizLab::open_model(const QString& path) {
    chosen_model_ = path;
    engine_.load(path);
}

void QuizLab::ask_for_model() {
    auto* dialog = make_open_dialog(this, tr("Open model"), tr("Trained models (*.safetensors)"));
    connect(dialog, &QFileDialog::fileSelected, this, &QuizLab::open_model);
    dialog->open();
}

void QuizLab::ask_for_reals() {
    auto* dialog = make_folder_dialog(this, tr("Folder of real pictures"));
    connect(dialog, &QFileDialog::fileSelected, start_, &QuizStart::set_reals);
    dialog->open();
}

void QuizLab::showEvent(QShowEvent* event) {
    Lab::showEvent(event);
    if (stack_->currentWidget() == start_) engine_.list();
    if (std::exchange(listed_, true)) return;
    const auto models = shipped_models();
    for (const auto& model : models) engine_.load(QString::fromStdString(model.path));
    if (models.empty())
        strip_->show_message(MessageStrip::Severity::Info,
                             tr("No trained models came with this copy of the program."), tr("Open model…"),
                             [this] { ask_for_model(); });
}

}  // namespace modescope
