#pragma once

#include <QDialog>

#include "app/labs/paint/label_picture.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;

namespace modescope {

/// Asks what the colours or numbers of a label picture mean that belong to no class: each with its pixels
/// and a box of the classes, preset to the nearest, beside the picture and what it becomes. Nothing happens
/// before accepted().
class LabelImport : public QDialog {
    Q_OBJECT
public:
    /// `known`: what is settled already. Deletes itself when it is closed.
    LabelImport(const LabelPicture& picture, const QString& name, const Palette& classes,
                const LabelMeanings& known, QWidget* parent);

    /// Of all keys of the picture, as chosen now.
    LabelMeanings meanings() const;
    LabelMap labels() const { return to_labels(picture_, meanings()); }
    /// Whether the next pictures mean the same.
    bool remembers() const;

private:
    QWidget* build_rows();
    void add_row(QGridLayout& grid, LabelKey key, int pixels);
    QComboBox* build_box(LabelKey key);
    QWidget* build_previews();
    QWidget* build_buttons();
    void show_result();

    LabelPicture picture_;
    Palette classes_;
    LabelMeanings known_;
    std::vector<std::pair<LabelKey, QComboBox*>> boxes_;
    QLabel *source_, *result_;
    QCheckBox* remember_;
};

}  // namespace modescope
