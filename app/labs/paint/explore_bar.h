#pragma once

#include <QWidget>
#include <vector>

#include "core/sampling/sampler.h"

class QAction;
class QCheckBox;
class QSettings;
class QSlider;
class QToolButton;

namespace modescope {

/// The line under the sample controls: how to walk through the noise from the current tile. Its actions()
/// are the page's.
class ExploreBar : public QWidget {
    Q_OBJECT
public:
    /// Samples that stand out among the tiles.
    enum class Find { NearestPair, FarthestPair, MostTypical, MostUnusual };

    explicit ExploreBar(QWidget* parent = nullptr);

    /// How far neighbours are away, 0.05 … 1.
    double amount() const;
    /// Draws with every change; else only when asked for.
    bool is_live() const;
    void set_live(bool live);
    /// A check box for each level; those that were checked stay so where the levels are the same.
    void set_levels(const std::vector<NoiseLevel>& levels);
    std::vector<int> frozen_levels() const;
    /// Silent; levels that there are not do not count.
    void set_frozen(const std::vector<int>& levels);
    /// Interpolation needs two or four.
    void set_selected(int tiles);
    /// Whether find_requested() can be answered.
    void set_findable(bool findable);

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

signals:
    void vary_requested();
    void amount_changed();
    void mix_requested();
    void find_requested(modescope::ExploreBar::Find what);
    void levels_changed();
    void live_changed(bool live);
    void draw_requested();

private:
    QWidget* build_vary();
    QToolButton* build_find();
    QToolButton* build_live();

    QSlider* amount_;
    QAction *mix_, *live_;
    QToolButton* find_;
    QWidget* levels_box_;
    std::vector<NoiseLevel> levels_;
    std::vector<QCheckBox*> checks_;  ///< of levels_
};

}  // namespace modescope
