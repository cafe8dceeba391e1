#pragma once

#include <QStringList>
#include <QWidget>
#include <map>
#include <vector>

#include "widgets/toy_paint.h"

class QLineEdit;
class QToolButton;

namespace modescope {

class FlowLayout;

/// The row of chips: which configurations are on the page, and which layers their panels show.
class ToyChips : public QWidget {
    Q_OBJECT

public:
    explicit ToyChips(QWidget* parent = nullptr);

    /// Adds the chip of a formula such as "gan+10*pmr2", unless it is there.
    void add_formula(const QString& formula, const QString& label, const QString& colour_id);
    /// Weights that were tuned make another name of the same chip.
    void set_label(const QString& formula, const QString& label);
    bool has_formula(const QString& formula) const { return formulas_.contains(formula); }
    /// Silent.
    void set_checked(const QString& formula, bool checked);
    /// All formulas, in the order of their chips.
    const QStringList& formulas() const { return formulas_; }

    void set_layers(const ToyLayers& layers);
    ToyLayers layers() const;
    /// As a click on the layer's chip, 0 to 4.
    void toggle_layer(std::size_t index);
    /// The line edit for a formula of the user's own.
    void open_edit();
    void close_edit();
    /// Shows the chips' colours in the current palette.
    void recolour();

signals:
    void formula_toggled(const QString& formula, bool checked);
    /// The user typed a formula of his own; the edit closes when the page adds it.
    void formula_entered(const QString& text);
    void layers_changed(const ToyLayers& layers);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry {
        QToolButton* button;
        QString colour_id;
    };

    QToolButton* add_chip(const QString& text, const QString& explanation);
    void add_layer_chips();

    QStringList formulas_;
    std::map<QString, Entry> chips_;
    std::vector<QToolButton*> layer_chips_;
    FlowLayout* flow_;
    QToolButton* plus_;
    QLineEdit* edit_;
};

}  // namespace modescope
