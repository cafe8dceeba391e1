#include "core/training/run.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/failure.h"
#include "core/base/machine.h"
#include "core/training/checkpoint.h"
#include "core/training/processes.h"
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
constexpr std::size_t most_log_rows = 50'000;  // some 15 MB

/// The toy is too small to gain from CUDA, and its observer looks at it on the CPU.
torch::Device find_device(const std::string& name, const Spec& spec, int index) {
    const bool cuda = torch::cuda::is_available();
    if (name == "cuda" && !cuda)
        throw Error("There is no CUDA device that this LibTorch can use; train with --device cpu.");
    const bool wanted = name == "cuda" || name == "auto";
    if (!wanted || !cuda || spec.data.source == "toy") return torch::kCPU;
    const auto count = static_cast<int>(torch::cuda::device_count());
    if (index >= count)
        throw Error(fmt::format("LOCAL_RANK is {}, but this machine has {} CUDA devices, counted from 0.",
                                index, count));
    return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
}

/// What a new run's directory begins with: the weights of a model are in no spec.
RunStart start_of(const Trainer& trainer, const RunOptions& options) {
    if (options.start.empty()) return trainer.spec();
    return trainer.checkpoint();
}

/// Held before the checkpoint is read: nobody else then trains it further. Null where there is none to read.
std::unique_ptr<FolderLock> lock_to_resume(const RunOptions& options, const Processes& processes) {
    if (!options.resume || !processes.first()) return nullptr;
    return std::make_unique<FolderLock>(options.directory);
}

std::unique_ptr<RunDirectory> make_directory(const Trainer& trainer, const RunOptions& options,
                                             const Processes& processes, std::unique_ptr<FolderLock> lock) {
    if (options.directory.empty() || !processes.first()) return nullptr;
    return std::make_unique<RunDirectory>(options.directory, start_of(trainer, options), options.resume,
                                          std::move(lock));
}

std::unique_ptr<Trainer> make_trainer(const Spec& spec, const RunOptions& options,
                                      const Processes& processes) {
    const auto device_for = [&](const Spec& s) {
        return find_device(options.device, s, processes.local_rank());
    };
    const RunStart start = options.resume ? resume_point(options.directory, options.moved_data) : spec;
    if (const auto* checkpoint = std::get_if<Checkpoint>(&start))
        return std::make_unique<Trainer>(*checkpoint, device_for(checkpoint->spec), processes);
    const auto& first = std::get<Spec>(start);
    auto trainer = std::make_unique<Trainer>(first, device_for(first), processes);
    if (!options.start.empty()) trainer->start_from(read_checkpoint(options.start));
    return trainer;
}

/// Tells weights apart that one machine's copy of a file has and another one's has not.
double sum_of_weights(Trainer& trainer) {
    double sum = 0;
    for (const auto& parameter : trainer.averaged_generator().parameters())
        sum += parameter.detach().to(torch::kCPU, torch::kDouble).sum().item<double>();
    return sum;
}

/// What has to be the same in all processes.
std::string settings_of(Trainer& trainer) {
    const auto progress = trainer.progress();
    return fmt::format("{} {} {} {}", to_json(trainer.spec()).dump(), progress.step, progress.predictor_step,
                       sum_of_weights(trainer));
}

/// Neither what a user can mend nor want of memory.
bool is_internal(const std::exception& error) {
    return !dynamic_cast<const Error*>(&error) && !is_out_of_memory(error);
}

/// G's samples, and D's real and fake ones: what a step of both takes grows with them, as one of P with its
/// batch.
double pictures_of_step(const Spec& spec) {
    const auto& settings = spec.training;
    const auto samples =
        std::min(settings.conditions, settings.batch) * spec.objective.samples_per_condition();
    const auto judged = spec.objective.needs_discriminator() ? 2 * settings.batch : 0;
    return static_cast<double>(samples) +
           static_cast<double>(judged) / static_cast<double>(settings.generator_steps);
}

}  // namespace

class Run::Loop {
public:
    Loop(const Spec& spec, const RunOptions& options)
        : options_(options),
          processes_(options.join_processes ? Processes::from_environment() : Processes()) {
        auto lock = lock_to_resume(options, processes_);
        trainer_ = make_trainer(spec, options, processes_);
        // Before there is a directory, which would be in the way of the next start.
        processes_.require_same(settings_of(*trainer_));
        directory_ = make_directory(*trainer_, options, processes_, std::move(lock));
        if (directory_ && options.resume) directory_->forget_after(trainer_->progress());
        spec_ = trainer_->spec();
        status_.progress = trainer_->progress();
        if (directory_) status_.saved = directory_->saved();
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
        command([this, kind] {
            if (!status().over()) guarded([&] { trained(trainer_->step(kind)); });
        });
    }

