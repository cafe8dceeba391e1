#pragma once

#include <QComboBox>
#include <QString>
#include <vector>

#include "core/sampling/model_library.h"
#include "core/training/spec.h"

namespace modescope {

/// A choice of trained models, each with the colour of its configuration, and of a file from elsewhere.
/// A model is known by its path.
class ModelBox : public QComboBox {
    Q_OBJECT
public:
    enum class Role {
        Main,       ///< says the world too: "Street · GAN + 10·pMR₂"
        Comparison  ///< "and GAN + 100·ℓ₁", and may be none
    };

    explicit ModelBox(Role role, QWidget* parent = nullptr);

    /// Until describe() knows better, names are read off the files' names.
    void set_models(const std::vector<ModelFile>& models);
    void describe(const QString& path, const Spec& spec);
    /// Whether a model stands in the list; the one that is shown does.
    void offer(const QString& path, bool offered);

    /// The shown model's path; empty: none.
    QString path() const { return currentData().toString(); }
    bool holds(const QString& path) const { return findData(path) >= 0; }
    /// Shows a model, adding it if it is new, without emitting anything; empty: none.
    void show_model(const QString& path);

signals:
    void chosen(const QString& path);  ///< by a person; empty: none
    void open_requested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void add(const QString& path, const QString& name);
    void add_new(const QString& path);
    void set_entry(int index, const QString& world, const QString& configuration, const QString& id);
    void activate(int index);

    Role role_;
    QString shown_;  ///< to go back to from "Open model…"
};

/// "GAN + 10·pMR₂", and the id that configuration_colour() knows.
QString configuration_label(const Spec& spec);
QString configuration_id(const Spec& spec);

}  // namespace modescope
