#include "app/shortcut_editor.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>

#include "app/actions.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int name_width = 420, row_height = 28;
constexpr int id_role = Qt::UserRole;

QString id_of(const QTreeWidgetItem* row) { return row ? row->data(0, id_role).toString() : QString(); }

/// Shift is in the sign already: it is "?", not "Shift+?".
bool needs_no_shift(const QKeyEvent& event) {
    return event.text().size() == 1 && event.text()[0].isPrint() && !event.text()[0].isLetter() &&
           event.key() != Qt::Key_Space;
}

}  // namespace

KeyField::KeyField(QWidget* parent) : QLineEdit(parent) {
    setReadOnly(true);
    setContextMenuPolicy(Qt::NoContextMenu);
    setPlaceholderText(tr("Press a key"));
}

void KeyField::show_key(const QKeySequence& key) {
    key_ = key;
    setText(key.toString(QKeySequence::NativeText));
}

/// Keys that are commands already must come here all the same.
bool KeyField::event(QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride) return QLineEdit::event(event);
    event->accept();
    return true;
}

void KeyField::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (key == Qt::Key_Escape) return event->ignore();
    if (key == Qt::Key_unknown || key == 0 || (key >= Qt::Key_Shift && key <= Qt::Key_ScrollLock)) return;
    auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (needs_no_shift(*event)) modifiers &= ~Qt::ShiftModifier;
    emit pressed(QKeySequence(QKeyCombination(modifiers, static_cast<Qt::Key>(key))));
}

ShortcutEditor::ShortcutEditor(ActionRegistry& registry, QWidget* parent)
    : QWidget(parent),
      registry_(registry),
      search_(new QLineEdit(this)),
      tree_(new QTreeWidget(this)),
      name_(new QLabel(this)),
      message_(new QLabel(this)),
      field_(new KeyField(this)),
      remove_(add_button("remove_keys", tr("Remove"), tr("Leave the command without a key."))),
      reset_(add_button("reset_keys", tr("Reset"), tr("Give the command the keys that it came with."))),
      reset_all_(add_button("reset_all_keys", tr("Reset all"),
                            tr("Give every command the keys that it came with."))),
      take_over_(add_button("take_over", tr("Use it here"),
                            tr("Take the key from the other command, which is then left without it."))) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::m);
    column->addWidget(build_top());
    column->addWidget(tree_, 1);
    column->addWidget(build_bottom());
    tree_->setObjectName("commands");
    tree_->setAccessibleName(tr("Commands and their keys"));
    tree_->setHeaderLabels({tr("Command"), tr("Keys")});
    tree_->setColumnWidth(0, name_width);
    tree_->setRootIsDecorated(false);
    tree_->setItemsExpandable(false);
    tree_->setIndentation(space::l);
    tree_->installEventFilter(this);
    connect(tree_, &QTreeWidget::currentItemChanged, this, &ShortcutEditor::show_chosen);
    connect(tree_, &QTreeWidget::itemActivated, field_, qOverload<>(&QWidget::setFocus));
    connect(&registry_, &ActionRegistry::changed, this, &ShortcutEditor::show_keys);
}

QWidget* ShortcutEditor::build_top() {
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    row->addWidget(search_, 1);
    row->addWidget(reset_all_);
    search_->setObjectName("find_command");
    search_->setPlaceholderText(tr("Find a command or a key"));
    search_->setAccessibleName(tr("Find a command or a key"));
    search_->setToolTip(tr("Shows only the commands whose name or key contains this."));
    search_->setClearButtonEnabled(true);
    connect(search_, &QLineEdit::textChanged, this, &ShortcutEditor::filter);
    connect(reset_all_, &QPushButton::clicked, &registry_, &ActionRegistry::reset_all);
    return top;
}

QWidget* ShortcutEditor::build_bottom() {
    auto* bottom = new QWidget(this);
    auto* row = new QHBoxLayout(bottom);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    name_->setProperty("heading", true);
    message_->setWordWrap(true);
    message_->setObjectName("conflict");
    field_->setObjectName("key_field");
    field_->setFixedWidth(200);
    field_->setAccessibleName(tr("New key"));
    field_->setToolTip(tr("Press the key that the chosen command shall have."));
    for (QWidget* widget : {static_cast<QWidget*>(name_), static_cast<QWidget*>(field_),
                            static_cast<QWidget*>(remove_), static_cast<QWidget*>(reset_)})
        row->addWidget(widget);
    row->addWidget(message_, 1);
    row->addWidget(take_over_);
    connect(field_, &KeyField::pressed, this, &ShortcutEditor::take);
    connect(remove_, &QPushButton::clicked, this,
            [this] { registry_.bind(id_of(tree_->currentItem()), {}); });
    connect(reset_, &QPushButton::clicked, this, [this] { registry_.reset(id_of(tree_->currentItem())); });
    connect(take_over_, &QPushButton::clicked, this, &ShortcutEditor::take_over);
    return bottom;
}

