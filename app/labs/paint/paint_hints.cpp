#include "app/labs/paint/paint_hints.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QSettings>
#include <QToolButton>
#include <QUndoStack>
#include <algorithm>

#include "app/labs/paint/paint_lab.h"
#include "widgets/label_canvas.h"
#include "widgets/theme.h"
#include "widgets/tile_grid.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr char settings_key[] = "hints/paint";
enum { Paint, Resample, Pin, Count };

}  // namespace

PaintHints::PaintHints(PaintLab& lab)
    : QFrame(&lab), text_(new QLabel), next_(QSettings().value(settings_key, 0).toInt()) {
    setProperty("hint", true);
    setAutoFillBackground(true);
    setAccessibleName(tr("Hint"));
    auto* canvas = lab.findChild<LabelCanvas*>();
    auto* tiles = lab.findChild<TileGrid*>();
    hints_ = {{tr("Choose a class and paint: the pictures follow the brush."), canvas},
              {tr("Press Space: other noise, another picture of the same drawing."), tiles},
              {tr("Double click a tile to pin it: it stays while the others change."), tiles}};
    auto* close = new QToolButton;
    close->setProperty("flat", true);
    close->setIcon(icon("close", QPalette::HighlightedText));
    close->setFocusPolicy(Qt::TabFocus);
    close->setToolTip(tr("Do not show this hint again."));
    close->setAccessibleName(tr("Close the hint"));
    take_space(close);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::m + space::s, space::s, space::s, space::s);
    row->setSpacing(space::m);
    row->addWidget(text_);
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, [this] { done(next_); });
    connect(lab.undo_stack(), &QUndoStack::indexChanged, this, [this](int index) {
        if (index > 0) done(Paint);
    });
    connect(&lab, &PaintLab::noise_changed, this, [this] { done(Resample); });
    connect(tiles, &TileGrid::pin_toggled, this, [this] { done(Pin); });
    for (QWidget* widget :
         {static_cast<QWidget*>(canvas), static_cast<QWidget*>(tiles), static_cast<QWidget*>(&lab)})
        widget->installEventFilter(this);
    show_next();
}

void PaintHints::skip_all() { QSettings().setValue(settings_key, static_cast<int>(Count)); }

/// In their order only: what a person finds alone before its turn is shown all the same.
void PaintHints::done(int hint) {
    if (hint != next_ || next_ >= Count) return;
    QSettings().setValue(settings_key, ++next_);
    show_next();
}

void PaintHints::show_next() {
    setVisible(next_ >= 0 && next_ < Count);
    reserve_room();
    if (!isVisibleTo(parentWidget())) return;
    text_->setText(hints_[static_cast<std::size_t>(next_)].text);
    place();
}

/// A line below the page, so that the hint covers nothing.
void PaintHints::reserve_room() {
    const int room = isVisibleTo(parentWidget()) ? sizeHint().height() + space::m : 0;
    parentWidget()->layout()->setContentsMargins(0, 0, 0, room);
}

void PaintHints::place() {
    const QWidget* at = hints_[static_cast<std::size_t>(next_)].at;
    adjustSize();
    const int left = at->mapTo(parentWidget(), QPoint((at->width() - width()) / 2, 0)).x();
    move(std::max(0, left), parentWidget()->height() - height() - space::m);
    raise();
}

bool PaintHints::eventFilter(QObject*, QEvent* event) {
    const bool moved = event->type() == QEvent::Resize || event->type() == QEvent::Move;
    if (moved && isVisibleTo(parentWidget())) place();
    return false;
}

}  // namespace modescope
