#pragma once

#include <QFrame>

class QAction;
class QGridLayout;
class QLabel;

namespace modescope {

/// Lists the keys of a page over it; Escape, F1 or a click closes it.
class HelpOverlay : public QFrame {
    Q_OBJECT

public:
    explicit HelpOverlay(QWidget* parent);

    /// Shows those of the actions that have a shortcut.
    void show_keys(const QString& page, const QList<QAction*>& actions);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void fill(const QList<QAction*>& actions);
    void add_row(int row, const QString& keys, const QString& text);

    QLabel* title_;
    QGridLayout* rows_;
};

}  // namespace modescope
