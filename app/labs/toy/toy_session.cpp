#include "app/labs/toy/toy_session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/failure.h"
#include "core/base/ready.h"

namespace modescope {
namespace {

using namespace std::chrono_literals;

/// How far the others go, while a run is behind, for every step of its predictor and its generator: enough to
/// see them move, and nearly all of the processor for the one that is waited for.
constexpr double per_predictor_step = 0.1, per_step_behind = 0.25;
/// Short enough to look smooth.
constexpr auto shortest_burst = 40ms;
/// A tick that came late, as after a hidden page, does not make up for it.
constexpr double longest_tick = 0.1;
constexpr double infinity = std::numeric_limits<double>::infinity();

double trickle(const Progress& before, const Progress& now) {
    return per_predictor_step * static_cast<double>(now.predictor_step - before.predictor_step) +
           per_step_behind * static_cast<double>(now.step - before.step);
}

}  // namespace

ToySession::~ToySession() {
    for (auto& member : members_) retire(std::move(member));
}

void ToySession::add(Spec spec) {
    Member member{.spec = std::move(spec)};
    member.spec.training.seed = seed_;
    find_field("data.toy").set(member.spec, toy_);
    check(member.spec);
    start(member);
    members_.push_back(std::move(member));
}

void ToySession::remove(std::size_t index) {
    retire(std::move(members_[index]));
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(index));
    // Otherwise the others would wait to be as far as the one that is gone.
    goal_ = front_ = 0;
    for (const auto& member : members_) front_ = std::max(front_, member.status.progress.step);
}

void ToySession::restart(std::int64_t seed) {
    seed_ = seed;
    goal_ = front_ = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
        Member fresh{.spec = spec(i)};
        fresh.spec.training.seed = seed;
        retire(std::move(members_[i]));
        start(fresh);
        members_[i] = std::move(fresh);
    }
}

void ToySession::step(StepKind kind) {
    for (auto& member : members_)
        if (member.run) member.run->step_once(kind);
}

Spec ToySession::spec(std::size_t index) const {
    const auto& member = members_[index];
    return member.run ? member.run->spec() : member.spec;
}

std::int64_t ToySession::steps_together() const {
    std::int64_t sum = 0;
    for (const auto& member : members_) sum += member.status.progress.step;
    return sum;
}

void ToySession::start(Member& member) {
    member.starting = std::async(std::launch::async, [spec = member.spec] {
        return std::make_unique<Run>(spec, RunOptions{.observe = true});
    });
}

void ToySession::take_started(Member& member) {
    if (!is_ready(member.starting)) return;
    try {
        member.run = member.starting.get();
    } catch (const std::exception& error) {
        member.status.state = RunState::failed;
        member.status.message = sentence_of(error);
    }
}

/// A run's destructor waits for its step, and a future of std::async for its function.
void ToySession::retire(Member member) {
    retiring_.push_back(std::async(std::launch::async, [gone = std::move(member)]() mutable {
        if (gone.starting.valid()) gone.starting.wait();
        gone.run.reset();
    }));
}

void ToySession::forget_retired() {
    std::erase_if(retiring_, [](const auto& future) { return is_ready(future); });
}

void ToySession::tick(Clock::time_point now) {
    const double seconds = std::chrono::duration<double>(now - ticked_).count();
    ticked_ = now;
    forget_retired();
    double most_behind = 0;
    for (auto& member : members_) {
        take_started(member);
        const bool behind = !in_step(member);
        const auto before = std::exchange(member.status, member.run ? member.run->status() : member.status);
        if (behind) most_behind = std::max(most_behind, trickle(before.progress, member.status.progress));
        front_ = std::max(front_, member.status.progress.step);
    }
    if (playing_ && reached_stop()) playing_ = false;
    move_goal(speed_ > 0 ? speed_ * std::min(seconds, longest_tick) : infinity, most_behind);
    for (auto& member : members_)
        if (member.run && !member.status.over()) aim(member);
}

bool ToySession::in_step(const Member& member) const {
    return member.run && member.status.progress.predictor_ready &&
           front_ - member.status.progress.step <= slack;
}

bool ToySession::anyone_behind() const {
    return std::ranges::any_of(members_, [&](const Member& m) { return !m.status.over() && !in_step(m); });
}

std::int64_t ToySession::slowest_in_step() const {
    auto slowest = front_;
    for (const auto& member : members_)
        if (in_step(member) && !member.status.over())
            slowest = std::min(slowest, member.status.progress.step);
    return slowest;
}

bool ToySession::reached_stop() const {
    if (stop_ <= 0 || members_.empty()) return false;
    return std::ranges::all_of(members_, [&](const Member& m) {
        return m.status.over() || (m.run && m.status.progress.step >= stop_);
    });
}

void ToySession::move_goal(double allowed, double trickled) {
    const auto front = static_cast<double>(front_);
    double most = playing_ ? static_cast<double>(slowest_in_step() + slack) : front;
    if (stop_ > 0) most = std::min(most, static_cast<double>(stop_));
    if (anyone_behind()) allowed = std::min(allowed, trickled);
    goal_ = std::max(front, std::min(std::max(goal_, front) + allowed, most));
}

/// A run that reaches its target is looked at and measured, which costs several steps.
bool ToySession::is_worth_a_burst(const Member& member, std::int64_t target) const {
    const bool waits_for_others = speed_ <= 0 && !anyone_behind();
    return waits_for_others ? target >= member.target + slack / 2 : ticked_ - member.aimed >= shortest_burst;
}

void ToySession::aim(Member& member) {
    auto target = static_cast<std::int64_t>(goal_);
    // A predictor is only trained on the way to a step.
    const auto first = stop_ > 0 ? std::min(stop_, slack) : slack;
    if (!in_step(member)) target = playing_ ? std::max(front_, first) : 0;
    if (playing_ && target > member.target && target != stop_ && !is_worth_a_burst(member, target)) return;
    if (target == member.target) return;
    member.target = target;
    member.aimed = ticked_;
    member.run->run_to(target);
}

}  // namespace modescope
