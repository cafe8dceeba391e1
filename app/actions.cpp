#include "app/actions.h"

#include <QDialog>
#include <QSettings>
#include <algorithm>

namespace modescope {
namespace {

constexpr char settings_group[] = "shortcuts";

/// Qt names its own actions so, as that of a line edit's clear button.
bool is_private(const QString& name) { return name.startsWith("_q_") || name.startsWith("qt_"); }

bool is_command(const QAction& action) {
    if (action.isSeparator() || action.text().isEmpty() || is_private(action.objectName())) return false;
    return !action.objectName().isEmpty() || !action.shortcut().isEmpty();
}

QString id_of(const QString& scope, const QAction& action) {
    QString name = action.objectName();
    if (name.isEmpty()) name = action.text().remove('&').remove(QStringLiteral("…")).toLower();
    return (scope.isEmpty() ? QStringLiteral("window") : scope) + '/' + name.replace(' ', '-');
}

/// QSettings takes a slash for a group.
QString settings_key(QString id) { return id.replace('/', '.'); }

QStringList to_text(const QList<QKeySequence>& keys) {
    QStringList texts;
    for (const auto& key : keys) texts << key.toString(QKeySequence::PortableText);
    return texts;
}

QList<QKeySequence> from_text(const QStringList& texts) {
    QList<QKeySequence> keys;
    for (const QString& text : texts)
        if (const auto key = QKeySequence::fromString(text, QKeySequence::PortableText); !key.isEmpty())
            keys << key;
    return keys;
}

/// What a person bound, if anything.
void bind_as_stored(const Command& command) {
    QSettings settings;
    settings.beginGroup(settings_group);
    const QString key = settings_key(command.id);
    if (settings.contains(key)) command.action->setShortcuts(from_text(settings.value(key).toStringList()));
}

void store(const Command& command) {
    QSettings settings;
    settings.beginGroup(settings_group);
    if (command.changed())
        settings.setValue(settings_key(command.id), to_text(command.keys()));
    else
        settings.remove(settings_key(command.id));
}

bool may_meet(const Command& a, const Command& b) {
    return a.scope == b.scope || a.scope.isEmpty() || b.scope.isEmpty();
}

}  // namespace

QString Command::name() const { return action->text().remove('&').remove(QStringLiteral("…")); }
QList<QKeySequence> Command::keys() const { return action->shortcuts(); }
bool Command::changed() const { return keys() != defaults; }

QString keys_text(const QList<QKeySequence>& keys) {
    QStringList texts;
    for (const auto& key : keys) {
        const QString text = key.toString(QKeySequence::NativeText);
        // The number pad has a Return of its own.
        const bool twin = text.contains("Enter") && texts.contains(QString(text).replace("Enter", "Return"));
        if (!text.isEmpty() && !twin) texts << text;
    }
    return texts.join(ActionRegistry::tr(" or "));
}

void ActionRegistry::add(const QString& scope, const QString& scope_name, QObject* root) {
    forget_gone();
    if (!scope.isEmpty()) add_dialogs(scope, root);
    const auto known = [&](const auto& entry) { return entry.first == scope; };
    if (std::ranges::none_of(scopes_, known)) scopes_.emplace_back(scope, scope_name);
    // The window's pages are its children too, and have scopes of their own.
    const auto depth = scope.isEmpty() ? Qt::FindDirectChildrenOnly : Qt::FindChildrenRecursively;
    for (QAction* action : root->findChildren<QAction*>(QString(), depth))
        if (is_command(*action)) take(scope, action);
}

/// While one is open the page's keys are not, so that the same key may stand for something in each.
void ActionRegistry::add_dialogs(const QString& scope, QObject* root) {
    for (auto* dialog : root->findChildren<QDialog*>()) {
        const auto actions = dialog->findChildren<QAction*>();
        if (std::ranges::any_of(actions, [](const QAction* action) { return is_command(*action); }))
            add(scope + '.' + dialog->objectName(), dialog->windowTitle(), dialog);
    }
}

void ActionRegistry::take(const QString& scope, QAction* action) {
    const auto same = [&](const Command& command) { return command.action == action; };
    if (std::ranges::any_of(commands_, same)) return;
    Command command{id_of(scope, *action), scope, action, action->shortcuts()};
    while (find(command.id)) command.id += '+';  // the same text twice on a page
    bind_as_stored(command);
    commands_.push_back(command);
}

void ActionRegistry::forget_gone() {
    std::erase_if(commands_, [](const Command& command) { return !command.action; });
}

std::vector<Command> ActionRegistry::commands_on(const QString& scope) const {
    std::vector<Command> list;
    const auto append = [&](const QString& wanted) {
        for (const Command& command : commands_)
            if (command.scope == wanted && command.action) list.push_back(command);
    };
    append(scope);
    if (!scope.isEmpty()) append({});
    return list;
}

const Command* ActionRegistry::find(const QString& id) const {
    const auto found = std::ranges::find(commands_, id, &Command::id);
    return found == commands_.end() || !found->action ? nullptr : &*found;
}

QString ActionRegistry::scope_name(const QString& scope) const {
    const auto found = std::ranges::find(scopes_, scope, &std::pair<QString, QString>::first);
    return found == scopes_.end() ? scope : found->second;
}

const Command* ActionRegistry::rival(const Command& command, const QKeySequence& key) const {
    for (const Command& other : commands_)
        if (other.action && !(other == command) && may_meet(other, command) && other.keys().contains(key))
            return &other;
    return nullptr;
}

void ActionRegistry::bind(const QString& id, const QList<QKeySequence>& keys) {
    const Command* command = find(id);
    if (!command) return;
    command->action->setShortcuts(keys);
    store(*command);
    emit changed();
}

void ActionRegistry::reset(const QString& id) {
    if (const Command* command = find(id)) bind(id, command->defaults);
}

void ActionRegistry::reset_all() {
    for (const Command& command : commands_)
        if (command.action) command.action->setShortcuts(command.defaults);
    QSettings settings;
    settings.remove(settings_group);
    emit changed();
}

QString ActionRegistry::with_bound_keys(QString tooltip, const QString& scope) const {
    for (const Command& command : commands_on(scope)) {
        if (!command.changed()) continue;
        const QString now = keys_text(command.keys());
        for (const auto& key : command.defaults) {
            const QString before = QStringLiteral("(%1)").arg(key.toString(QKeySequence::NativeText));
            if (!tooltip.contains(before)) continue;
            // Once only: the new key may be the default of a command that comes later.
            return now.isEmpty() ? tooltip.remove(' ' + before)
                                 : tooltip.replace(before, QStringLiteral("(%1)").arg(now));
        }
    }
    return tooltip;
}

}  // namespace modescope
