#pragma once

#include <QWidget>

#include "core/training/run_types.h"

class QComboBox;
class QHBoxLayout;
class QMenu;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace modescope {

/// The row of controls above the toy's panels. Emits what the user asks for and shows what it is told; the
/// page owns the shortcuts.
class ToyToolbar : public QWidget {
    Q_OBJECT

public:
    explicit ToyToolbar(QWidget* parent = nullptr);

    void set_playing(bool playing);
    void set_seed(std::int64_t seed);
    std::int64_t seed() const;
    /// Picks a seed at random and asks for a restart with it.
    void roll_seed();
    void set_stop(std::int64_t step);
    /// Index of the speeds offered, the last being as fast as it goes.
    void set_speed_index(int index);
    int speed_index() const;
    /// The distribution shown: the id of a shape, or points, which then can be chosen again. Silent.
    void set_data(const QString& toy);
    /// Chooses the one after it, as a click would.
    void next_data();
    /// The user's own points as a text; empty as long as there are none.
    const QString& own_data() const { return own_data_; }
    QMenu& export_menu() { return *export_menu_; }
    QToolButton& tuning_button() { return *tuning_; }

signals:
    void play_clicked();
    void step_requested(StepKind kind);
    void slow_motion_requested();
    /// Steps per second of each run; 0 is as fast as it goes.
    void speed_changed(double steps_per_second);
    void restart_requested(std::int64_t seed);
    void stop_changed(std::int64_t step);
    void data_chosen(const QString& toy);
    /// The user wants to draw or open points.
    void points_requested();

private:
    QWidget* begin_group();
    QPushButton* add_button(const QString& name, const QString& icon_name, const QString& text,
                            const QString& explanation);
    void add_play();
    void add_steps();
    void add_speed();
    void add_restart();
    void add_stop();
    void add_data();
    void choose_data(int index);
    void add_right_end();

    QHBoxLayout* group_;  ///< the one being filled
    QPushButton* play_;
    QComboBox *speed_, *data_;
    QString own_data_;
    int shown_data_ = 0;  ///< index of what is trained on
    QSpinBox *seed_, *stop_;
    QToolButton* tuning_;
    QMenu* export_menu_;
};

}  // namespace modescope
