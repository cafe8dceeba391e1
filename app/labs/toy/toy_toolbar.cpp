#include "app/labs/toy/toy_toolbar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>

#include "core/worlds/toy.h"
#include "widgets/flow_layout.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int largest_seed = 999'999, largest_stop = 1'000'000;
/// Steps per second of each run.
constexpr double speeds[] = {5, 20, 50, 200, 500, 0};

QLabel* secondary_label(const QString& text, QWidget* buddy, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("secondary", true);
    label->setBuddy(buddy);
    return label;
}

}  // namespace

ToyToolbar::ToyToolbar(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::m);
    auto* left = new QWidget(this);
    auto* groups = new FlowLayout(left, space::m);
    groups->setContentsMargins(0, 0, 0, 0);
    row->addWidget(left, 1);
    for (const auto add : {&ToyToolbar::add_play, &ToyToolbar::add_steps, &ToyToolbar::add_speed,
                           &ToyToolbar::add_restart, &ToyToolbar::add_stop, &ToyToolbar::add_data}) {
        groups->addWidget(begin_group());
        (this->*add)();
    }
    row->addWidget(begin_group(), 0, Qt::AlignTop);
    add_right_end();
    const int height = play_->sizeHint().height();  // one for all, or the rows would be uneven
    for (QWidget* group : left->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
        group->setFixedHeight(height);
}

/// Controls that stay together when a narrow window breaks the row.
QWidget* ToyToolbar::begin_group() {
    auto* group = new QWidget(this);
    group_ = new QHBoxLayout(group);
    group_->setContentsMargins(0, 0, 0, 0);
    group_->setSpacing(space::m);
    return group;
}

QPushButton* ToyToolbar::add_button(const QString& name, const QString& icon_name, const QString& text,
                                    const QString& explanation) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    if (!icon_name.isEmpty()) button->setIcon(icon(icon_name));
    button->setToolTip(explanation);
    button->setFocusPolicy(Qt::TabFocus);
    group_->addWidget(button);
    return button;
}

void ToyToolbar::add_play() {
    play_ = add_button(QStringLiteral("play"), {}, tr("Pause"),
                       tr("Let every configuration train on the same batches, or hold them all (Space)."));
    play_->setProperty("primary", true);
    play_->ensurePolished();
    play_->setFixedWidth(play_->sizeHint().width() + 28);
    set_playing(false);
    connect(play_, &QPushButton::clicked, this, &ToyToolbar::play_clicked);
}

void ToyToolbar::add_steps() {
    const auto add = [this](const char* name, const QString& text, const QString& explanation,
                            StepKind kind) {
        auto* button = add_button(QLatin1String(name), {}, text, explanation);
        connect(button, &QPushButton::clicked, this, [this, kind] { emit step_requested(kind); });
        return button;
    };
    add("step_d", tr("Step D"),
        tr("One step of the discriminators only: watch them sharpen while the samples hold still (D)."),
        StepKind::discriminator);
    add("step_g", tr("Step G"),
        tr("One step of the generators only: they move where D and the other terms push them (G)."),
        StepKind::generator);
    add("step", tr("Step"), tr("One step of both, the same batch for every configuration (S or →)."),
        StepKind::both)
        ->setIcon(icon(QStringLiteral("step")));
    auto* slow = add_button(QStringLiteral("slow_motion"), {}, tr("Slow motion"),
                            tr("One step of the selected configuration, part by part, each explained (M)."));
    connect(slow, &QPushButton::clicked, this, &ToyToolbar::slow_motion_requested);
}

void ToyToolbar::add_speed() {
    speed_ = new QComboBox(this);
    speed_->setObjectName(QStringLiteral("speed"));
    for (const double speed : speeds)
        speed_->addItem(speed > 0 ? tr("%1 steps/s").arg(speed) : tr("max"), speed);
    speed_->setCurrentIndex(speed_->count() - 1);
    speed_->setFixedWidth(112);
    speed_->setToolTip(
        tr("The most steps per second that each configuration makes; slow shows how a collapse begins."));
    speed_->setAccessibleName(tr("Speed"));
    group_->addWidget(secondary_label(tr("speed"), speed_, this));
    group_->addWidget(speed_);
    connect(speed_, &QComboBox::currentIndexChanged, this,
            [this](int index) { emit speed_changed(speeds[std::max(index, 0)]); });
}

void ToyToolbar::add_restart() {
    auto* button = add_button(
        QStringLiteral("restart"), QStringLiteral("restart"), tr("Restart · seed"),
        tr("Start every configuration anew; the same seed gives the same training to the last bit (R)."));
    const auto restart = [this] { emit restart_requested(seed()); };
    connect(button, &QPushButton::clicked, this, restart);
    seed_ = new QSpinBox(this);
    seed_->setObjectName(QStringLiteral("seed"));
    seed_->setRange(0, largest_seed);
    seed_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    seed_->setFixedWidth(72);
    seed_->setToolTip(
        tr("The start of all random numbers: data, first weights and noise. Enter restarts with it."));
    seed_->setAccessibleName(tr("Seed"));
    seed_->setKeyboardTracking(false);
    connect(seed_, &QSpinBox::valueChanged, this, restart);
    group_->addWidget(seed_);
    auto* dice = new QToolButton(this);
    dice->setObjectName(QStringLiteral("dice"));
    dice->setProperty("tool", true);
    dice->setIcon(icon(QStringLiteral("dice")));
    dice->setFocusPolicy(Qt::TabFocus);
    dice->setToolTip(
        tr("Restart with another seed: what stays the same is the loss's doing, not luck (Shift+R)."));
    dice->setAccessibleName(tr("New seed"));
    connect(dice, &QToolButton::clicked, this, &ToyToolbar::roll_seed);
    group_->addWidget(dice);
}