QPushButton* ShortcutEditor::add_button(const char* name, const QString& text, const QString& help) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(name));
    button->setToolTip(help);
    return button;
}

// --- The list ---

void ShortcutEditor::rebuild() {
    const QString before = id_of(tree_->currentItem());
    tree_->clear();
    for (const Command& command : registry_.commands())
        if (command.action) add_row(command);
    tree_->expandAll();
    filter();
    choose(before);
}

void ShortcutEditor::add_row(const Command& command) {
    QTreeWidgetItem* group = nullptr;
    const QString title = registry_.scope_name(command.scope);
    for (int i = 0; i < tree_->topLevelItemCount(); ++i)
        if (tree_->topLevelItem(i)->text(0) == title) group = tree_->topLevelItem(i);
    if (!group) {
        group = new QTreeWidgetItem(tree_, {title});
        group->setFlags(Qt::ItemIsEnabled);
        QFont font = tree_->font();
        font.setWeight(QFont::DemiBold);
        group->setFont(0, font);
        group->setSizeHint(0, {0, row_height});
    }
    auto* row = new QTreeWidgetItem(group, {command.name()});
    row->setData(0, id_role, command.id);
    row->setSizeHint(0, {0, row_height});
    row->setToolTip(0, command.action->toolTip());
    show_row(row, command);
}

void ShortcutEditor::show_row(QTreeWidgetItem* row, const Command& command) {
    row->setText(1, keys_text(command.keys()));
    QFont font = tree_->font();
    font.setWeight(command.changed() ? QFont::DemiBold : QFont::Normal);
    row->setFont(1, font);
    row->setToolTip(1,
                    command.changed() ? tr("It came with %1.").arg(keys_text(command.defaults)) : QString());
}

void ShortcutEditor::filter() {
    const QString wanted = search_->text();
    for (int i = 0; i < tree_->topLevelItemCount(); ++i) {
        auto* group = tree_->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j) {
            auto* row = group->child(j);
            const bool fits = row->text(1).contains(wanted, Qt::CaseInsensitive) ||
                              row->text(0).contains(wanted, Qt::CaseInsensitive);
            row->setHidden(!fits);
            any |= fits;
        }
        group->setHidden(!any);
    }
}

void ShortcutEditor::show_keys() {
    for (QTreeWidgetItemIterator row(tree_); *row; ++row)
        if (const Command* command = registry_.find(id_of(*row))) show_row(*row, *command);
    show_chosen();
}

// --- The chosen command ---

const Command* ShortcutEditor::chosen() const { return registry_.find(id_of(tree_->currentItem())); }

void ShortcutEditor::choose(const QString& id) {
    for (QTreeWidgetItemIterator row(tree_); *row; ++row)
        if (!id.isEmpty() && id_of(*row) == id) tree_->setCurrentItem(*row);
    show_chosen();
}

void ShortcutEditor::show_chosen() {
    const Command* command = chosen();
    name_->setText(command ? command->name() : tr("Choose a command to change its key."));
    field_->setVisible(command != nullptr);
    remove_->setVisible(command != nullptr);
    reset_->setVisible(command != nullptr);
    tell({});
    if (!command) return;
    remove_->setEnabled(!command->keys().isEmpty());
    reset_->setEnabled(command->changed());
    field_->show_key(command->keys().value(0));
}

void ShortcutEditor::take(const QKeySequence& key) {
    const Command* command = chosen();
    if (!command) return;
    const Command* rival = registry_.rival(*command, key);
    if (!rival) return bind_chosen(key);
    field_->show_key(key);
    tell(tr("%1 is the key of %2 (%3).")
             .arg(key.toString(QKeySequence::NativeText), rival->name(), registry_.scope_name(rival->scope)));
}

void ShortcutEditor::take_over() {
    const QKeySequence key = field_->key();
    const Command* command = chosen();
    while (const Command* rival = command ? registry_.rival(*command, key) : nullptr) {
        auto left = rival->keys();
        left.removeAll(key);
        registry_.bind(rival->id, left);
    }
    bind_chosen(key);
}

void ShortcutEditor::bind_chosen(const QKeySequence& key) {
    if (const Command* command = chosen()) registry_.bind(command->id, {key});
}

void ShortcutEditor::tell(const QString& sentence) {
    message_->setText(sentence);
    take_over_->setVisible(!sentence.isEmpty());
}

/// Enter on a row goes to the field, as a double click does, whatever the desktop thinks activates.
bool ShortcutEditor::eventFilter(QObject* watched, QEvent* event) {
    if (watched != tree_ || event->type() != QEvent::KeyPress) return false;
    const int key = static_cast<QKeyEvent*>(event)->key();
    if ((key != Qt::Key_Return && key != Qt::Key_Enter) || !chosen()) return false;
    field_->setFocus();
    return true;
}

}  // namespace modescope
