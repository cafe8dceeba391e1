#pragma once

#include <QFrame>
#include <memory>
#include <optional>

#include "widgets/toy_paint.h"

class QLabel;
class QTimer;

namespace modescope {

class ColourDot;
class NumberLabel;
class ToyCanvas;

/// A card that shows one configuration of the toy while it trains: its name and formula, the plot of samples
/// against the truth, and the score. GUI thread only; every setter is cheap and only schedules a repaint.
class ToyPanel : public QFrame {
    Q_OBJECT

public:
    /// `id` names the configuration's colour (configuration_colour()); `formula` is plain or rich text.
    ToyPanel(const QString& id, const QString& label, const QString& formula, QWidget* parent = nullptr);

    QString id() const { return id_; }
    /// Renames the panel, for instance when a weight changes while it runs.
    void set_heading(const QString& label, const QString& formula);
    void set_truth(ToyTruth truth);
    void set_layers(const ToyLayers& layers);
    /// The x of the vertical marker, −1 to 1; nullopt hides it.
    void set_slice(std::optional<double> x);
    void set_view(std::shared_ptr<const ToyView> view);
    /// A word or sentence over the plot's lower left corner; empty hides it.
    void set_status(const QString& status);
    /// Marks the panel that other views show more of.
    void set_selected(bool selected);

    /// What the panel last painted, for paint_toy_plot() into a file.
    ToyPlot plot() const;

    /// The figures of its last line as one text: "W₁ 0.028 · minor 0.48 · valid 1.00 · step 9,007".
    QString figures() const;

signals:
    void close_requested();
    /// The user clicked into the panel or moved the focus to its plot.
    void activated();
    /// The user dragged the marker, or moved it with the arrow keys.
    void slice_moved(double x);

protected:
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QLayout* build_header();
    QLayout* build_footer();
    void restyle();
    void fit_footer();
    void show_score(const ToyView& view);
    void describe_soon();
    void describe();

    QString id_;
    ColourDot* dot_;
    QLabel* name_;
    QLabel* formula_;
    ToyCanvas* canvas_;
    NumberLabel *w1_, *minor_, *valid_, *step_;
    QTimer* description_due_;  ///< runs for a second after each new accessible description
    bool description_stale_ = false;
    bool selected_ = false;
};

}  // namespace modescope
