#include "app/command_search.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QSettings>
#include <QStyledItemDelegate>
#include <algorithm>
#include <limits>
#include <vector>

#include "app/actions.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int width_of_all = 560, row_height = 32, most_rows = 10;
constexpr int most_recent = 8;
constexpr double word_start = 6, together = 7, per_letter = 1, per_length = 0.05, per_recent = 0.5;
constexpr double impossible = -std::numeric_limits<double>::infinity();
constexpr char settings_key[] = "commands/recent";

enum Role { Id = Qt::UserRole, Scope, Keys };

bool starts_word(const QString& text, qsizetype i) {
    return i == 0 || (text[i].isLetterOrNumber() && !text[i - 1].isLetterOrNumber());
}

/// Name at the left, where it works and its keys at the right.
class RowPainter : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {width_of_all, row_height};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) fill(*painter, option);
        QRect room = option.rect.adjusted(space::m, 0, -space::m, 0);
        const QRect square(room.left(), room.center().y() - 8, 16, 16);
        qvariant_cast<QIcon>(index.data(Qt::DecorationRole)).paint(painter, square);
        room.setLeft(square.right() + space::m + space::s);
        const auto write = [&](const QString& text, QPalette::ColorRole role, Qt::Alignment side) {
            painter->setPen(option.palette.color(role));
            painter->drawText(room, Qt::AlignVCenter | side, text);
            return option.fontMetrics.horizontalAdvance(text);
        };
        const QString name = index.data(Qt::DisplayRole).toString();
        room.setLeft(room.left() + write(name, QPalette::Text, Qt::AlignLeft) + space::l);
        write(index.data(Keys).toString(), QPalette::Text, Qt::AlignRight);
        write(index.data(Scope).toString(), QPalette::PlaceholderText, Qt::AlignLeft);
        painter->restore();
    }

private:
    static void fill(QPainter& painter, const QStyleOptionViewItem& option) {
        QColor tint = option.palette.color(QPalette::Highlight);
        tint.setAlphaF(0.22f);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tint);
        painter.drawRoundedRect(option.rect, 6, 6);
    }
};

}  // namespace

double match_score(const QString& typed, const QString& text) {
    const QString wanted = QString(typed).remove(' ').toLower(), given = text.toLower();
    const auto length = static_cast<std::size_t>(given.size());
    // best[j]: of the letters so far with the last one at j.
    std::vector<double> best(length, 0), next(length);
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        double before = i == 0 ? 0 : impossible;  // the best that ends left of j
        for (std::size_t j = 0; j < length; ++j) {
            const double in_a_row = i > 0 && j > 0 ? best[j - 1] + together : impossible;
            const double start = starts_word(given, static_cast<qsizetype>(j)) ? word_start : 0;
            const bool same = given[static_cast<qsizetype>(j)] == wanted[i];
            next[j] = same ? std::max(before, in_a_row) + per_letter + start : impossible;
            if (i > 0) before = std::max(before, best[j]);
        }
        std::swap(best, next);
    }
    const double score = length == 0 ? impossible : *std::ranges::max_element(best);
    // A match of many letters in a long text must not turn negative.
    return score == impossible ? -1 : std::max(0.0, score - per_length * static_cast<double>(length));
}

CommandSearch::CommandSearch(const ActionRegistry& registry, QWidget* window)
    : QFrame(window),
      registry_(registry),
      edit_(new QLineEdit),
      rows_(new QListWidget),
      recent_(QSettings().value(settings_key).toStringList()) {
    setProperty("card", true);
    setAutoFillBackground(true);
    setAccessibleName(tr("Command search"));
    edit_->setPlaceholderText(tr("What do you want to do?"));
    edit_->setAccessibleName(tr("Search commands"));
    edit_->setToolTip(tr("A few letters of a command's name are enough; Enter runs it."));
    edit_->installEventFilter(this);
    rows_->setItemDelegate(new RowPainter(rows_));
    rows_->setFocusPolicy(Qt::NoFocus);
    rows_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    rows_->setAccessibleName(tr("Commands found"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::m, space::m, space::m, space::m);
    column->setSpacing(space::m);
    column->addWidget(edit_);
    column->addWidget(rows_);
    connect(edit_, &QLineEdit::textChanged, this, &CommandSearch::list);
    connect(rows_, &QListWidget::itemClicked, this, &CommandSearch::run);
    hide();
}

void CommandSearch::open(const QString& scope) {
    if (isVisible()) return close_and_return();
    scope_ = scope;
    before_ = window()->focusWidget();
    edit_->clear();
    list();
    show();
    raise();
    edit_->setFocus();
}

void CommandSearch::list() {
    std::vector<std::pair<double, Command>> found;
    for (const Command& command : registry_.commands_on(scope_)) {
        if (!command.action->isEnabled()) continue;
        const double score = match_score(edit_->text(), command.name());
        const auto recent = recent_.indexOf(command.id);
        const double bonus = recent < 0 ? 0 : per_recent * static_cast<double>(most_recent - recent);
        if (score >= 0) found.emplace_back(score + bonus, command);
    }
    // An empty line keeps the order of the page, after what was used last.
    if (edit_->text().isEmpty())
        for (auto& [score, command] : found)
            score = recent_.contains(command.id) ? most_recent - recent_.indexOf(command.id) : 0;
    std::ranges::stable_sort(found, std::greater(), &std::pair<double, Command>::first);
    rows_->clear();
    for (const auto& [score, command] : found) add_row(command);
    rows_->setCurrentRow(0);
    rows_->setFixedHeight(std::clamp(rows_->count(), 1, most_rows) * row_height + space::s);
    setFixedWidth(width_of_all);
    adjustSize();
    move((parentWidget()->width() - width()) / 2, parentWidget()->height() / 10);
}

void CommandSearch::add_row(const Command& command) {
    auto* row = new QListWidgetItem(command.action->icon(), command.name(), rows_);
    row->setData(Id, command.id);
    row->setData(Scope, registry_.scope_name(command.scope));
    row->setData(Keys, keys_text(command.keys()));
    row->setToolTip(command.action->toolTip());
}

void CommandSearch::step(int rows) {
    if (rows_->count() == 0) return;
    const int wanted = rows_->currentRow() + rows;
    rows_->setCurrentRow((wanted + rows_->count()) % rows_->count());
}

void CommandSearch::run() {
    const auto* row = rows_->currentItem();
    if (!row) return;
    const QString id = row->data(Id).toString();
    close_and_return();
    const Command* command = registry_.find(id);
    if (!command) return;
    remember(id);
    command->action->trigger();
}

void CommandSearch::close_and_return() {
    hide();
    if (before_) before_->setFocus();
}

void CommandSearch::remember(const QString& id) {
    recent_.removeAll(id);
    recent_.prepend(id);
    recent_ = recent_.mid(0, most_recent);
    QSettings().setValue(settings_key, recent_);
}

bool CommandSearch::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
        hide();
    if (event->type() != QEvent::KeyPress) return false;
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down:
            step(1);
            return true;
        case Qt::Key_Up:
            step(-1);
            return true;
        case Qt::Key_PageDown:
            step(std::min(most_rows, rows_->count() - 1 - rows_->currentRow()));
            return true;
        case Qt::Key_PageUp:
            step(-std::min(most_rows, rows_->currentRow()));
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            run();
            return true;
        case Qt::Key_Escape:
            close_and_return();
            return true;
        default:
            return false;
    }
}

}  // namespace modescope
