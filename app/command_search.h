#pragma once

#include <QFrame>
#include <QPointer>
#include <QStringList>

class QLineEdit;
class QListWidget;

namespace modescope {

class ActionRegistry;
struct Command;

/// How well typed letters stand for a text, whatever their case: they must come in it in this order.
/// Beginnings of words and letters that stand together count most, short texts more than long ones. Negative:
/// not at all.
double match_score(const QString& typed, const QString& text);

/// A line over the window that finds any command by a few letters of its name: arrows choose, Enter runs,
/// Escape or a click elsewhere closes. What was run last comes first.
class CommandSearch : public QFrame {
    Q_OBJECT
public:
    CommandSearch(const ActionRegistry& registry, QWidget* window);

    /// Lists what can be done now on that page.
    void open(const QString& scope);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void list();
    void add_row(const Command& command);
    void step(int rows);
    void run();
    void close_and_return();
    void remember(const QString& id);

    const ActionRegistry& registry_;
    QLineEdit* edit_;
    QListWidget* rows_;
    QString scope_;
    QStringList recent_;        ///< ids, the last first
    QPointer<QWidget> before_;  ///< had the focus
};

}  // namespace modescope
