#include "app/labs/paint/explore_bar.h"

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

#include "app/labs/page_action.h"
#include "widgets/flow_layout.h"
#include "widgets/theme.h"
#include "widgets/widget_events.h"

namespace modescope {
namespace {

constexpr int amount_unit = 100, least_amount = 5, usual_amount = 30;  // slider steps

QHBoxLayout* row_in(QWidget* box) {
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins({});
    row->setSpacing(space::m);
    return row;
}

/// Its size, and which of several maps of that size it is.
QString level_name(const std::vector<NoiseLevel>& levels, std::size_t index) {
    const auto of_this_size = [&](const NoiseLevel& level) { return level.side == levels[index].side; };
    const QString size = ExploreBar::tr("%1×%1", "size of a noise map").arg(levels[index].side);
    if (std::ranges::count_if(levels, of_this_size) == 1) return size;
    const auto end = levels.begin() + static_cast<std::ptrdiff_t>(index) + 1;
    return ExploreBar::tr("%1 · %2", "size and number of a noise map")
        .arg(size)
        .arg(std::count_if(levels.begin(), end, of_this_size));
}

}  // namespace

ExploreBar::ExploreBar(QWidget* parent)
    : QWidget(parent),
      amount_(new QSlider(Qt::Horizontal, this)),
      mix_(add_command(this,
                       {"paint.interpolate",
                        {},
                        tr("Interpolate"),
                        tr("Walk between two or four tiles on a pad (J). Select them with Ctrl+click or "
                           "Shift+arrows first."),
                        Qt::Key_J},
                       [this] { emit mix_requested(); })),
      live_(add_command(this,
                        {"paint.live",
                         {},
                         tr("Live"),
                         tr("Draw the tiles while you paint (Shift+Enter). Off, for slow models: only "
                            "Ctrl+Enter draws."),
                         QKeySequence("Shift+Return")},
                        [] {})),
      levels_box_(new QWidget(this)) {
    auto* flow = new FlowLayout(this, space::m);
    flow->setContentsMargins({});
    flow->addWidget(build_vary());
    flow->addWidget(chip_button(mix_, this));
    find_ = build_find();
    flow->addWidget(find_);
    flow->addWidget(levels_box_);
    flow->addWidget(build_live());
    row_in(levels_box_);
    levels_box_->setMinimumHeight(find_->sizeHint().height());  // in line with the chips
    auto* draw = add_command(this, {"paint.draw", {}, tr("Draw the tiles now"), {}, {}},
                             [this] { emit draw_requested(); });
    // On the canvas, Enter alone paints.
    draw->setShortcuts(
        {QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter"), Qt::Key_Return, Qt::Key_Enter});
    set_selected(0);
    set_findable(false);
}

// --- Parts ---

QWidget* ExploreBar::build_vary() {
    auto* vary =
        add_command(this,
                    {"paint.vary",
                     {},
                     tr("Vary"),
                     tr("Turn the unpinned tiles into neighbours of the current one (V): their noise "
                        "is near its noise."),
                     Qt::Key_V},
                    [this] { emit vary_requested(); });
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
    row->addWidget(chip_button(vary, this));
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
    take_space(button);
    button->setToolTip(
        tr("Select the tiles that stand out, by the mean absolute difference of their pixels."));
    return button;
}

QToolButton* ExploreBar::build_live() {
    live_->setCheckable(true);
    live_->setChecked(true);
    connect(live_, &QAction::toggled, this, &ExploreBar::live_changed);
    return chip_button(live_, this);
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
    levels_box_->setVisible(levels_.size() > 1);  // without the only one, all tiles would be the same
    auto* name = new QLabel(tr("freeze"), levels_box_);
    name->setToolTip(tr("Which level of noise does what?"));
    levels_box_->layout()->addWidget(name);
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        const QString name_of_level = level_name(levels_, i);
        auto* check = new QCheckBox(name_of_level, levels_box_);
        check->setObjectName(QStringLiteral("freeze_%1").arg(i + 1));
        check->setAccessibleName(tr("Freeze the %1 noise").arg(name_of_level));
        check->setToolTip(tr("All tiles take the %1 noise of the current tile, so that only the other levels "
                             "make them differ (%2 channels).")
                              .arg(name_of_level)
                              .arg(levels_[i].channels));
        check->setFocusPolicy(Qt::TabFocus);
        take_space(check);
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

void ExploreBar::set_frozen(const std::vector<int>& levels) {
    for (int i = 0; i < static_cast<int>(checks_.size()); ++i) {
        const QSignalBlocker quiet(checks_[i]);
        checks_[i]->setChecked(std::ranges::count(levels, i) > 0);
    }
}

void ExploreBar::set_selected(int tiles) { mix_->setEnabled(tiles == 2 || tiles == 4); }
void ExploreBar::set_findable(bool findable) { find_->setEnabled(findable); }

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
