#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/training/run.h"

namespace modescope {

/// Several toy trainings on the same data, seed and batches that advance together, so that a cheap loss does
/// not run ahead of a dear one. A run that joins late, or first trains its predictor, catches up by itself
/// while the others trickle on. The owner calls tick() every few milliseconds; unticked, a session comes to
/// rest within `slack` steps. For one thread only; nothing here waits for another thread, except the
/// destructor: runs start (20 ms each) and end on threads of their own.
class ToySession {
public:
    using Clock = std::chrono::steady_clock;
    /// How far runs in lock-step may be apart, in generator steps.
    static constexpr std::int64_t slack = 24;

    /// `toy`: what all trainings draw from, as ToyDistribution::named() reads it.
    explicit ToySession(std::int64_t seed, std::string toy = "y") : toy_(std::move(toy)), seed_(seed) {}
    ~ToySession();

    /// Starts a run at step 0; its index is size() - 1. The session's seed and distribution take the place of
    /// the spec's. Throws Error for an objective without terms.
    void add(Spec spec);
    void remove(std::size_t index);
    /// Starts every run anew from step 0, with what was retuned meanwhile.
    void restart(std::int64_t seed);

    void play() { playing_ = true; }
    /// The runs in lock-step still level out at the foremost one's step.
    void pause() { playing_ = false; }
    /// One step of every run.
    void step(StepKind kind);
    /// Pauses when every run has made that many generator steps; 0 is endless.
    void set_stop(std::int64_t step) { stop_ = step; }
    /// At most that many steps per second for each run; 0 is as fast as it goes.
    void set_speed(double steps_per_second) { speed_ = steps_per_second; }
    double speed() const { return speed_; }
    /// Reads every run's status and sets every run's next target.
    void tick(Clock::time_point now = Clock::now());

    std::size_t size() const { return members_.size(); }
    /// Null while it starts.
    Run* run(std::size_t index) const { return members_[index].run.get(); }
    /// With what was retuned.
    Spec spec(std::size_t index) const;
    /// As of the last tick.
    const RunStatus& status(std::size_t index) const { return members_[index].status; }
    /// More than `slack` steps behind the foremost run, or still without its predictor.
    bool is_behind(std::size_t index) const { return !in_step(members_[index]); }
    bool playing() const { return playing_; }
    std::int64_t seed() const { return seed_; }
    const std::string& toy() const { return toy_; }
    std::int64_t stop() const { return stop_; }
    /// The step of the foremost run.
    std::int64_t front() const { return front_; }
    /// Generator steps of all runs together since they started.
    std::int64_t steps_together() const;

private:
    struct Member {
        Spec spec;  ///< as it was started
        std::future<std::unique_ptr<Run>> starting;
        std::unique_ptr<Run> run;
        RunStatus status;
        std::int64_t target = 0;
        Clock::time_point aimed{};  ///< when the target was set
    };

    static void start(Member& member);
    static void take_started(Member& member);
    void retire(Member member);
    void forget_retired();
    bool in_step(const Member& member) const;
    bool anyone_behind() const;
    std::int64_t slowest_in_step() const;
    bool reached_stop() const;
    /// `allowed`: steps that the speed allows; `trickled`: steps while a run is behind.
    void move_goal(double allowed, double trickled);
    bool is_worth_a_burst(const Member& member, std::int64_t target) const;
    void aim(Member& member);

    std::vector<Member> members_;
    std::vector<std::future<void>> retiring_;
    std::string toy_;
    std::int64_t seed_, stop_ = 0, front_ = 0;
    double speed_ = 0;
    double goal_ = 0;  ///< the step that runs in lock-step may reach now
    bool playing_ = false;
    Clock::time_point ticked_ = Clock::now();
};

}  // namespace modescope
