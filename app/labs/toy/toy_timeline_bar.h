#pragma once

#include <QWidget>
#include <cstdint>

class QComboBox;
class QLabel;
class QSlider;
class QTimer;
class QToolButton;

namespace modescope {

/// The row under the toy's panels that goes back in the training: a slider over its steps, replay at any
/// speed, and back to live. Says which step to show; knows nothing of what is shown. GUI thread only.
class ToyTimelineBar : public QWidget {
    Q_OBJECT

public:
    explicit ToyTimelineBar(QWidget* parent = nullptr);

    /// The furthest step there is; the handle follows it while live.
    void set_last_step(std::int64_t step);
    bool is_live() const { return live_; }
    /// The step chosen; the last one while live.
    std::int64_t step() const;
    bool is_replaying() const;

    void go_live();
    void toggle_replay();
    /// From where it is, backwards for a negative number; leaves live.
    void move_by(std::int64_t steps);

signals:
    /// The panels shall show this step.
    void step_chosen(std::int64_t step);
    void went_live();

private:
    QToolButton* add_button(const char* name, const QString& icon_name, const QString& explanation);
    void build_slider();
    void build_speed();
    void choose(int step);
    void replay_a_little();
    void stop_replay();
    void show_state();

    QToolButton *replay_, *live_button_;
    QSlider* slider_;
    QComboBox* speed_;
    QLabel* label_;
    QTimer* timer_;
    double replayed_ = 0;  ///< where the replay is, in steps
    bool live_ = true;
};

}  // namespace modescope
