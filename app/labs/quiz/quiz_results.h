#pragma once

#include <QWidget>

#include "app/labs/quiz/quiz_engine.h"

class QLabel;
class QPushButton;
class QTableWidget;

namespace modescope {

class IntervalChart;
class TileGrid;

/// The reveal: realism of each model with its interval, the figures behind it, and the pictures that
/// deceived people.
class QuizResults : public QWidget {
    Q_OBJECT
public:
    explicit QuizResults(QWidget* parent = nullptr);

    /// Shows the pictures; the figures follow with set_score().
    void show_quiz(const StoredQuiz& stored);
    void set_score(const RealismScore& score);
    const StoredQuiz& stored() const { return stored_; }

signals:
    void back_requested();
    /// Answers, figures or the chart were written, or could not be.
    void exported(const QString& path);
    void problem(const QString& sentence);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* build_head();
    QWidget* build_figures();
    QWidget* build_pictures();
    const QuizModel* model(const std::string& name) const;
    QString label(const std::string& name) const;
    void fill_chart();
    void fill_table();
    void fill_tiles(TileGrid* grid, const std::vector<PictureVerdict>& verdicts, bool real);
    void ask_where_to_export();
    void write(const QString& path);

    StoredQuiz stored_;
    RealismScore score_;
    QLabel *title_, *facts_;
    IntervalChart* chart_;
    QTableWidget* table_;
    TileGrid *fakes_, *reals_;
    QPushButton* export_;
};

/// Writes answers as CSV or, with the score, as JSON, by the suffix; `quiz-score` reads both. Throws Error.
void export_answers(const StoredQuiz& stored, const RealismScore& score, const QString& path);

}  // namespace modescope
