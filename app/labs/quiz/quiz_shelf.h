#pragma once

#include <QFrame>
#include <vector>

#include "app/labs/quiz/quiz_engine.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace modescope {

/// The quizzes there are, who has judged how much of each, and what can be done with the current one.
class QuizShelf : public QFrame {
    Q_OBJECT
public:
    explicit QuizShelf(QWidget* parent = nullptr);

    /// The current one stays so if it is still there.
    void set_quizzes(std::vector<StoredQuiz> quizzes);
    /// Null: there are none.
    const StoredQuiz* current() const;

signals:
    void join_requested(const modescope::StoredQuiz& stored);
    void results_requested(const modescope::StoredQuiz& stored);
    void remove_requested(const modescope::StoredQuiz& stored);

private:
    void use_current();

    std::vector<StoredQuiz> quizzes_;
    QListWidget* earlier_;
    QLabel* none_;
    QPushButton *join_, *results_, *remove_;
};

}  // namespace modescope
