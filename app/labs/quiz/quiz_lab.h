#pragma once

#include "app/labs/lab.h"
#include "app/labs/quiz/quiz_engine.h"

class QStackedWidget;

namespace modescope {

class MessageStrip;
class QuizResults;
class QuizStart;
class QuizTrial;

/// The realism quiz: people tell real pictures from those of models, which gives the models' realism. Quizzes
/// and answers live in the user's data folder, so that raters may stop and go on.
class QuizLab : public Lab {
    Q_OBJECT
public:
    explicit QuizLab(QWidget* parent = nullptr);
    /// Remembers the settings; waits until the last answer is saved.
    ~QuizLab() override;

    void open_model(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void connect_start();
    void connect_others();
    void show_page(QWidget* page);
    void begin(const StoredQuiz& stored, const QString& rater);
    void take_made(const StoredQuiz& stored);
    void show_results(const StoredQuiz& stored);
    void remove(const StoredQuiz& stored);
    void show_problem(const QString& sentence);
    void ask_for_model();
    void ask_for_reals();
    void show_status();

    QuizEngine engine_;
    MessageStrip* strip_;
    QStackedWidget* stack_;
    QuizStart* start_;
    QuizTrial* trial_;
    QuizResults* results_;
    QString maker_;         ///< who takes part in the quiz that is being made
    QString chosen_model_;  ///< path that a person asked for, perhaps still loading
    bool listed_ = false;   ///< the shipped models are on their way
};

}  // namespace modescope
