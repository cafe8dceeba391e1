#pragma once

#include <QWidget>

#include "core/training/spec.h"

class QLineEdit;
class QTableWidget;
class QTableWidgetItem;

namespace modescope {

/// A table of the settings of a training with what each does, to find one and change it. Left out is what a
/// form asks for in its own way: the weights of the loss and where the pictures come from.
class TrainSettings : public QWidget {
    Q_OBJECT
public:
    explicit TrainSettings(QWidget* parent = nullptr);

    /// What differs from `usual` is bold.
    void show_spec(const Spec& spec, const Spec& usual);

signals:
    /// A person typed a value, unchecked; answer with show_spec().
    void changed(const std::string& key, const std::string& value);

private:
    void add_row(const Field& field);
    void filter(const QString& text);
    void take(const QTableWidgetItem* item);

    QLineEdit* filter_;
    QTableWidget* table_;
};

}  // namespace modescope
