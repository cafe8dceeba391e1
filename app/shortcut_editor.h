#pragma once

#include <QKeySequence>
#include <QLineEdit>
#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace modescope {

class ActionRegistry;
struct Command;

/// Takes the next key that is pressed, with its modifiers; Tab and Escape keep their meaning.
class KeyField : public QLineEdit {
    Q_OBJECT
public:
    explicit KeyField(QWidget* parent = nullptr);

    QKeySequence key() const { return key_; }
    void show_key(const QKeySequence& key);

signals:
    void pressed(const QKeySequence& key);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QKeySequence key_;
};

/// All commands by page with their keys. A chosen command takes the next key that is pressed in the field
/// below; a key that another command has where this one works is only taken over when the person says so.
class ShortcutEditor : public QWidget {
    Q_OBJECT
public:
    explicit ShortcutEditor(ActionRegistry& registry, QWidget* parent = nullptr);

    /// Reads the registry's commands again.
    void rebuild();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* build_top();
    QWidget* build_bottom();
    QPushButton* add_button(const char* name, const QString& text, const QString& help);
    void add_row(const Command& command);
    void filter();
    void show_keys();
    void show_row(QTreeWidgetItem* row, const Command& command);
    void show_chosen();
    const Command* chosen() const;
    void choose(const QString& id);

    void take(const QKeySequence& key);
    void take_over();
    void bind_chosen(const QKeySequence& key);
    void tell(const QString& sentence);

    ActionRegistry& registry_;
    QLineEdit* search_;
    QTreeWidget* tree_;
    QLabel *name_, *message_;
    KeyField* field_;
    QPushButton *remove_, *reset_, *reset_all_, *take_over_;
};

}  // namespace modescope
