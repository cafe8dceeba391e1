#pragma once

#include <QHash>
#include <memory>
#include <vector>

#include "app/labs/compare_drawing.h"
#include "app/labs/lab.h"
#include "app/labs/measure_job.h"

class QComboBox;
class QSpinBox;

namespace modescope {

class CompareFigures;
class CompareInput;
class CompareRows;
class MessageStrip;
class PairView;
class PictureMatrix;

/// The Compare page: the same inputs and the same noise through any number of models, seen side by side and
/// measured against the truth.
class CompareLab : public Lab {
    Q_OBJECT
public:
    /// Models load when the page is first shown. What a person chose last time comes back.
    explicit CompareLab(QWidget* parent = nullptr);
    ~CompareLab() override;

    /// Adds a model file as a row; one that cannot be compared with the others is told in the strip.
    void open_model(const QString& path);
    /// Compares on a condition that was made elsewhere, under that name.
    void show_input(const Condition& condition, const QString& name);
    /// The figures as far as they are measured, as .html, .csv or .json; told in the strip when it is done.
    void write_report(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;

private:
    QWidget* build_bar();
    QWidget* build_pictures();
    QWidget* build_pair();
    QSpinBox* make_number(const QString& prefix, const QString& name, const QString& help, int least,
                          int most);
    void connect_parts();
    void restore();
    void save() const;

    void list_families();
    void choose_family();
    void take_model(const QString& path, const Contestant& contestant);
    void refuse(const QString& path, const QString& sentence);
    void find_cases(std::function<Cases()> find);
    void use_cases(const std::shared_ptr<const Cases>& cases);
    void back_to_own_inputs();

    void change_rows();
    void refresh();
    void measure();
    void stop_measuring();
    void show_case(const ShownCase& shown);
    void show_row(const ShownRow& row);
    void show_scale();
    void show_pair();
    void show_measured(const Measured& measured);
    void show_status();

    void ask_for_model();
    void ask_for_inputs();
    void ask_where_to_export();
    QString command_line() const;

    CompareDrawing drawing_;
    MeasureJob job_;
    MessageStrip* strip_;
    QComboBox* family_;
    CompareRows* rows_;
    QSpinBox *columns_, *noise_;
    CompareInput* input_;
    PictureMatrix* matrix_;
    PairView* pair_;
    CompareFigures* figures_;

    QHash<QString, QStringList> families_;  ///< paths of models that share a preset, by its name
    QStringList awaited_;                   ///< paths that are loading
    std::shared_ptr<const Cases> cases_;
    Measured measured_;
    std::vector<ShownRow> shown_;  ///< by shown row
    quint64 stamp_ = 0;            ///< of the newest request
    std::uint64_t first_seed_ = 0;
    double milliseconds_ = 0;
    bool by_hand_ = false;  ///< inputs of the person's own
};

}  // namespace modescope
