#pragma once

#include <QAction>
#include <QKeySequence>
#include <QToolButton>

#include "widgets/theme.h"

namespace modescope {

/// What one command of a page is made of; `id` is stable, as preferences keep keys by it.
struct PageCommand {
    const char* id;
    QString icon;  ///< may be empty
    QString text, help;
    QKeySequence key = {};
};

/// An action that works while the page, or anything in it, has the focus.
template <class Run>
QAction* add_command(QWidget* page, const PageCommand& command, Run&& run) {
    auto* action = new QAction(command.text, page);
    action->setObjectName(QLatin1String(command.id));
    if (!command.icon.isEmpty()) action->setIcon(icon(command.icon));
    action->setShortcut(command.key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(command.help);
    QObject::connect(action, &QAction::triggered, page, std::forward<Run>(run));
    page->addAction(action);
    return action;
}

/// What a button that shows only an icon says when the pointer rests on it.
inline QString titled_help(const QString& name, const QKeySequence& key, const QString& help) {
    return QStringLiteral("<b>%1</b> (%2)<br>%3").arg(name, key.toString(QKeySequence::NativeText), help);
}

/// A button that shows the action, of one of the forms that the style knows.
inline QToolButton* action_button(QAction* action, QWidget* parent, const char* form) {
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QStringLiteral(".button"));
    button->setProperty(form, true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

/// A square button with the action's icon.
inline QToolButton* tool_button(QAction* action, QWidget* parent) {
    return action_button(action, parent, "tool");
}

/// A rounded one with its text.
inline QToolButton* chip_button(QAction* action, QWidget* parent) {
    return action_button(action, parent, "chip");
}

}  // namespace modescope
