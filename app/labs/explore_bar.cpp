#include "app/labs/explore_bar.h"

#include <QAction>
#include <QBoxLayout>
#include <QCheckBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QSlider>
#include <QToolButton>
#include <algorithm>

#include "widgets/flow_layout.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int amount_unit = 100, least_amount = 5, usual_amount = 30;  // slider steps

QHBoxLayout* row_in(QWidget* box) {
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    return row;
}

QString level_name(const NoiseLevel& level) {
    return ExploreBar::tr("%1×%1", "size of a noise map").arg(level.side);
}

}  // namespace

ExploreBar::ExploreBar(QWidget* parent)
    : QWidget(parent),
      amount_(new QSlider(Qt::Horizontal, this)),
      mix_(page_action("paint.interpolate", tr("Interpolate"), Qt::Key_J)),
      live_(page_action("paint.live", tr("Live"), QKeySequence("Shift+Return"))),
      levels_box_(new QWidget(this)) {
    auto* flow = new FlowLayout(this, space::m);
    flow->setContentsMargins({});
    flow->addWidget(build_vary());
    flow->addWidget(button_for(mix_, tr("Walk between two or four tiles on a pad (J). Select them with "
                                        "Ctrl+click or Shift+arrows first.")));
    find_ = build_find();
    flow->addWidget(find_);
    flow->addWidget(levels_box_);
    flow->addWidget(build_live());
    row_in(levels_box_);
    levels_box_->setMinimumHeight(find_->sizeHint().height());  // in line with the chips
    connect(mix_, &QAction::triggered, this, &ExploreBar::mix_requested);
    auto* draw = page_action("paint.draw", tr("Draw the tiles now"), QKeySequence("Ctrl+Return"));
    // On the canvas, Enter alone paints.
    draw->setShortcuts({QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter"), Qt::Key_Return, Qt::Key_Enter});
    connect(draw, &QAction::triggered, this, &ExploreBar::draw_requested);
    set_selected(0);
    set_findable(false);
}

// --- Parts ---

QAction* ExploreBar::page_action(const QString& id, const QString& text, const QKeySequence& key) {
    auto* action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    return action;
}

QToolButton* ExploreBar::button_for(QAction* action, const QString& help) {
    action->setToolTip(help);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setProperty("chip", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

QWidget* ExploreBar::build_vary() {
    auto* vary = page_action("paint.vary", tr("Vary"), Qt::Key_V);
    connect(vary, &QAction::triggered, this, &ExploreBar::vary_requested);
    amount_->setRange(least_amount, amount_unit);
    amount_->setValue(usual_amount);
    amount_->setFocusPolicy(Qt::TabFocus);
    amount_->setFixedWidth(72);
    amount_->setAccessibleName(tr("Amount of variation"));
    amount_->setToolTip(
        tr("How much of the noise is new in a neighbour: a little changes details, 1 is another sample."));
    auto* value = new QLabel(this);
    value->setMinimumWidth(fontMetrics().horizontalAdvance("0.00"));
    const auto show = [this, value] { value->setText(locale().toString(amount(), 'f', 2)); };
    connect(amount_, &QSlider::valueChanged, this, show);
    connect(amount_, &QSlider::valueChanged, this, &ExploreBar::amount_changed);
    show();
    auto* box = new QWidget(this);
    auto* row = row_in(box);
    row->addWidget(button_for(vary, tr("Turn the unpinned tiles into neighbours of the current one (V): their "
                                       "noise is near its noise.")));
    row->addWidget(amount_);
    row->addWidget(value);
    return box;
}

QToolButton* ExploreBar::build_find() {
    auto* menu = new QMenu(this);
    const auto add = [&](const char* id, const QString& text, const QString& help, Find what) {
        QAction* action = menu->addAction(text, this, [this, what] { emit find_requested(what); });
        action->setObjectName(id);
        action->setToolTip(help);
    };
    add("paint.nearest", tr("Nearest pair"), tr("The two tiles that differ least."), Find::NearestPair);
    add("paint.farthest", tr("Farthest pair"), tr("The two tiles that differ most."), Find::FarthestPair);
    add("paint.typical", tr("Most typical"), tr("The tile that is nearest to all others."),
        Find::MostTypical);
    add("paint.unusual", tr("Most unusual"), tr("The tile that is farthest from all others."),
        Find::MostUnusual);
    menu->setToolTipsVisible(true);
    auto* button = new QToolButton(this);
    button->setText(tr("Find"));
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setProperty("chip", true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(tr("Find tiles"));
    button->installEventFilter(this);
    button->setToolTip(
        tr("Select the tiles that stand out, by the mean absolute difference of their pixels."));
    return button;
}

QToolButton* ExploreBar::build_live() {
    live_->setCheckable(true);
    live_->setChecked(true);
    connect(live_, &QAction::toggled, this, &ExploreBar::live_changed);
    return button_for(live_, tr("Draw the tiles while you paint (Shift+Enter). Off, for slow models: only "
                                "Ctrl+Enter draws."));
}

// --- Values ---

double ExploreBar::amount() const { return static_cast<double>(amount_->value()) / amount_unit; }
bool ExploreBar::is_live() const { return live_->isChecked(); }
void ExploreBar::set_live(bool live) { live_->setChecked(live); }

void ExploreBar::set_levels(const std::vector<NoiseLevel>& levels) {
    const bool same = std::ranges::equal(levels, levels_, [](const NoiseLevel& a, const NoiseLevel& b) {
        return a.side == b.side && a.channels == b.channels;
    });
    if (same) return;
    levels_ = levels;
    checks_.clear();
    qDeleteAll(levels_box_->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    auto* name = new QLabel(tr("freeze"), levels_box_);
    name->setToolTip(tr("Which level of noise does what?"));
    levels_box_->layout()->addWidget(name);
    for (const NoiseLevel& level : levels_) {
        auto* check = new QCheckBox(level_name(level), levels_box_);
        check->setAccessibleName(tr("Freeze the %1 noise").arg(level_name(level)));
        check->setToolTip(tr("All tiles take the %1 noise of the current tile, so that only the other levels "
                             "make them differ (%2 channels).")
                              .arg(level_name(level))
                              .arg(level.channels));
        check->setFocusPolicy(Qt::TabFocus);
        check->installEventFilter(this);
        connect(check, &QCheckBox::toggled, this, &ExploreBar::levels_changed);
        levels_box_->layout()->addWidget(check);
        checks_.push_back(check);
    }
    updateGeometry();
}

std::vector<int> ExploreBar::frozen_levels() const {
    std::vector<int> frozen;
    for (std::size_t i = 0; i < checks_.size(); ++i)
        if (checks_[i]->isChecked()) frozen.push_back(static_cast<int>(i));
    return frozen;
}

void ExploreBar::set_selected(int tiles) { mix_->setEnabled(tiles == 2 || tiles == 4); }
void ExploreBar::set_findable(bool findable) { find_->setEnabled(findable); }

/// What has no key of its own takes Space, which else resamples.
bool ExploreBar::eventFilter(QObject*, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride) return false;
    if (static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) event->accept();
    return false;
}

void ExploreBar::restore(const QSettings& settings) {
    const QSignalBlocker quiet(this);
    amount_->setValue(settings.value("vary", usual_amount).toInt());
    set_live(settings.value("live", true).toBool());
}

void ExploreBar::save(QSettings& settings) const {
    settings.setValue("vary", amount_->value());
    settings.setValue("live", is_live());
}

}  // namespace modescope
