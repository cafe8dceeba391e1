#pragma once

#include <QFrame>
#include <utility>
#include <vector>

#include "core/training/spec.h"

class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;
class QVBoxLayout;

namespace modescope {

/// A slider and a box for every field of the selected configuration that may change while it trains.
class ToyTuning : public QFrame {
    Q_OBJECT

public:
    explicit ToyTuning(QWidget* parent = nullptr);

    /// Builds the controls of this configuration. `usual`: what it begins with, and is reset to.
    void show_spec(const Spec& spec, const Spec& usual);
    /// Only the name above the controls.
    void set_heading(const Spec& spec);

signals:
    void retuned(const std::string& key, const FieldValue& value);

private:
    struct Scale;

    void add_control(const Field& field, const Spec& spec);
    void add_reset(QVBoxLayout* rows);
    bool is_tuned() const;
    QSlider* make_slider(const Scale& scale, const QDoubleSpinBox& box);
    void lay_out(const Field& field, QWidget* box, QWidget* slider);

    QLabel* heading_;
    QVBoxLayout* column_;
    QWidget* controls_ = nullptr;
    QPushButton* reset_ = nullptr;  ///< one of the controls
    std::vector<std::pair<QDoubleSpinBox*, double>> boxes_;  ///< with their usual values
    Spec usual_;
};

}  // namespace modescope
