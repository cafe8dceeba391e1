#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QPointer>
#include <vector>

namespace modescope {

/// One thing that a key, a menu or the command search can do.
struct Command {
    QString id;     ///< "paint/undo", stable: page and the action's objectName
    QString scope;  ///< of the page; empty: works on every page
    QPointer<QAction> action;
    QList<QKeySequence> defaults;

    QString name() const;              ///< as people read it: without mnemonics and ellipsis
    QList<QKeySequence> keys() const;  ///< as bound now
    bool changed() const;              ///< whether they differ from the defaults
    bool operator==(const Command& other) const { return id == other.id; }
};

/// "Ctrl+Z or Ctrl+Y", as the desktop writes keys.
QString keys_text(const QList<QKeySequence>& keys);

/// All actions of the window and its pages, and their keys. What a person binds otherwise than the program
/// comes back at the next start; only the differences are stored.
class ActionRegistry : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Takes in the actions among `root`'s children that have a name of their own or a key, and binds them as
    /// the person did. Again at any time, for actions that were made later. An action without an objectName
    /// is known by its text. A dialog among the children is a scope of its own, named by its title.
    void add(const QString& scope, const QString& scope_name, QObject* root);

    const std::vector<Command>& commands() const { return commands_; }
    /// Those that work while that page is shown, the page's own first.
    std::vector<Command> commands_on(const QString& scope) const;
    /// Null if there is none.
    const Command* find(const QString& id) const;
    QString scope_name(const QString& scope) const;

    /// Another command that has the key where this one works; null if there is none.
    const Command* rival(const Command& command, const QKeySequence& key) const;

    /// Unknown ids are left alone. An empty list takes the keys away.
    void bind(const QString& id, const QList<QKeySequence>& keys);
    void reset(const QString& id);
    void reset_all();

    /// A tooltip of that page with the default keys that stand in it in brackets, "(Ctrl+Z)", replaced by
    /// those bound now.
    QString with_bound_keys(QString tooltip, const QString& scope) const;

signals:
    void changed();  ///< of any command's keys

private:
    void add_dialogs(const QString& scope, QObject* root);
    void take(const QString& scope, QAction* action);
    void forget_gone();

    std::vector<Command> commands_;
    std::vector<std::pair<QString, QString>> scopes_;  ///< id and name
};

}  // namespace modescope
