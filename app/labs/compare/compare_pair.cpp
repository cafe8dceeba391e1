#include "app/labs/compare/compare_pair.h"

#include <QApplication>
#include <QButtonGroup>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "app/labs/page_action.h"

namespace modescope {
namespace {

QToolButton* make_chip(const char* id, const QString& text, const QString& help, QWidget* parent) {
    auto* chip = new QToolButton(parent);
    chip->setObjectName(QLatin1String(id) + QStringLiteral(".button"));
    chip->setText(text);
    chip->setProperty("chip", true);
    chip->setToolTip(help);
    chip->setAccessibleName(text);
    chip->setFocusPolicy(Qt::TabFocus);
    return chip;
}

}  // namespace

ComparePair::ComparePair(QWidget* parent)
    : QWidget(parent), view_(new PairView(this)), modes_(new QButtonGroup(this)) {
    view_->setObjectName("compare.pair");
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    add_mode(row, PairView::Mode::Wipe, "compare.wipe", tr("Wipe"), Qt::Key_W,
             tr("Both pictures, one wiped over the other (W)."));
    add_mode(row, PairView::Mode::Difference, "compare.difference", tr("Difference"), Qt::Key_D,
             tr("Where the two pictures differ, and how much (D)."));
    add_flicker(row);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(space::s);
    layout->addLayout(row);
    layout->addWidget(view_, 1);
}

void ComparePair::add_mode(QHBoxLayout* row, PairView::Mode mode, const char* id, const QString& text,
                           int key, const QString& help) {
    auto* chip = make_chip(id, text, help, this);
    chip->setCheckable(true);
    chip->setChecked(mode == view_->mode());
    connect(chip, &QToolButton::clicked, this, [this, mode] { view_->set_mode(mode); });
    add_command(this, {id, {}, text, help, QKeySequence(key)}, [chip] { chip->click(); });
    modes_->addButton(chip);
    row->addWidget(chip);
}

void ComparePair::add_flicker(QHBoxLayout* row) {
    const QString help = tr("As long as it is held, the other row's picture covers this one (F).");
    auto* chip = make_chip("compare.flicker", tr("Flicker"), help, this);
    connect(chip, &QToolButton::pressed, this, [this] { flip(true); });
    connect(chip, &QToolButton::released, this, [this] { flip(false); });
    auto* action =
        add_command(this, {"compare.flicker", {}, tr("Flicker (hold)"), help, QKeySequence(Qt::Key_F)},
                    [this] { flip(true); });
    action->setAutoRepeat(false);
    row->addWidget(chip);
}

/// Whichever widget has the focus then, it ends when the key is let go.
void ComparePair::flip(bool flipped) {
    qApp->removeEventFilter(this);
    if (flipped) qApp->installEventFilter(this);
    view_->set_flipped(flipped);
}

bool ComparePair::eventFilter(QObject* watched, QEvent* event) {
    const bool let_go =
        event->type() == QEvent::KeyRelease && !static_cast<QKeyEvent*>(event)->isAutoRepeat();
    if (let_go || event->type() == QEvent::ApplicationDeactivate) flip(false);
    return QWidget::eventFilter(watched, event);
}

}  // namespace modescope
