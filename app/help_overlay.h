#pragma once

#include <QFrame>

class QGridLayout;
class QLabel;

namespace modescope {

/// Lists the keys of a page over it; Escape, F1 or a click closes it.
class HelpOverlay : public QFrame {
    Q_OBJECT

public:
    explicit HelpOverlay(QWidget* parent);

    /// Shows every action with a shortcut below the given widgets.
    void show_keys(const QString& page, const QList<QWidget*>& sources);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void fill(const QList<QWidget*>& sources);
    void add_row(int row, const QString& keys, const QString& text);

    QLabel* title_;
    QGridLayout* rows_;
};

}  // namespace modescope