    void retune(const std::string& key, const FieldValue& value) {
        command([this, key, value] {
            std::string refused;
            try {
                trainer_->retune(key, value);
            } catch (const std::exception& error) {
                refused = sentence_of(error);
            }
            const std::lock_guard lock(mutex_);
            status_.message = refused;
            spec_ = trainer_->spec();
        });
    }

    void finish() {
        command([this] {
            if (status().over()) return;
            const bool takes_no_step = trainer_->progress().step >= spec_.training.steps;
            if (processes_.count() == 1 || takes_no_step) return guarded([&] { end(); });
            finishing_ = true;
        });
    }

    bool first() const { return processes_.first(); }

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
        const auto unread = std::max(cursor, dropped_rows_) - dropped_rows_;
        std::vector<LogRow> rows(log_.begin() + static_cast<std::ptrdiff_t>(std::min(unread, log_.size())),
                                 log_.end());
        cursor = dropped_rows_ + log_.size();
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
        guarded([this] { begin(); });
        while (auto action = next_action()) action();
    }

    /// The model that a run started from can be looked at and used before its first step.
    void begin() {
        observe(true);
        if (directory_ && !options_.start.empty()) save_meanwhile();
    }

    /// Blocks until there is something to do; empty when the run is to stop.
    std::function<void()> next_action() {
        std::unique_lock lock(mutex_);
        // Who waits for the run to stop then sees where it stopped.
        if (unseen_ && !stopping_ && !has_work()) return [this] { guarded([this] { observe(true); }); };
        busy_ = false;
        if (!has_work() && !status_.over())
            status_.state = status_.progress.step > 0 ? RunState::paused : RunState::ready;
        changed_.notify_all();
        if (!stopping_ && !has_work()) rest(lock);
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

    /// Blocks until there is something to do.
    void rest(std::unique_lock<std::mutex>& lock) {
        lock.unlock();
        return_free_memory();
        lock.lock();
        changed_.wait(lock, [&] { return stopping_ || has_work(); });
    }

    /// Call with the mutex held.
    bool has_work() const {
        return !commands_.empty() || (!status_.over() && status_.progress.step < target_);
    }

    /// Asked before every step, so that all processes end after the same one.
    bool any_is_finishing() const { return processes_.count() > 1 && processes_.any(finishing_); }

    void advance() {
        if (any_is_finishing()) return end();
        trained(trainer_->step(StepKind::both));
        const auto now = Clock::now();
        observe(now - looked_ >= look_every);
        if (directory_ && now - saved_ >= std::chrono::duration<double>(options_.checkpoint_minutes * 60))
            save_meanwhile();
        if (!options_.directory.empty() && trainer_->progress().step >= spec_.training.steps) end();
    }

    void saved(LogRow row) {
        if (row.values.empty()) return;
        const std::lock_guard lock(mutex_);
        remember(std::move(row));
    }

    /// With the mutex held. Who watches reads every few milliseconds; a toy may train for days.
    void remember(LogRow row) {
        log_.push_back(std::move(row));
        if (log_.size() <= most_log_rows) return;
        log_.pop_front();
        ++dropped_rows_;
    }

    void save_and_show() {
        directory_->save(*trainer_);
        saved(directory_->show(*trainer_));
    }

    /// A full disk, or a grid that there is no memory for, is no reason to lose the training: the next
    /// checkpoint may succeed.
    void save_meanwhile() {
        std::string problem;
        try {
            save_and_show();
        } catch (const std::exception& error) {
            problem = sentence_of(error) + " The training goes on and tries again.";
        }
        saved_ = Clock::now();
        const std::lock_guard lock(mutex_);
        status_.message = problem;
        note_saved();
    }

    /// Call with the mutex held.
    void note_saved() {
        if (directory_) status_.saved = directory_->saved();
        status_.left_out = trainer_->data().bad_files();
    }

    /// What goes wrong ends this run only, with its last good state kept.
    void guarded(const std::function<void()>& action) {
        try {
            action();
        } catch (const Diverged& error) {
            give_up(RunState::diverged, error.what(), false, true);
        } catch (const DataGone& error) {
            give_up(RunState::failed, error.what(), false, true);
        } catch (const std::exception& error) {
            give_up(RunState::failed, sentence_of(error), is_internal(error));
        }
    }

    /// `whole`: the state is that between two steps, worth keeping.
    void give_up(RunState state, std::string why, bool internal, bool whole = false) {
        if (status().over()) return;  // a last look that fails changes nothing
        try {
            if (whole && directory_) save_and_show();
        } catch (const std::exception& error) {
            why += " " + sentence_of(error);
        }
        close(state, why, internal);
    }

    /// What is trained and saved is done, also where its last pictures cannot be drawn.
    void end() {
        if (directory_) directory_->save(*trainer_);
        auto message = status().message;
        try {
            if (directory_) saved(directory_->show(*trainer_));
        } catch (const std::exception& error) {
            message = sentence_of(error);
        }
        close(RunState::finished, message);
    }

    void close(RunState state, const std::string& message, bool internal = false) {
        const std::lock_guard lock(mutex_);
        note_saved();
        directory_.reset();  // who sees that the run is over may resume it
        status_.state = state;
        status_.message = message;
        status_.internal = internal;
        changed_.notify_all();
    }

    void trained(LogRow row) {
        if (directory_) directory_->log(row);
        const auto problem = directory_ ? directory_->problem() : std::string();
        unseen_ = observer_ != nullptr;
        const std::lock_guard lock(mutex_);
        status_.progress = trainer_->progress();
        if (!problem.empty()) status_.message = problem;
        status_.waited_ms = trainer_->data().waited_ms();
        status_.trained_ms += row.ms;
        status_.ms_per_step += (row.ms - status_.ms_per_step) * (status_.ms_per_step == 0 ? 1 : 0.05);
        remember(std::move(row));
    }

    void observe(bool due) {
        if (!observer_ || !due) return;
        unseen_ = false;  // also where a look fails: it is not tried for ever
        const auto now = Clock::now();
        const bool measure = now - scored_ >= score_every || trainer_->progress().step >= target();
        if (measure) {
            score_ = observer_->score(*trainer_);
            scored_ = now;
        }
        auto view = observer_->look(*trainer_, score_);
        looked_ = now;
        const std::lock_guard lock(mutex_);
        view_ = std::move(view);
        if (measure) remember({.step = view_->step, .score = score_});
    }

    std::int64_t target() const {
        const std::lock_guard lock(mutex_);
        return target_;
    }

    const RunOptions options_;
    const Processes processes_;
    std::unique_ptr<Trainer> trainer_;
    std::unique_ptr<RunDirectory> directory_;
    std::unique_ptr<ToyObserver> observer_;
    ToyScore score_;
    Clock::time_point looked_{}, scored_{}, saved_ = Clock::now();
    bool unseen_ = false;     ///< trained since the last look
    bool finishing_ = false;  ///< this process has been told to finish

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Spec spec_;
    std::deque<std::function<void()>> commands_;
    RunStatus status_;
    std::deque<LogRow> log_;        ///< the newest
    std::size_t dropped_rows_ = 0;  ///< before them
    std::shared_ptr<const ToyView> view_;
    std::int64_t target_ = 0;
    bool stopping_ = false, busy_ = false;
    std::thread thread_;
};

