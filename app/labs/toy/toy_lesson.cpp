#include "app/labs/toy/toy_lesson.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <utility>

#include "widgets/theme.h"

namespace modescope {
namespace {

ToyLayers only(ToyLayers layers) {
    layers.density = true;
    return layers;
}

/// Numbered stages of one step.
struct Lesson {
    const Objective& objective;
    std::vector<LessonStage> stages;

    void add(const QString& text, ToyLayers layers, std::optional<StepKind> step = {}) {
        stages.push_back({QStringLiteral("%1 · %2").arg(stages.size() + 1).arg(text), only(layers), step});
    }

    void tell_discriminator(std::int64_t batch) {
        if (!objective.needs_discriminator())
            return add(ToyLesson::tr("This loss has no discriminator: only G learns, from the data alone."),
                       {});
        add(ToyLesson::tr("A batch is drawn: %1 random x, each with one y of the data (the glow).")
                .arg(batch),
            {.samples = false});
        add(ToyLesson::tr("G answers every x with a sample ỹ = G(x, z); z is fresh noise (the dots)."), {});
        add(ToyLesson::tr("D gives every point of the plane a probability of being data: blue real, orange "
                          "fake, ½ on the line between. The same surface judges all samples."),
            {.discriminator = true});
        add(ToyLesson::tr(
                "Step D: it sees the pairs (x, y) and (x, ỹ) and learns which are real; its surface "
                "rises under the data and sinks under the samples, which hold still."),
            {.discriminator = true}, StepKind::discriminator);
    }

    void tell_generator(std::int64_t batch) {
        const bool has_d = objective.needs_discriminator(), has_p = objective.needs_predictor();
        const auto k = objective.samples_per_condition();
        add(ToyLesson::tr("A new batch: %1 random x, each with one y of the data (the glow).").arg(batch),
            {.samples = false});
        if (k > 1)
            add(ToyLesson::tr("G draws %1 samples for each x. The loss looks at their mean μ̃ and deviation σ̃ "
                              "(the band).")
                    .arg(k),
                {.moments = true});
        else
            add(ToyLesson::tr("G draws one sample for each x, with fresh noise."), {});
        if (has_p)
            add(ToyLesson::tr(
                    "P, trained beforehand, says what mean and deviation should be: μ̂ and σ̂ (dashed)."),
                {.predictor = true, .moments = true});
        add(ToyLesson::tr("Step G: every sample moves a little down the slope of %1.")
                .arg(QString::fromStdString(objective.formula())),
            {.discriminator = has_d, .predictor = has_p, .moments = k > 1}, StepKind::generator);
    }
};

}  // namespace

std::vector<LessonStage> lesson_of(const Objective& objective, std::int64_t batch, StepKind kind) {
    Lesson lesson{objective, {}};
    if (kind != StepKind::generator) lesson.tell_discriminator(batch);
    if (kind != StepKind::discriminator) lesson.tell_generator(batch);
    return std::move(lesson.stages);
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

void ToyLesson::add_note(const QString& note) {
    if (std::exchange(noted_, true)) return;
    text_->setText(text_->text() + QChar(' ') + note);
    setAccessibleName(text_->text());
}

std::optional<StepKind> ToyLesson::step() const {
    return stages_.empty() ? std::nullopt : stages_[current_].step;
}

std::optional<ToyLayers> ToyLesson::layers() const {
    return stages_.empty() ? std::nullopt : std::optional(stages_[current_].layers);
}

void ToyLesson::show_stage() {
    const auto& stage = stages_[current_];
    noted_ = false;
    text_->setText(stage.text);
    setAccessibleName(stage.text);
    next_->setText(current_ + 1 < stages_.size() ? tr("Next") : tr("Done"));
    timer_->start();
    if (stage.step) emit step_due(*stage.step);
}

}  // namespace modescope
