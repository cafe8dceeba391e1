#pragma once

#include <QAbstractButton>
#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QTimer>
#include <QToolTip>
#include <QWidget>

namespace modescope {

/// For event() of a widget with keys of its own: a shortcut of the window yields to a key that `is_own`
/// names.
template <class IsOwn>
void claim_own_keys(QEvent& event, IsOwn is_own) {
    if (event.type() == QEvent::ShortcutOverride && is_own(static_cast<const QKeyEvent&>(event)))
        event.accept();
}

/// While the button has the focus Space presses it, where Space is else a shortcut of the page: for buttons
/// that no other key presses.
inline void take_space(QAbstractButton* button) {
    struct Filter : QObject {
        using QObject::QObject;
        bool eventFilter(QObject*, QEvent* event) override {
            claim_own_keys(*event, [](const QKeyEvent& key) { return key.key() == Qt::Key_Space; });
            return false;
        }
    };
    button->installEventFilter(new Filter(button));
}

/// For event() of a widget with parts that it paints itself: `text_at` tells the tooltip at a place, empty
/// for none. True: the event was that.
template <class TextAt>
bool show_own_tooltip(QWidget& widget, QEvent& event, TextAt text_at) {
    if (event.type() != QEvent::ToolTip) return false;
    const auto& help = static_cast<const QHelpEvent&>(event);
    QToolTip::showText(help.globalPos(), text_at(help.pos()), &widget);
    return true;
}

/// For changeEvent() of a widget that gives its children fonts and colours: has it give them anew. A new
/// style sheet takes them away only after this event.
template <class Restyle>
void restyle_on_change(QWidget* widget, const QEvent& event, Restyle restyle) {
    if (event.type() == QEvent::PaletteChange || event.type() == QEvent::FontChange) restyle();
    if (event.type() == QEvent::StyleChange) QTimer::singleShot(0, widget, restyle);
}

}  // namespace modescope