double share_done(const Spec& spec, const Progress& progress) {
    const double predictor_steps =
        spec.objective.needs_predictor() ? static_cast<double>(spec.training.predictor_steps) : 0;
    const double weight = pictures_of_step(spec) / static_cast<double>(spec.training.predictor_batch);
    const double done = weight * static_cast<double>(progress.step) +
                        std::min(static_cast<double>(progress.predictor_step), predictor_steps);
    const double all = weight * static_cast<double>(spec.training.steps) + predictor_steps;
    return all > 0 ? done / all : 0;
}

Run::Run(const Spec& spec, const RunOptions& options) : loop_(std::make_unique<Loop>(spec, options)) {}
Run::~Run() = default;
void Run::run_to(std::int64_t step) { loop_->run_to(step); }
void Run::step_once(StepKind kind) { loop_->step_once(kind); }
void Run::retune(const std::string& key, const FieldValue& value) { loop_->retune(key, value); }
void Run::finish() { loop_->finish(); }
bool Run::first() const { return loop_->first(); }
Spec Run::spec() const { return loop_->spec(); }
RunStatus Run::status() const { return loop_->status(); }
std::vector<LogRow> Run::log_since(std::size_t& cursor) const { return loop_->log_since(cursor); }
std::shared_ptr<const ToyView> Run::view() const { return loop_->view(); }
bool Run::wait(std::chrono::milliseconds most) const { return loop_->wait(most); }

Spec preset_to_start(const std::string& preset, const std::string& model) {
    auto spec = preset_spec(preset);
    if (model.empty()) return spec;
    auto network = read_spec(model).network;
    if (network.kind != spec.network.kind) return spec;
    network.discriminator_features = spec.network.discriminator_features;
    network.discriminator_layers = spec.network.discriminator_layers;
    network.discriminator_norm = spec.network.discriminator_norm;
    network.discriminator_patches = spec.network.discriminator_patches;
    spec.network = network;
    return spec;
}

}  // namespace modescope
