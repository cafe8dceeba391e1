#pragma once

#include <QDialog>
#include <vector>

#include "core/worlds/toy_points.h"

class QAction;
class QLabel;
class QHBoxLayout;
class QPushButton;
class QSlider;

namespace modescope {

class MessageStrip;
class ToyPointsCanvas;

/// Where the user draws the toy's data or opens it from a CSV file. Its keys are actions, so that they can be
/// bound otherwise.
class ToyPointsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ToyPointsDialog(QWidget* parent = nullptr);

    /// Shows it with these points, unless they are those of the last time: then as it was left.
    void edit(std::vector<ToyPoint> points);

signals:
    /// The user wants to train on them.
    void chosen(const std::vector<ToyPoint>& points);

protected:
    void hideEvent(QHideEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QAction* add_action(const char* name, const QString& text, const QString& explanation,
                        const QList<QKeySequence>& keys, void (ToyPointsDialog::*run)());
    void add_actions();
    QLayout* build_tools();
    QLayout* build_end();
    void build_spread(QHBoxLayout& row);
    void change_spread(int steps);
    void widen();
    void narrow();
    void clear();
    void undo();
    void redo();
    void load();
    void save();
    void load_from(const QString& path);
    void refresh();

    ToyPointsCanvas* canvas_;
    MessageStrip* strip_;
    QLabel* count_;
    QPushButton* train_;
    QSlider* spread_ = nullptr;
    QAction *undo_, *redo_, *clear_, *load_, *save_, *narrow_, *widen_;
    std::vector<ToyPoint> given_;  ///< what edit() was last called with, or the user trained on
};

}  // namespace modescope
