#pragma once

#include <QWidget>

class QAction;
class QGridLayout;
class QSettings;
class QSlider;
class QSpinBox;
class QToolButton;

namespace modescope {

class ModelBox;

/// The row above the tiles: which models draw, how many tiles, with which noise. In a narrow page it
/// takes two lines. Its actions() are the page's.
class SampleControls : public QWidget {
    Q_OBJECT
public:
    static constexpr int least_samples = 2, most_samples = 36;

    explicit SampleControls(QWidget* parent = nullptr);

    ModelBox* model_box() const { return main_; }
    ModelBox* comparison_box() const { return comparison_; }
    int samples() const;   ///< K
    double scale() const;  ///< of the noise, 0 … 2
    quint64 seed() const;  ///< of the first tile
    /// A random one.
    void draw_seed();
    /// All at once, without a signal; each within its range.
    void set(int samples, double scale, quint64 seed);

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

signals:
    void changed();  ///< samples or scale
    void seed_changed();
    void resample_requested();
    void export_requested();      ///< a contact sheet
    void export_all_requested();  ///< everything into a folder

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* build_models();
    QWidget* build_noise();
    QWidget* build_buttons();
    void prepare(QSpinBox* box, const QString& name, const QString& help);

    ModelBox *main_, *comparison_;
    QSpinBox *samples_, *seed_;
    QSlider* scale_;
    QToolButton* save_ = nullptr;
    QWidget *models_, *noise_, *buttons_;
    QGridLayout* grid_;
};

}  // namespace modescope
