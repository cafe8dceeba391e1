#include "app/labs/toy/toy_timeline_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QTimer>
#include <QToolButton>

#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr int frame_ms = 33;
/// Steps of the training a second.
constexpr int speeds[] = {10, 50, 200, 500, 2000};
constexpr int first_speed = 2;

/// A click goes where it is, as in a film, instead of a page towards it.
class ScrubSlider : public QSlider {
public:
    using QSlider::QSlider;

protected:
    void mousePressEvent(QMouseEvent* event) override {
        if (event->button() != Qt::LeftButton) return QSlider::mousePressEvent(event);
        setSliderDown(true);
        move_to(event->position().x());
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        if (isSliderDown()) move_to(event->position().x());
    }
    void mouseReleaseEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton) setSliderDown(false);
    }

private:
    void move_to(double x) {
        QStyleOptionSlider option;
        initStyleOption(&option);
        const QRect groove =
            style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderGroove, this);
        const int handle =
            style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this).width();
        setValue(QStyle::sliderValueFromPosition(minimum(), maximum(), qRound(x) - groove.left() - handle / 2,
                                                 groove.width() - handle));
    }
};

}  // namespace

ToyTimelineBar::ToyTimelineBar(QWidget* parent)
    : QWidget(parent),
      slider_(new ScrubSlider(Qt::Horizontal, this)),
      speed_(new QComboBox(this)),
      label_(new QLabel(this)),
      timer_(new QTimer(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::m);
    row->addWidget(replay_ =
                       add_button("replay", QStringLiteral("play"),
                                  tr("Show the training again from the beginning or from the handle (P).")));
    row->addWidget(slider_, 1);
    row->addWidget(label_);
    row->addWidget(speed_);
    row->addWidget(live_button_ = add_button("live", {}, tr("Back to what the training shows now (L).")));
    live_button_->setText(tr("Live"));
    build_slider();
    build_speed();
    label_->setProperty("secondary", true);
    label_->setMinimumWidth(label_->fontMetrics().horizontalAdvance(tr("step %1").arg(100'000)));
    label_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    timer_->setTimerType(Qt::PreciseTimer);
    timer_->setInterval(frame_ms);
    connect(timer_, &QTimer::timeout, this, &ToyTimelineBar::replay_a_little);
    connect(replay_, &QToolButton::clicked, this, &ToyTimelineBar::toggle_replay);
    connect(live_button_, &QToolButton::clicked, this, &ToyTimelineBar::go_live);
    show_state();
}

QToolButton* ToyTimelineBar::add_button(const char* name, const QString& icon_name,
                                        const QString& explanation) {
    auto* button = new QToolButton(this);
    button->setObjectName(QLatin1String(name));
    if (!icon_name.isEmpty()) button->setIcon(icon(icon_name));
    button->setToolTip(explanation);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void ToyTimelineBar::build_slider() {
    slider_->setObjectName(QStringLiteral("timeline"));
    slider_->setFocusPolicy(Qt::TabFocus);
    slider_->setRange(0, 0);
    slider_->setPageStep(100);
    slider_->setToolTip(tr("Drag to any step of the training so far; it goes on meanwhile (, and .)."));
    slider_->setAccessibleName(tr("Step shown"));
    connect(slider_, &QSlider::valueChanged, this, &ToyTimelineBar::choose);
    connect(slider_, &QSlider::sliderPressed, this, &ToyTimelineBar::stop_replay);
}

void ToyTimelineBar::build_speed() {
    speed_->setObjectName(QStringLiteral("replay_speed"));
    speed_->setFocusPolicy(Qt::TabFocus);
    for (const int speed : speeds) speed_->addItem(tr("%1 steps/s").arg(speed), speed);
    speed_->setCurrentIndex(first_speed);
    speed_->setToolTip(tr("How fast the replay goes, however slow the training was."));
    speed_->setAccessibleName(tr("Replay speed"));
}

std::int64_t ToyTimelineBar::step() const { return slider_->value(); }
bool ToyTimelineBar::is_replaying() const { return timer_->isActive(); }

void ToyTimelineBar::set_last_step(std::int64_t step) {
    if (slider_->maximum() == step && (!live_ || slider_->value() == step)) return;
    const QSignalBlocker quiet(slider_);
    slider_->setMaximum(static_cast<int>(step));
    if (live_) slider_->setValue(static_cast<int>(step));
    show_state();
}

void ToyTimelineBar::choose(int step) {
    live_ = false;
    show_state();
    emit step_chosen(step);
}

void ToyTimelineBar::go_live() {
    stop_replay();
    live_ = true;
    const QSignalBlocker quiet(slider_);
    slider_->setValue(slider_->maximum());
    show_state();
    emit went_live();
}

void ToyTimelineBar::move_by(std::int64_t steps) {
    stop_replay();
    slider_->setValue(slider_->value() + static_cast<int>(steps));
}

/// From the beginning where there is nothing left to show.
void ToyTimelineBar::toggle_replay() {
    if (is_replaying()) return stop_replay();
    replayed_ = live_ || slider_->value() == slider_->maximum() ? 0 : slider_->value();
    timer_->start();
    slider_->setValue(static_cast<int>(replayed_));
    choose(slider_->value());
}

void ToyTimelineBar::replay_a_little() {
    replayed_ += speed_->currentData().toInt() * frame_ms / 1000.0;
    if (replayed_ >= slider_->maximum()) stop_replay();
    slider_->setValue(static_cast<int>(replayed_));
}

void ToyTimelineBar::stop_replay() {
    timer_->stop();
    show_state();
}

void ToyTimelineBar::show_state() {
    replay_->setIcon(icon(is_replaying() ? QStringLiteral("pause") : QStringLiteral("play")));
    replay_->setAccessibleName(is_replaying() ? tr("Pause the replay") : tr("Replay"));
    live_button_->setEnabled(!live_);
    label_->setText(tr("step %1").arg(slider_->value()));
    setEnabled(slider_->maximum() > 0);
}

}  // namespace modescope
