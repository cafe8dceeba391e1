#pragma once

#include <QWidget>
#include <vector>

class QToolButton;

namespace modescope {

/// A row of buttons that stays one line: those that do not fit wait in a menu at its end.
class OneLine : public QWidget {
    Q_OBJECT
public:
    explicit OneLine(QWidget* parent = nullptr);

    /// A button with a default action, which stands for it in the menu. It becomes a child.
    void add(QToolButton* button);
    /// Whether a button is in the line or the menu at all.
    void set_used(QToolButton* button, bool used);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Entry {
        QToolButton* button;
        bool used = true;
    };

    int width_of(std::size_t entries) const;
    void arrange();
    void fill_menu();

    std::vector<Entry> entries_;  ///< from left to right
    QToolButton* more_;
};

}  // namespace modescope
