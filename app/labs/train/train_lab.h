#pragma once

#include "app/labs/lab.h"
#include "app/labs/train/train_runs.h"

class QFrame;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace modescope {

class MessageStrip;
class TrainForm;
class TrainShelf;
class TrainView;
struct TrainPlan;

/// The page on which people train models of their own: a shelf of trainings, their curves and samples while
/// they run, and the form of a new one. Trainings go on while other pages are shown; closing the program
/// saves them. Settings are kept in QSettings under "train".
class TrainLab : public Lab {
    Q_OBJECT
public:
    explicit TrainLab(QWidget* parent = nullptr);
    ~TrainLab() override;

    TrainRuns& runs() { return runs_; }
    void reset_layout() override;

signals:
    void paint_requested(const QString& model);    ///< try a trained model in the Paint Studio
    void compare_requested(const QString& model);  ///< put it beside others

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* build_runs_page();
    QWidget* build_heading();
    void add_actions();
    void connect_parts();
    void load_settings();
    void save_settings() const;
    void use_first_list();
    void new_training();
    void show_form(const TrainPlan& plan);
    void show_runs();
    void show_current();
    void update_run(const QString& directory);
    void toggle_training();
    void plan_after(const QString& directory, TrainPlan (*plan_of)(const TrainRun&));
    void use_model(void (TrainLab::*wish)(const QString&));
    void remove_current();
    void bring_back(const QString& in_trash, const QString& directory);
    void open_run();
    void choose_data();
    void choose_runs_folder();
    void sound_alarm(const TrainRun& run);
    void show_problem(const QString& sentence);
    void emit_facts();
    const TrainRun* current() const;

    TrainRuns runs_;
    MessageStrip* strip_ = nullptr;
    QSplitter* splitter_ = nullptr;
    TrainShelf* shelf_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    QWidget* runs_page_ = nullptr;
    TrainView* view_ = nullptr;
    TrainForm* form_ = nullptr;
    QLabel *name_ = nullptr, *what_ = nullptr;
    QPushButton *toggle_ = nullptr, *further_button_ = nullptr;
    QAction *paint_ = nullptr, *compare_ = nullptr, *remove_ = nullptr, *stop_ = nullptr, *further_ = nullptr;
    QStringList warned_;  ///< directories whose alarm was seen
};

}  // namespace modescope
