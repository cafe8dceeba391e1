#include "core/training/run.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/machine.h"
#include "core/training/run_directory.h"
#include "core/training/toy_observer.h"
#include "core/training/trainer.h"

namespace modescope {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A panel needs no more than 25 looks a second, and the scores, which are dearer, four.
constexpr auto look_every = 40ms;
constexpr auto score_every = 250ms;

std::unique_ptr<Trainer> make_trainer(const Spec& spec, const RunDirectory* directory, bool resume) {
    if (resume) return std::make_unique<Trainer>(directory->last_checkpoint());
    return std::make_unique<Trainer>(spec);
}

}  // namespace

class Run::Loop {
public:
    Loop(const Spec& spec, const RunOptions& options)
        : options_(options),
          directory_(options.directory.empty()
                         ? nullptr
                         : std::make_unique<RunDirectory>(options.directory, spec, options.resume)) {
        trainer_ = make_trainer(spec, directory_.get(), options.resume);
        spec_ = trainer_->spec();
        status_.progress = trainer_->progress();
        if (options.observe && spec_.data.source == "toy") observer_ = std::make_unique<ToyObserver>(spec_);
        thread_ = std::thread([this] { train(); });
    }

    ~Loop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    /// Queues what the trainer thread does between two steps.
    void command(std::function<void()> action) {
        {
            const std::lock_guard lock(mutex_);
            commands_.push_back(std::move(action));
        }
        changed_.notify_all();
    }

    void run_to(std::int64_t step) {
        {
            const std::lock_guard lock(mutex_);
            target_ = step;
        }
        changed_.notify_all();
    }

    void step_once(StepKind kind) {
        command([this, kind] { guarded([&] { trained(trainer_->step(kind)); }); });
    }

    void retune(const std::string& key, const FieldValue& value) {
        command([this, key, value] {
            std::string refused;
            try {
                trainer_->retune(key, value);
            } catch (const Error& error) {
                refused = error.what();
            }
            const std::lock_guard lock(mutex_);
            status_.message = refused;
            spec_ = trainer_->spec();
        });
    }

    void finish() {
        command([this] { guarded([&] { end(RunState::finished); }); });
    }

    Spec spec() const {
        const std::lock_guard lock(mutex_);
        return spec_;
    }

    RunStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }

    std::vector<LogRow> log_since(std::size_t& cursor) const {
        const std::lock_guard lock(mutex_);
        std::vector<LogRow> rows(log_.begin() + static_cast<std::ptrdiff_t>(std::min(cursor, log_.size())),
                                 log_.end());
        cursor = log_.size();
        return rows;
    }

    std::shared_ptr<const ToyView> view() const {
        const std::lock_guard lock(mutex_);
        return view_;
    }

    bool wait(std::chrono::milliseconds most) const {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, most, [&] { return status_.over() || (!busy_ && !has_work()); });
        return status_.over();
    }

