#pragma once

#include <QColor>
#include <QElapsedTimer>
#include <QFrame>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

class QLabel;
class QPaintDevice;

namespace modescope {

/// A titled card with a plot over training steps. Data setters only mark it dirty; the owner calls refresh()
/// at its own tick. Follows the palette, except for colours given, which the owner sets anew. GUI thread
/// only.
class Chart : public QFrame {
    Q_OBJECT

public:
    ~Chart() override;

    void set_title(const QString& title);
    /// What the x axis counts, instead of training steps: "K".
    void set_x_name(const QString& name);
    /// Redraws if something changed and the chart is visible.
    void refresh();
    /// Writes what is shown, title included; the suffix (png, svg) chooses the format. False if it cannot.
    bool save_image(const QString& path);
    /// All kept points, a header line first, "\n" line ends and "." decimals.
    virtual QString csv() const = 0;

protected:
    struct Plot;  ///< QCustomPlot and its parts
    /// One line of the readout under the pointer.
    struct Reading {
        QString label, value;
        QColor colour;
    };

    explicit Chart(QWidget* parent);
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mark_dirty() { dirty_ = true; }

    virtual void plot_data() = 0;     ///< hands the data to QCustomPlot and fits the axes
    virtual void restyle_data() = 0;  ///< recolours for the palette
    /// What the chart says at the point nearest x, to which it moves x; empty without points.
    virtual std::vector<Reading> read(double& x) const = 0;

    std::unique_ptr<Plot> plot_;

private:
    void restyle();
    void hover(std::optional<QPoint> position);
    void describe();
    void paint_export(QPaintDevice& device, bool vectorized);

    QLabel* title_;
    QString x_name_;
    QLabel* readout_;                       ///< floats over the plot beside the pointer
    std::optional<QPoint> hover_position_;  ///< in the plot's coordinates
    bool dirty_ = true;
    QElapsedTimer described_;  ///< since the accessible description changed
};

/// Curves of several series, coloured like the panels and therefore without a legend.
class LineChart : public Chart {
    Q_OBJECT

public:
    /// A series never keeps more points than this: when full, every other one goes and sampling halves.
    static constexpr int max_points = 1500;

    explicit LineChart(QWidget* parent = nullptr);
    ~LineChart() override;

    /// Adds a series, or renames and recolours it.
    void set_series(const QString& id, const QString& label, const QColor& colour);
    /// Values that are not finite are ignored, as is an unknown id. An x at or before the last one means that
    /// the run went back: later points are dropped.
    void append(const QString& id, double x, double y);
    void clear();
    void remove(const QString& id);
    /// On a logarithmic axis, values of 0 or less are not drawn.
    void set_log_y(bool log);
    /// One column per series, empty where it has no point at that x.
    QString csv() const override;

protected:
    void plot_data() override;
    void restyle_data() override;
    std::vector<Reading> read(double& x) const override;

private:
    struct Series;
    std::map<QString, std::unique_ptr<Series>> series_;
    std::vector<QString> order_;  ///< ids as they were added
    bool log_y_ = false;
};

/// The three parts of ℓ2 stacked over the steps, labelled inside their areas.
class StackChart : public Chart {
    Q_OBJECT

public:
    using Parts = std::array<double, 3>;  ///< noise, bias², variance
    static constexpr int max_points = LineChart::max_points;

    explicit StackChart(QWidget* parent = nullptr);
    ~StackChart() override;

    /// The colour of the variance's area, the configuration's.
    void set_colour(const QColor& colour);
    /// As LineChart::append().
    void append(double step, const Parts& parts);
    void set_data(const std::vector<double>& steps, const std::vector<Parts>& parts);
    void clear();
    QString csv() const override;

protected:
    void plot_data() override;
    void restyle_data() override;
    std::vector<Reading> read(double& x) const override;

private:
    struct Layers;
    std::unique_ptr<Layers> layers_;
};

}  // namespace modescope
