#include "app/labs/quiz/quiz_shelf.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>

#include "widgets/theme.h"

namespace modescope {
namespace {

QString describe(const StoredQuiz& stored) {
    const Quiz& quiz = stored.quiz;
    const auto made = QDateTime::fromString(QFileInfo(stored.folder).fileName(), "yyyy-MM-dd-hhmmss-zzz");
    QStringList raters;
    for (const auto& rater : quiz.raters)
        raters << QuizShelf::tr("%1 %2/%3")
                      .arg(QString::fromStdString(rater))
                      .arg(quiz.answered_by(rater))
                      .arg(quiz.pictures.size());
    return QuizShelf::tr("%1\n%2 · %3")
        .arg(QString::fromStdString(quiz.title), QLocale().toString(made, QLocale::ShortFormat),
             raters.isEmpty() ? QuizShelf::tr("nobody yet") : raters.join(QStringLiteral(", ")));
}

}  // namespace

QuizShelf::QuizShelf(QWidget* parent) : QFrame(parent) {
    setProperty("card", true);
    none_ = new QLabel(tr("Quizzes that you have started appear here; several people may take the same one."),
                       this);
    none_->setProperty("secondary", true);
    none_->setWordWrap(true);
    none_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    earlier_ = new QListWidget(this);
    earlier_->setObjectName("quiz_earlier");
    earlier_->setAccessibleName(tr("Earlier quizzes"));
    earlier_->setToolTip(tr("Who has judged how many pictures of each quiz."));
    earlier_->setSpacing(2);
    earlier_->setWordWrap(true);
    connect(earlier_, &QListWidget::currentRowChanged, this, &QuizShelf::use_current);
    const auto button = [&](const QString& text, const char* name, const QString& help, auto run) {
        auto* result = new QPushButton(text, this);
        result->setObjectName(name);
        result->setAccessibleName(text);
        result->setToolTip(help);
        connect(result, &QPushButton::clicked, this, run);
        return result;
    };
    join_ = button(tr("Take part"), "quiz_join", tr("Go on where you stopped, or begin as another rater."),
                   [this] { emit join_requested(*current()); });
    connect(earlier_, &QListWidget::itemActivated, join_, &QPushButton::click);
    results_ =
        button(tr("Results"), "quiz_results", tr("Realism of each model, and which pictures deceived."),
               [this] { emit results_requested(*current()); });
    remove_ = button(tr("Delete"), "quiz_remove", tr("Move this quiz and its answers to the trash."),
                     [this] { emit remove_requested(*current()); });
    remove_->setProperty("flat", true);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::m);
    row->addWidget(join_);
    row->addWidget(results_);
    row->addStretch();
    row->addWidget(remove_);
    auto* title = new QLabel(tr("Earlier quizzes"), this);
    title->setProperty("heading", true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::l, space::l, space::l, space::l);
    column->setSpacing(space::m);
    column->addWidget(title);
    column->addWidget(none_, 1);
    column->addWidget(earlier_, 1);
    column->addLayout(row);
    set_quizzes({});
}

void QuizShelf::set_quizzes(std::vector<StoredQuiz> quizzes) {
    const QString before = current() ? current()->folder : QString();
    quizzes_ = std::move(quizzes);
    const QSignalBlocker quiet(earlier_);
    earlier_->clear();
    for (const StoredQuiz& stored : quizzes_) {
        earlier_->addItem(describe(stored));
        if (stored.folder == before) earlier_->setCurrentRow(earlier_->count() - 1);
    }
    if (earlier_->currentRow() < 0 && !quizzes_.empty()) earlier_->setCurrentRow(0);
    earlier_->setVisible(!quizzes_.empty());
    none_->setVisible(quizzes_.empty());
    use_current();
}

const StoredQuiz* QuizShelf::current() const {
    const int row = earlier_->currentRow();
    return row >= 0 && row < static_cast<int>(quizzes_.size()) ? &quizzes_[row] : nullptr;
}

void QuizShelf::use_current() {
    const StoredQuiz* stored = current();
    join_->setEnabled(stored);
    remove_->setEnabled(stored);
    results_->setEnabled(stored && !stored->quiz.answers.empty());
}

}  // namespace modescope
