#pragma once

#include <QFrame>
#include <functional>

class QLabel;
class QPushButton;

namespace modescope {

/// A line inside the page for a problem or a hint, with a next action; instead of a modal box. Hidden until
/// show_message(). Escape closes it while it has the focus.
class MessageStrip : public QFrame {
    Q_OBJECT

public:
    enum class Severity { Info, Warning, Error };

    explicit MessageStrip(QWidget* parent = nullptr);

    /// Replaces what is shown. With a label, a button runs `action` and the strip hides first, so that the
    /// action may show the next message.
    void show_message(Severity severity, const QString& text, const QString& action_label = {},
                      std::function<void()> action = {});
    /// A second choice beside the first, for the message that is shown now.
    void add_choice(const QString& label, std::function<void()> action);
    QString text() const;

signals:
    void closed();

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void dismiss();
    void run(std::function<void()>& action);
    void restyle();

    Severity severity_ = Severity::Info;
    QLabel* icon_;
    QLabel* text_;
    QPushButton *button_, *second_button_;
    std::function<void()> action_, second_action_;
};

}  // namespace modescope
