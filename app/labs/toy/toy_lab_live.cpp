// What the Toy Lab does at every tick while it trains.

#include <QLabel>
#include <algorithm>
#include <cmath>

#include "app/labs/toy/toy_chips.h"
#include "app/labs/toy/toy_lab.h"
#include "app/labs/toy/toy_lesson.h"
#include "app/labs/toy/toy_slice.h"
#include "app/labs/toy/toy_timeline_bar.h"
#include "app/labs/toy/toy_toolbar.h"
#include "app/labs/toy/toy_tuning.h"
#include "widgets/chart.h"
#include "widgets/message_strip.h"
#include "widgets/theme.h"
#include "widgets/toy_panel.h"

namespace modescope {
namespace {

/// The charts' share of the ticks: each is drawn every 80 ms, and never two in one tick.
constexpr unsigned chart_period = 5;
constexpr double facts_seconds = 1;

StackChart::Parts parts_of(const ToyScore& score) {
    return {score.decomposition.noise, score.decomposition.bias2, score.decomposition.variance};
}

/// 0.001 as "1e-3".
QString rate_text(double rate) {
    if (rate <= 0) return QStringLiteral("0");
    const double exponent = std::floor(std::log10(rate) + 1e-9);
    return QStringLiteral("%1e%2").arg(rate / std::pow(10, exponent), 0, 'g', 3).arg(exponent);
}

}  // namespace

void ToyLab::tick() {
    session_->tick();
    for (std::size_t i = 0; i < shown_.size(); ++i) update_panel(i);
    if (session_->playing() != was_playing_) toolbar_->set_playing(was_playing_ = session_->playing());
    std::int64_t last = 0;
    for (const auto& shown : shown_) last = std::max(last, shown.timeline.last_step());
    timeline_bar_->set_last_step(last);
    refresh_charts();
    follow_film();
    emit_facts();
}

void ToyLab::update_panel(std::size_t index) {
    auto& shown = shown_[index];
    const auto& status = session_->status(index);
    shown.panel->set_status(status_text(index));
    // While P learns, its band is what there is to see.
    ToyLayers layers = layers_;
    layers.predictor = layers.predictor || !status.progress.predictor_ready;
    shown.panel->set_layers(lesson_->layers().value_or(layers));
    const Run* run = session_->run(index);
    if (!run) return;
    if (auto view = run->view(); view && view != shown.live) {
        shown.timeline.append(*view);
        if (index == selected_ && shown.live) tell_result(*shown.live, *view);
        shown.live = std::move(view);
        if (timeline_bar_->is_live()) shown.panel->set_view(shown.view = shown.live);
    }
    read_log(index);
}

/// What the step of the slow motion did.
void ToyLab::tell_result(const ToyView& before, const ToyView& after) {
    if (lesson_->step() != StepKind::generator || after.step == before.step) return;
    lesson_->add_note(tr("Their distance to the truth, W₁, was %1 and is %2.")
                          .arg(before.score.w1, 0, 'f', 4)
                          .arg(after.score.w1, 0, 'f', 4));
}

void ToyLab::read_log(std::size_t index) {
    auto& shown = shown_[index];
    for (const auto& row : session_->run(index)->log_since(shown.log_cursor)) {
        if (!row.score) continue;
        const auto step = static_cast<double>(row.step);
        w1_chart_->append(shown.formula, step, row.score->w1);
        if (index == selected_) parts_chart_->append(step, parts_of(*row.score));
        shown.history.steps.push_back(row.step);
        shown.history.scores.push_back(*row.score);
    }
}

QString ToyLab::status_text(std::size_t index) const {
    const auto& status = session_->status(index);
    if (status.over()) return QString::fromStdString(status.message);
    if (!session_->run(index)) return tr("starting");
    if (!status.progress.predictor_ready)
        return tr("training predictor %1 / %2")
            .arg(status.progress.predictor_step)
            .arg(preset_spec("toy").training.predictor_steps);
    if (session_->playing() && session_->is_behind(index)) return tr("catching up");
    return {};
}

/// What was retuned changes the names, once the run has taken it over; what was refused is said.
void ToyLab::follow_spec(std::size_t index) {
    auto& shown = shown_[index];
    const auto spec = session_->spec(index);
    const auto& status = session_->status(index);
    if (!status.over() && status.message != shown.refusal) {
        shown.refusal = status.message;
        if (!status.message.empty()) {
            strip_->show_message(MessageStrip::Severity::Warning, QString::fromStdString(status.message));
            show_tuning();  // back to what holds
        }
    }
    if (spec.objective == shown.objective) return;
    shown.objective = spec.objective;
    const QString label = QString::fromStdString(spec.objective.label());
    shown.history.label = label;
    chips_->set_label(shown.formula, label);
    shown.panel->set_heading(label, QString::fromStdString(spec.objective.formula()));
    w1_chart_->set_series(shown.formula, label, configuration_colour(shown.colour_id));
    if (index == selected_) tuning_->set_heading(spec);
    if (index == selected_) show_parts();
}

void ToyLab::refresh_charts() {
    switch (ticks_++ % chart_period) {
        case 0:
            return w1_chart_->refresh();
        case 1:
            explain_parts();
            return parts_chart_->refresh();
        case 2:
            return refresh_slice();
        case 3:
            for (std::size_t i = 0; i < shown_.size(); ++i) follow_spec(i);
    }
}

void ToyLab::refresh_slice() {
    std::vector<SliceChart::Curve> curves;
    for (std::size_t i = 0; i < shown_.size(); ++i)
        if (shown_[i].view)
            curves.push_back({configuration_colour(shown_[i].colour_id), slice_of(*shown_[i].view, slice_x_),
                              i == selected_});
    QString title = tr("p(y | x = %1) against the samples").arg(slice_x_, 0, 'f', 2);
    if (selected_ < shown_.size() && shown_[selected_].view) {
        const auto modes = modes_hit(*shown_[selected_].view, truth_, slice_x_);
        title += tr(" · %1 of %2 modes hit").arg(modes.hit).arg(modes.all);
    }
    slice_chart_->set_title(title);
    slice_chart_->set_data(slice_of(truth_, slice_x_), std::move(curves));
}

void ToyLab::forget_curves(std::size_t index) {
    auto& shown = shown_[index];
    shown.log_cursor = 0;
    shown.history.steps.clear();
    shown.history.scores.clear();
    shown.timeline.clear();
}

/// What the selected configuration's loss does to the three parts, with the figures of the step shown.
void ToyLab::explain_parts() {
    if (selected_ >= shown_.size() || !shown_[selected_].view) return parts_sentence_->setText({});
    const auto& parts = shown_[selected_].view->score.decomposition;
    if (parts.noise <= 0) return parts_sentence_->setText({});
    constexpr double diverged = 10;  // no loss wants that much variance; a step that is too long brings it
    if (const double times = parts.variance / parts.noise; !(times < diverged))
        return parts_sentence_->setText(tr("The variance is %1 times the data's: the training has diverged. "
                                           "Lower the learning rate, then "
                                           "start again.")
                                            .arg(locale().toString(times, 'g', 3)));
    const QString spread = tr("%1 %").arg(qRound(100 * parts.variance / parts.noise));
    const auto& objective = shown_[selected_].objective;
    const auto has = [&](std::initializer_list<Term> terms) {
        return std::ranges::any_of(terms, [&](Term term) { return objective.weight(term) > 0; });
    };
    const QString now = QChar(' ') + tr("The variance is now %1 of the data's.").arg(spread);
    if (has({Term::l2}))
        return parts_sentence_->setText(
            tr("ℓ₂ is the sum of the three. The noise is the data's and stays, so ℓ₂ shrinks bias² and, with "
               "it, the variance.") +
            now);
    if (has({Term::l1}))
        return parts_sentence_->setText(
            tr("ℓ₁ is least at the median and pays for every sample away from it, so the variance shrinks as "
               "under ℓ₂.") +
            now);
    if (has({Term::mr2, Term::pmr2}))
        return parts_sentence_->setText(
            tr("The moment loss holds the samples' mean and variance to the data's: bias² shrinks, and the "
               "variance stays.") +
            now);
    if (has({Term::mr1, Term::pmr1}))
        return parts_sentence_->setText(tr("The moment loss holds the samples' mean to the data's, which "
                                           "shrinks bias² alone; the variance "
                                           "is free.") +
                                        now);
    if (has({Term::dsgan, Term::msgan, Term::rcgan}))
        return parts_sentence_->setText(
            tr("A term rewards samples that differ, whatever the data do: it holds the variance up.") + now);
    if (has({Term::mmd}))
        return parts_sentence_->setText(
            tr("MMD compares the samples with the data as wholes, so that bias² and the variance's error "
               "shrink together.") +
            now);
    parts_sentence_->setText(tr("No term pays for bias² or variance by themselves; D alone shapes them.") +
                             now);
}

/// The decomposition of the selected configuration from its beginning.
void ToyLab::show_parts() {
    parts_chart_->clear();
    const bool any = selected_ < shown_.size();
    const QString title = tr("E(ỹ − y)² = noise + bias² + variance");
    parts_chart_->set_title(any ? title + QStringLiteral(" · ") + shown_[selected_].history.label : title);
    if (!any) return;
    const auto& [label, steps, scores] = shown_[selected_].history;
    parts_chart_->set_colour(configuration_colour(shown_[selected_].colour_id));
    for (std::size_t i = 0; i < steps.size(); ++i)
        parts_chart_->append(static_cast<double>(steps[i]), parts_of(scores[i]));
}

void ToyLab::emit_facts() {
    const auto now = ToySession::Clock::now();
    const double seconds = std::chrono::duration<double>(now - facts_time_).count();
    if (seconds < facts_seconds) return;
    const auto steps = session_->steps_together();
    const double rate = std::max(0.0, static_cast<double>(steps - facts_steps_) / seconds);
    facts_time_ = now;
    facts_steps_ = steps;
    QStringList facts{shown_.size() == 1 ? tr("1 configuration") : tr("%1 configurations").arg(shown_.size()),
                      session_->playing() ? tr("%1 steps/s together").arg(qRound(rate)) : tr("paused")};
    if (selected_ < shown_.size()) {
        const auto spec = session_->spec(selected_);
        facts << tr("batch %1").arg(spec.training.batch) << tr("K %1").arg(spec.objective.samples)
              << tr("Adam %1").arg(rate_text(spec.training.learning_rate));
    }
    emit status_changed(facts << tr("seed %1").arg(session_->seed()));
}

}  // namespace modescope
