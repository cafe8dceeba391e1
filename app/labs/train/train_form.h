#pragma once

#include <QWidget>
#include <optional>

#include "app/labs/train/train_plan.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace modescope {

class TrainData;
class TrainSettings;

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
    /// `model` is the shipped model whose weights it starts from; empty: random ones.
    void start_requested(const modescope::Spec& spec, const QString& directory, const QString& model);
    void cancelled();
    void data_requested();         ///< choose a folder of pictures
    void runs_folder_requested();  ///< choose where runs are kept

protected:
    bool event(QEvent* event) override;
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
    void show_settings();
    void list_weights();
    void take_setting(const std::string& key, const std::string& value);
    QString make_spec();
    void check();
    void check_name();
    QString directory() const;
    void begin();

    TrainPlan plan_;
    std::optional<Spec> spec_;  ///< of the plan, if it can be trained
    QString plan_problem_;      ///< why it cannot
    QString runs_folder_;

    QComboBox *preset_, *objective_, *weights_;
    QLabel *preset_help_, *objective_help_, *problem_;
    QSpinBox *steps_, *seed_;
    QLineEdit *name_, *command_;
    TrainData* data_;
    TrainSettings* settings_;
    QPushButton* start_;
};

}  // namespace modescope
