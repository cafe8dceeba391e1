#pragma once

#include <QWidget>
#include <vector>

class QLabel;
class QPainter;

namespace modescope {

class ToyPanel;

/// Lays panels out in the grid in which they are largest.
class ToyBoard : public QWidget {
    Q_OBJECT

public:
    explicit ToyBoard(QWidget* parent = nullptr);

    /// Takes the panel over, as its last one.
    void add(ToyPanel* panel);
    /// Deletes it when control returns to the event loop.
    void remove(ToyPanel* panel);
    const std::vector<ToyPanel*>& panels() const { return panels_; }

    /// What the board shows, as vectors where the painter can.
    void paint(QPainter& painter) const;

    QSize minimumSizeHint() const override { return {420, 200}; }
    QSize sizeHint() const override { return {1200, 440}; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int best_columns() const;
    void arrange();

    std::vector<ToyPanel*> panels_;
    QLabel* empty_;
};

}  // namespace modescope
