#pragma once

#include <QFrame>

#include "core/training/spec.h"

class QDoubleSpinBox;
class QLabel;
class QSlider;
class QVBoxLayout;

namespace modescope {

/// A slider and a box for every field of the selected configuration that may change while it trains.
class ToyTuning : public QFrame {
    Q_OBJECT

public:
    explicit ToyTuning(QWidget* parent = nullptr);

    /// Builds the controls of this configuration.
    void show_spec(const Spec& spec);
    /// Only the name above the controls.
    void set_heading(const Spec& spec);

signals:
    void retuned(const std::string& key, const FieldValue& value);

private:
    struct Scale;

    void add_control(const Field& field, const Spec& spec);
    QSlider* make_slider(const Scale& scale, const QDoubleSpinBox& box);
    void lay_out(const Field& field, QWidget* box, QWidget* slider);

    QLabel* heading_;
    QVBoxLayout* column_;
    QWidget* controls_ = nullptr;
};

}  // namespace modescope
