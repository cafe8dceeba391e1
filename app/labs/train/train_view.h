#pragma once

#include <QWidget>
#include <map>

class QComboBox;
class QLabel;
class QSlider;

namespace modescope {

class LineChart;
class PictureView;
class TrainRuns;
struct TrainRun;

/// What is seen of trainings: curves of all that are ticked, and the current one's samples with the same
/// noise at every step, under a slider.
class TrainView : public QWidget {
    Q_OBJECT
public:
    explicit TrainView(TrainRuns& runs, QWidget* parent = nullptr);

    /// `drawn` holds `current`; all are directories.
    void show_runs(const QString& current, const QStringList& drawn);
    /// Takes in what is new of a run.
    void update_run(const QString& directory);
    /// The samples one save earlier or later.
    void step_samples(int by);
    /// Colours follow the palette.
    void recolour();

private:
    struct Curves {
        QComboBox* quantity;
        LineChart* chart;
        bool chosen = false;  ///< by a person
    };
    struct Drawn {
        std::size_t rows = 0;  ///< of the log, on the charts
    };

    QWidget* build_curves();
    QWidget* build_samples();
    Curves make_curves(const char* name, QWidget* parent);
    void list_quantities();
    /// While the predictor trains, its loss in place of D's, unless a person chose otherwise.
    void follow_phase();
    QString usual_quantity(const Curves& curves) const;
    void redraw(const Curves& curves);
    void append(const QString& directory);
    void show_grids();
    void show_grid(int index);
    void explain(bool predictor);
    const TrainRun* run(const QString& directory) const;

    TrainRuns& runs_;
    QString current_;
    std::map<QString, Drawn> drawn_;
    Curves left_{}, right_{};
    PictureView* picture_;
    QSlider* slider_;
    QLabel *legend_ = nullptr, *caption_ = nullptr;
    QString shown_grid_;
};

}  // namespace modescope
