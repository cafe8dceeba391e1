#pragma once

#include <QWidget>

class QComboBox;

namespace modescope {

class ActionRegistry;
class ShortcutEditor;
enum class Scheme;

/// What a person may set once: the colours, the keys, and the way back to the layout of the first start.
/// Everything takes effect, and is kept, at once.
class PreferencesPage : public QWidget {
    Q_OBJECT
public:
    explicit PreferencesPage(ActionRegistry& registry, QWidget* parent = nullptr);

    /// Reads what is set now.
    void refresh();

signals:
    void scheme_chosen(modescope::Scheme scheme);
    void layout_reset_requested();
    void closed();  ///< Escape or the close button

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* build_heading();
    QWidget* build_look();

    ShortcutEditor* keys_;
    QComboBox* scheme_;
};

}  // namespace modescope