private:
    void train() {
        lower_thread_priority();
        use_threads(options_.threads);
        observe(true);
        while (auto action = next_action()) action();
    }

    /// Blocks until there is something to do; empty when the run is to stop.
    std::function<void()> next_action() {
        std::unique_lock lock(mutex_);
        // Who waits for the run to stop then sees where it stopped.
        if (unseen_ && !stopping_ && !has_work()) return [this] { observe(true); };
        busy_ = false;
        if (!has_work() && !status_.over())
            status_.state = status_.progress.step > 0 ? RunState::paused : RunState::ready;
        changed_.notify_all();
        changed_.wait(lock, [&] { return stopping_ || has_work(); });
        if (stopping_) return {};
        busy_ = true;
        if (!commands_.empty()) {
            auto action = std::move(commands_.front());
            commands_.pop_front();
            return action;
        }
        status_.state = RunState::training;
        return [this] { guarded([&] { advance(); }); };
    }

    /// Call with the mutex held.
    bool has_work() const {
        return !commands_.empty() || (!status_.over() && status_.progress.step < target_);
    }

    void advance() {
        trained(trainer_->step(StepKind::both));
        const auto now = Clock::now();
        observe(now - looked_ >= look_every);
        if (directory_ && now - saved_ >= std::chrono::duration<double>(options_.checkpoint_minutes * 60)) {
            directory_->save(*trainer_);
            saved_ = now;
        }
        if (directory_ && trainer_->progress().step >= spec_.training.steps) end(RunState::finished);
    }

    /// What goes wrong ends this run only, with its last good state kept.
    void guarded(const std::function<void()>& action) {
        if (status().over()) return;
        try {
            action();
        } catch (const Diverged& error) {
            give_up(RunState::diverged, error.what());
        } catch (const std::exception& error) {
            give_up(RunState::failed, error.what());
        }
    }

    void give_up(RunState state, const std::string& why) {
        std::string message = why;
        try {
            if (state == RunState::diverged && directory_) directory_->save(*trainer_);
        } catch (const Error& error) {
            message += std::string(" ") + error.what();
        }
        const std::lock_guard lock(mutex_);
        status_.state = state;
        status_.message = message;
        changed_.notify_all();
    }

    void end(RunState state) {
        if (directory_) directory_->save(*trainer_);
        const std::lock_guard lock(mutex_);
        status_.state = state;
        changed_.notify_all();
    }

    void trained(LogRow row) {
        if (directory_) directory_->log(row);
        unseen_ = observer_ != nullptr;
        const std::lock_guard lock(mutex_);
        status_.progress = trainer_->progress();
        status_.ms_per_step += (row.ms - status_.ms_per_step) * (status_.ms_per_step == 0 ? 1 : 0.05);
        log_.push_back(std::move(row));
    }

    void observe(bool due) {
        if (!observer_ || !due) return;
        const auto now = Clock::now();
        const bool measure = now - scored_ >= score_every || trainer_->progress().step >= target();
        if (measure) {
            score_ = observer_->score(*trainer_);
            scored_ = now;
        }
        auto view = observer_->look(*trainer_, score_);
        looked_ = now;
        unseen_ = false;
        const std::lock_guard lock(mutex_);
        view_ = std::move(view);
        if (measure) log_.push_back({.step = view_->step, .score = score_});
    }

    std::int64_t target() const {
        const std::lock_guard lock(mutex_);
        return target_;
    }

    const RunOptions options_;
    std::unique_ptr<RunDirectory> directory_;
    std::unique_ptr<Trainer> trainer_;
    std::unique_ptr<ToyObserver> observer_;
    ToyScore score_;
    Clock::time_point looked_{}, scored_{}, saved_ = Clock::now();
    bool unseen_ = false;  ///< trained since the last look

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Spec spec_;
    std::deque<std::function<void()>> commands_;
    RunStatus status_;
    std::vector<LogRow> log_;
    std::shared_ptr<const ToyView> view_;
    std::int64_t target_ = 0;
    bool stopping_ = false, busy_ = false;
    std::thread thread_;
};

Run::Run(const Spec& spec, const RunOptions& options) : loop_(std::make_unique<Loop>(spec, options)) {}
Run::~Run() = default;
void Run::run_to(std::int64_t step) { loop_->run_to(step); }
void Run::step_once(StepKind kind) { loop_->step_once(kind); }
void Run::retune(const std::string& key, const FieldValue& value) { loop_->retune(key, value); }
void Run::finish() { loop_->finish(); }
Spec Run::spec() const { return loop_->spec(); }
RunStatus Run::status() const { return loop_->status(); }
std::vector<LogRow> Run::log_since(std::size_t& cursor) const { return loop_->log_since(cursor); }
std::shared_ptr<const ToyView> Run::view() const { return loop_->view(); }
bool Run::wait(std::chrono::milliseconds most) const { return loop_->wait(most); }

}  // namespace modescope
