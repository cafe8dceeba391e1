#pragma once

#include <QWidget>

#include "app/labs/compare/measure_job.h"

class QComboBox;
class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace modescope {

class FigureTable;
class LineChart;

/// What is measured of the rows: figures with intervals, a metric against the number of samples, and the
/// inputs on which the rows differ most; with the progress of it.
class CompareFigures : public QWidget {
    Q_OBJECT
public:
    explicit CompareFigures(QWidget* parent = nullptr);

    int conditions() const;
    int samples() const;
    void set_numbers(int conditions, int samples);  ///< silent

    void show_measured(const Measured& measured);
    /// Whether weights are chosen; else a button asks for them.
    void set_has_lpips(bool has);
    /// Nothing is measured, nor being measured.
    void clear();
    /// Stopped by the person: what there is stays.
    void show_stopped();

signals:
    void numbers_changed();
    void stop_requested();
    void start_requested();
    void input_chosen(int condition);
    void lpips_requested();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* build_head();
    QWidget* build_curve();
    QWidget* build_differences();
    QSpinBox* make_number(const char* id, const QString& prefix, const QString& name, const QString& help,
                          int least, int most, int value);
    void show_progress();
    void show_curve();
    void show_differences();
    void fill_choices();

    QSpinBox *conditions_, *samples_;
    QProgressBar* progress_;
    QLabel* left_;
    QPushButton *button_, *lpips_button_;
    QLabel* lpips_;
    FigureTable* table_;
    LineChart* chart_;
    QComboBox *curve_, *ranking_;
    QListWidget* differences_;
    Measured measured_;
    std::vector<QString> series_;  ///< ids in the chart
};

}  // namespace modescope
