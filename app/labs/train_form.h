#pragma once

#include <QWidget>
#include <optional>

#include "app/labs/folder_check.h"
#include "app/labs/train_plan.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableWidget;
class QTableWidgetItem;
class QToolButton;

namespace modescope {

/// Where a new training is put together: what to learn, from which pictures, with which loss, and any other
/// setting. Checks a folder as soon as it is chosen and says what is wrong with which file.
class TrainForm : public QWidget {
    Q_OBJECT
public:
    explicit TrainForm(QWidget* parent = nullptr);

    /// Fills the form, to be changed further.
    void set_plan(const TrainPlan& plan);
    const TrainPlan& plan() const { return plan_; }
    void set_data(const QString& folder);
    /// Where the run's folder will be made.
    void set_runs_folder(const QString& folder);

signals:
    void start_requested(const modescope::Spec& spec, const QString& directory);
    void cancelled();
    void data_requested();         ///< choose a folder of pictures
    void runs_folder_requested();  ///< choose where runs are kept

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    void add_what(QFormLayout* form);
    QWidget* build_data();
    void add_where(QFormLayout* form);
    QWidget* build_settings();
    QWidget* build_bottom();
    QSpinBox* make_number(const char* key);
    void choose_preset(int index);
    void show_preset();
    void show_report(const FolderReport& report);
    void fill_settings(const Spec& spec);
    void filter_settings(const QString& text);
    void take_setting(QTableWidgetItem* item);
    void set_number(const std::string& key, int value);
    void check();
    QString directory() const;
    void begin();

    TrainPlan plan_;
    std::optional<FolderReport> report_;
    std::optional<Spec> spec_;  ///< of the plan, if it can be trained
    QString runs_folder_;
    FolderCheck folder_check_;
    bool checking_ = false;

    QComboBox *preset_, *objective_;
    QLabel *preset_help_, *objective_help_, *data_text_, *folder_text_, *problem_;
    QToolButton* own_data_;
    QProgressBar* check_progress_;
    QPlainTextEdit* bad_files_;
    QSpinBox *steps_, *seed_;
    QLineEdit *name_, *filter_, *command_;
    QTableWidget* settings_;
    QPushButton* start_;
};

}  // namespace modescope
