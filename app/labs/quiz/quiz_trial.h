#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>

#include "app/labs/quiz/quiz_engine.h"

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace modescope {

class PictureStage;

/// One rater's sitting: practice with feedback, then the test without, with breaks. R and F answer, Space
/// goes on, Backspace takes the last answer back where QuizPass allows it, Escape stops.
class QuizTrial : public QWidget {
    Q_OBJECT
public:
    explicit QuizTrial(QWidget* parent = nullptr);

    /// Welcomes the rater; those who have answered before go on where they stopped.
    void begin(const StoredQuiz& stored, const QString& rater);
    const StoredQuiz& stored() const { return stored_; }
    QString rater() const;

signals:
    /// An answer was given or taken back: to be saved.
    void changed(const modescope::StoredQuiz& stored);
    void stopped();
    void results_requested();
    /// A picture's file cannot be shown.
    void problem(const QString& sentence);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    enum class Phase { Note, Cross, Looking, Hidden, Feedback };

    QWidget* build_head();
    QWidget* build_board();
    QWidget* build_note();
    QPushButton* build_answer(const QString& text, const QString& key, const QString& help, bool fake);
    QAction* add_key(const QString& name, const QList<QKeySequence>& keys, const std::function<void()>& run);

    /// A page of text between pictures. Without `second_label` there is one button.
    void show_note(const QString& title, const QString& text, const QString& label,
                   std::function<void()> next, const QString& second_label = {},
                   std::function<void()> second = {});
    void welcome();
    void start_practice();
    void start_test();
    void take_a_break();
    void thank();

    void next_practice();
    void next_test();
    void present(const QuizPicture& picture);
    void expose();
    void answer(bool fake);
    void judge_practice(bool fake, bool right);
    void press();
    void go_on();
    void take_back();
    void set_phase(Phase phase);
    void show_progress(const QString& title, int done, int count);
    double milliseconds() const;

    StoredQuiz stored_;
    std::unique_ptr<QuizPass> pass_;  ///< through stored_.quiz
    Phase phase_ = Phase::Note;
    std::optional<std::size_t> practised_;  ///< index of the practice picture; nothing in the test
    QElapsedTimer since_;                   ///< the picture appeared
    double before_ = 0;                     ///< milliseconds of an answer that was taken back
    QTimer timer_;                          ///< ends the cross and the exposure

    QStackedWidget* stack_;
    PictureStage* stage_;
    QLabel *title_, *count_, *feedback_, *note_title_, *note_text_;
    QProgressBar* progress_;
    QPushButton *real_, *fake_, *onward_, *stop_, *first_, *second_;
    QAction* back_;
    std::function<void()> next_, other_;
};

}  // namespace modescope
