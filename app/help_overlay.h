#pragma once

#include <QFrame>
#include <QPointer>
#include <vector>

class QGridLayout;
class QLabel;
class QScrollArea;

namespace modescope {

class ActionRegistry;
struct Command;

/// Lists the keys of a page, and those that work on every page, over it; Escape, F1 or a click closes it.
class HelpOverlay : public QFrame {
    Q_OBJECT

public:
    explicit HelpOverlay(QWidget* parent);

    /// Shows the commands that have a key now; `scope` is the page's in the registry.
    void show_keys(const ActionRegistry& registry, const QString& scope);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void clear();
    void fill(const std::vector<Command>& commands, const ActionRegistry& registry);
    void add_row(int row, const QString& keys, const QString& text);
    void add_heading(int row, const QString& text);
    QWidget* place(QWidget* widget, int row, int column);

    QSize room() const;
    void fit();

    QPointer<QWidget> before_;  ///< had the focus
    QLabel *title_, *footer_;
    QScrollArea* area_;  ///< of the rows
    QGridLayout* rows_;
    int rows_per_column_ = 1;
};

}  // namespace modescope
