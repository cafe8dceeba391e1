#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "app/labs/quiz/quiz_engine.h"

class QComboBox;
class QFormLayout;
class QFrame;
class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;
class QSettings;
class QSpinBox;
class QToolButton;

namespace modescope {

class QuizShelf;

/// The quiz's first page: make a new quiz of models that answer the same task, or go on with an earlier one.
class QuizStart : public QWidget {
    Q_OBJECT
public:
    explicit QuizStart(QWidget* parent = nullptr);

    /// A model to choose from; `chosen`: a person asked for it, so its task is shown and it is ticked.
    void add_model(const QString& path, std::shared_ptr<const Sampler> sampler, bool chosen);
    QuizShelf* shelf() const { return shelf_; }
    /// While a quiz is made; count 0: none is.
    void show_progress(int done, int count);
    void set_reals(const QString& folder);
    QString rater() const;

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

signals:
    void make_requested(const modescope::QuizRequest& request);
    void cancel_requested();
    void join_requested(const modescope::StoredQuiz& stored, const QString& rater);
    void open_model_requested();
    void open_reals_requested();
    void name_missing();

private:
    struct Model {
        QString path, name;
        std::shared_ptr<const Sampler> sampler;
        bool ticked = true;
    };

    QWidget* build_head();
    QFrame* build_new();
    void add_settings(QFormLayout* form);
    QSpinBox* spin(int least, int most, int value, const QString& name, const QString& help);

    QString unique_name(const QString& stem) const;
    const Sampler* group() const;
    void list_models();
    void summarise();
    void request();

    std::vector<Model> models_;
    QString reals_folder_;

    QLineEdit* name_;
    QComboBox *task_, *exposure_;
    QListWidget* list_;
    QSpinBox *per_model_, *break_every_;
    QToolButton* reals_;
    QLabel* summary_;
    QProgressBar* progress_;
    QPushButton *start_, *cancel_;
    QuizShelf* shelf_;
};

}  // namespace modescope
