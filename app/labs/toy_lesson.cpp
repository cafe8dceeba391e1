#include "app/labs/toy_lesson.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>

#include "widgets/theme.h"

namespace modescope {
namespace {

ToyLayers only(ToyLayers layers) {
    layers.density = true;
    return layers;
}

}  // namespace

std::vector<LessonStage> lesson_of(const Objective& objective, std::int64_t batch) {
    const bool has_d = objective.needs_discriminator();
    const auto k = objective.samples_per_condition();
    std::vector<LessonStage> stages;
    const auto add = [&](const QString& text, ToyLayers layers, std::optional<StepKind> step = {}) {
        stages.push_back({QStringLiteral("%1 · %2").arg(stages.size() + 1).arg(text), only(layers), step});
    };
    add(ToyLesson::tr("A batch is drawn: %1 random x, each with one y of the data (the glow).").arg(batch),
        {.samples = false});
    if (has_d) {
        add(ToyLesson::tr("G answers every x with a sample ỹ = G(x, z); z is fresh noise (the dots)."), {});
        add(ToyLesson::tr(
                "Step D: it sees the pairs (x, y) and (x, ỹ), learns which are real, and its surface "
                "moves: blue real, orange fake."),
            {.discriminator = true}, StepKind::discriminator);
    }
    if (k > 1)
        add(ToyLesson::tr(
                "Now G draws %1 samples for each x of the next batch. The loss looks at their mean μ̃ and "
                "deviation σ̃ (the band).")
                .arg(k),
            {.moments = true});
    else
        add(ToyLesson::tr("Now G draws one sample for each x of the next batch."), {});
    if (objective.needs_predictor())
        add(ToyLesson::tr("P, trained beforehand, says what mean and deviation should be: μ̂ and σ̂ (dashed)."),
            {.predictor = true, .moments = true});
    add(ToyLesson::tr("Step G: every sample moves a little down the slope of %1.")
            .arg(QString::fromStdString(objective.formula())),
        {.discriminator = has_d, .predictor = objective.needs_predictor(), .moments = k > 1},
        StepKind::generator);
    return stages;
}

ToyLesson::ToyLesson(QWidget* parent)
    : QFrame(parent), text_(new QLabel(this)), next_(new QToolButton(this)), timer_(new QTimer(this)) {
    setProperty("card", true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::l, space::m, space::m, space::m);
    row->setSpacing(space::m);
    text_->setObjectName(QStringLiteral("lesson"));
    text_->setWordWrap(true);
    row->addWidget(text_, 1);
    row->addWidget(next_);
    next_->setObjectName(QStringLiteral("lesson_next"));
    next_->setFocusPolicy(Qt::TabFocus);
    next_->setToolTip(tr("Go on to the next part of the step without waiting (M)."));
    auto* close = new QToolButton(this);
    close->setObjectName(QStringLiteral("lesson_close"));
    close->setProperty("flat", true);
    close->setIcon(icon(QStringLiteral("close")));
    close->setFocusPolicy(Qt::TabFocus);
    close->setToolTip(tr("Leave slow motion."));
    close->setAccessibleName(tr("Close"));
    row->addWidget(close);
    timer_->setSingleShot(true);
    timer_->setInterval(stage_ms);
    connect(timer_, &QTimer::timeout, this, &ToyLesson::advance);
    connect(next_, &QToolButton::clicked, this, &ToyLesson::advance);
    connect(close, &QToolButton::clicked, this, &ToyLesson::end);
    hide();
}

void ToyLesson::begin(std::vector<LessonStage> stages) {
    stages_ = std::move(stages);
    current_ = 0;
    show();
    show_stage();
}

void ToyLesson::advance() {
    if (stages_.empty()) return;
    if (++current_ >= stages_.size()) return end();
    show_stage();
}

void ToyLesson::end() {
    if (stages_.empty()) return;
    timer_->stop();
    stages_.clear();
    hide();
    emit ended();
}

std::optional<ToyLayers> ToyLesson::layers() const {
    return stages_.empty() ? std::nullopt : std::optional(stages_[current_].layers);
}

void ToyLesson::show_stage() {
    const auto& stage = stages_[current_];
    text_->setText(stage.text);
    setAccessibleName(stage.text);
    next_->setText(current_ + 1 < stages_.size() ? tr("Next") : tr("Done"));
    timer_->start();
    if (stage.step) emit step_due(*stage.step);
}

}  // namespace modescope