void ToyToolbar::add_stop() {
    stop_ = new QSpinBox(this);
    stop_->setObjectName(QStringLiteral("stop"));
    stop_->setRange(0, largest_stop);
    stop_->setSingleStep(1000);
    stop_->setSpecialValueText(tr("endless"));
    stop_->setKeyboardTracking(false);
    stop_->setFixedWidth(92);
    stop_->setToolTip(
        tr("All configurations pause at this step, where their numbers compare; 0 is endless."));
    stop_->setAccessibleName(tr("Run to step"));
    connect(stop_, &QSpinBox::valueChanged, this, [this](int step) { emit stop_changed(step); });
    group_->addWidget(secondary_label(tr("run to"), stop_, this));
    group_->addWidget(stop_);
}

void ToyToolbar::add_data() {
    data_ = new QComboBox(this);
    data_->setObjectName(QStringLiteral("data"));
    const QStringList names{tr("Y"),    tr("fork of three"),  tr("ring"),
                            tr("line"), tr("crossing lines"), tr("growing noise")};
    for (std::size_t i = 0; i < toy_shapes().size(); ++i)
        data_->addItem(names.value(static_cast<int>(i)), QString::fromStdString(toy_shapes()[i].id));
    data_->addItem(tr("draw or open…"), QString());
    data_->setToolTip(
        tr("What all configurations learn: a shape (Y), or points that you draw or open from a file (O). "
           "Another one starts them anew; Ctrl+Z brings the trainings before back."));
    data_->setAccessibleName(tr("Data"));
    data_->setFixedWidth(142);
    group_->addWidget(secondary_label(tr("data"), data_, this));
    group_->addWidget(data_);
    connect(data_, &QComboBox::activated, this, &ToyToolbar::choose_data);
}

/// The last item opens the points rather than being chosen.
void ToyToolbar::choose_data(int index) {
    if (index + 1 < data_->count()) {
        shown_data_ = index;
        emit data_chosen(data_->itemData(index).toString());
        return;
    }
    data_->setCurrentIndex(shown_data_);
    emit points_requested();
}

void ToyToolbar::next_data() {
    data_->setCurrentIndex((data_->currentIndex() + 1) % (data_->count() - 1));
    choose_data(data_->currentIndex());
}

void ToyToolbar::set_data(const QString& toy) {
    const int shapes = static_cast<int>(toy_shapes().size());
    if (is_points_text(toy.toStdString())) {
        own_data_ = toy;
        if (data_->count() == shapes + 1) data_->insertItem(shapes, tr("own points"));
        data_->setItemData(shapes, toy);
    }
    shown_data_ = std::max(0, data_->findData(toy));
    data_->setCurrentIndex(shown_data_);
}

void ToyToolbar::add_right_end() {
    tuning_ = new QToolButton(this);
    tuning_->setObjectName(QStringLiteral("tuning"));
    tuning_->setText(tr("Tune"));
    tuning_->setIcon(icon(QStringLiteral("settings")));
    tuning_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    tuning_->setCheckable(true);
    tuning_->setFocusPolicy(Qt::TabFocus);
    tuning_->setToolTip(
        tr("Change the weights and the learning rate of the selected configuration while it trains (T)."));
    group_->addWidget(tuning_);
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("export"));
    button->setText(tr("Export"));
    button->setIcon(icon(QStringLiteral("save")));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(
        tr("Save pictures, curves, numbers, a film or a recipe, or show the equal command lines (Ctrl+E)."));
    export_menu_ = new QMenu(button);
    button->setMenu(export_menu_);
    group_->addWidget(button);
}

void ToyToolbar::set_playing(bool playing) {
    play_->setText(playing ? tr("Pause") : tr("Play"));
    play_->setIcon(
        icon(playing ? QStringLiteral("pause") : QStringLiteral("play"), QPalette::HighlightedText));
}

void ToyToolbar::set_seed(std::int64_t seed) {
    const QSignalBlocker quiet(seed_);
    seed_->setValue(static_cast<int>(seed));
}

std::int64_t ToyToolbar::seed() const { return seed_->value(); }

void ToyToolbar::roll_seed() {
    set_seed(QRandomGenerator::global()->bounded(1, 10'000));
    emit restart_requested(seed());
}

void ToyToolbar::set_stop(std::int64_t step) {
    const QSignalBlocker quiet(stop_);
    stop_->setValue(static_cast<int>(std::min<std::int64_t>(step, largest_stop)));
}

void ToyToolbar::set_speed_index(int index) {
    speed_->setCurrentIndex(std::clamp(index, 0, speed_->count() - 1));
}

int ToyToolbar::speed_index() const { return speed_->currentIndex(); }

}  // namespace modescope
