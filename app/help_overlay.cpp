#include "app/help_overlay.h"

#include <QAction>
#include <QBoxLayout>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSet>

#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int rows_per_column = 14;

QString keys_of(const QList<QKeySequence>& shortcuts) {
    QStringList texts;
    for (const auto& shortcut : shortcuts)
        if (!shortcut.isEmpty()) texts << shortcut.toString(QKeySequence::NativeText);
    return texts.join(HelpOverlay::tr(" or "));
}

QString without_mnemonic(QString text) { return text.remove('&').remove(QStringLiteral("…")); }

}  // namespace

HelpOverlay::HelpOverlay(QWidget* parent) : QFrame(parent), title_(new QLabel), rows_(new QGridLayout) {
    setProperty("card", true);
    setAutoFillBackground(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Keys of this page"));
    title_->setProperty("heading", true);
    rows_->setHorizontalSpacing(space::l);
    rows_->setVerticalSpacing(space::m);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * space::l, space::l, 2 * space::l, 2 * space::l);
    column->setSpacing(space::l);
    column->addWidget(title_);
    column->addLayout(rows_);
    hide();
}

void HelpOverlay::show_keys(const QString& page, const QList<QAction*>& actions) {
    title_->setText(tr("Keys of %1").arg(page));
    fill(actions);
    adjustSize();
    move((parentWidget()->width() - width()) / 2, (parentWidget()->height() - height()) / 2);
    show();
    raise();
    setFocus();
}

void HelpOverlay::fill(const QList<QAction*>& actions) {
    while (auto* item = rows_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QSet<QString> seen;
    int row = 0;
    const auto add = [&](const QString& keys, const QString& text) {
        if (keys.isEmpty() || text.isEmpty() || seen.contains(keys)) return;
        seen.insert(keys);
        add_row(row++, keys, without_mnemonic(text));
    };
    for (const auto* action : actions) add(keys_of(action->shortcuts()), action->text());
}

void HelpOverlay::add_row(int row, const QString& keys, const QString& text) {
    auto* key = new QLabel(keys);
    key->setProperty("secondary", true);
    key->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    const int column = row / rows_per_column * 2;
    rows_->addWidget(key, row % rows_per_column, column);
    rows_->addWidget(new QLabel(text), row % rows_per_column, column + 1);
}

void HelpOverlay::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return hide();
    QFrame::keyPressEvent(event);
}

void HelpOverlay::mousePressEvent(QMouseEvent*) { hide(); }

}  // namespace modescope
