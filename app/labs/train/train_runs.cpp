#include "app/labs/train/train_runs.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTimer>
#include <algorithm>

#include "core/base/error.h"
#include "core/base/failure.h"
#include "core/base/folder_lock.h"
#include "core/base/machine.h"
#include "core/sampling/model_library.h"

namespace modescope {
namespace {

constexpr int look_every = 250;  // ms
/// A minute of work is the most that a crash may cost.
constexpr double checkpoint_minutes = 1;
/// Before, a guess of the time left would jump about.
constexpr double least_share = 0.005;
/// Every tenth step is enough for a curve, as in the log's file.
constexpr std::int64_t keep_every = 10;

/// Samples whose standard deviation, of 0 … 1, is less look alike to the eye.
constexpr double least_spread = 0.012, judged_from = 0.1;
/// A training of a few steps has had no time to spread them.
constexpr std::int64_t judged_from_step = 200;

std::optional<double> spread_of(const LogRow& row) {
    for (const auto& [name, value] : row.values)
        if (name == spread_of_samples) return value;
    return {};
}

bool is_ready(const auto& future) {
    return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

/// A picture was drawn with it.
bool is_of_grid(const LogRow& row) {
    return std::ranges::any_of(row.values, [](const auto& value) {
        return value.first == spread_of_samples || value.first == spread_of_prediction;
    });
}

bool is_kept(const LogRow& row) {
    return is_of_grid(row) || (row.step % keep_every == 0 && !row.values.empty());
}

bool has_new_grid(const std::vector<LogRow>& rows) { return std::ranges::any_of(rows, is_of_grid); }

TrainRun read(const QString& directory) {
    TrainRun run{.directory = directory};
    try {
        run.record = read_run(directory.toStdString());
        run.status.progress = run.record.progress;
        const bool done = run.record.progress.step >= run.record.spec.training.steps;
        run.status.state = done ? RunState::finished : RunState::paused;
    } catch (const Error& error) {
        run.problem = QString::fromStdString(error.what());
        run.status.state = RunState::failed;
    }
    return run;
}

}  // namespace

QString TrainRun::name() const { return QFileInfo(directory).fileName(); }

bool ignores_noise(const TrainRun& run) {
    const auto& log = run.record.log;
    const auto newest =
        std::find_if(log.rbegin(), log.rend(), [](const LogRow& row) { return spread_of(row).has_value(); });
    const auto step = run.status.progress.step;
    const double done = static_cast<double>(step) / static_cast<double>(run.record.spec.training.steps);
    return newest != log.rend() && done >= judged_from && step >= judged_from_step &&
           *spread_of(*newest) < least_spread;
}

TrainRuns::TrainRuns(QObject* parent) : QObject(parent), timer_(new QTimer(this)) {
    timer_->setInterval(look_every);
    connect(timer_, &QTimer::timeout, this, &TrainRuns::tick);
}

TrainRuns::~TrainRuns() {
    for (auto& live : live_) {
        try {
            if (live.starting.valid()) live.run = std::move(live.starting.get().run);
        } catch (const std::exception&) {
            continue;  // it never began
        }
        if (live.run) live.run->finish();
    }
    for (auto& live : live_)
        while (live.run && !live.run->wait(std::chrono::seconds(1))) {
        }
}

// --- The list ---

void TrainRuns::set_folder(const QString& folder) {
    folder_ = folder;
    // Logs of many long trainings take a while.
    reading_ = std::async(std::launch::async, [path = folder.toStdString()] {
        std::vector<TrainRun> found;
        for (const auto& directory : find_runs(path))
            found.push_back(read(QString::fromStdString(directory)));
        return found;
    });
    timer_->start();
}

void TrainRuns::list(std::vector<TrainRun> found) {
    std::erase_if(runs_, [this](const TrainRun& run) { return !live(run.directory); });
    for (auto& run : found)
        if (index_of(run.directory) < 0) runs_.push_back(std::move(run));
    emit listed();
}

int TrainRuns::index_of(const QString& directory) const {
    const auto found = std::ranges::find(runs_, directory, &TrainRun::directory);
    return found == runs_.end() ? -1 : static_cast<int>(found - runs_.begin());
}

bool TrainRuns::any_trains() const { return !live_.empty(); }

void TrainRuns::add(const QString& directory) {
    auto run = read(QDir(directory).absolutePath());
    if (!run.problem.isEmpty()) return emit failed(run.problem);
    if (index_of(run.directory) < 0) runs_.insert(runs_.begin(), std::move(run));
    emit listed();
}

void TrainRuns::remove(int index) {
    const QString directory = runs_[index].directory;
    const FolderLock lock(directory.toStdString());
    if (!QFile::moveToTrash(directory))
        throw Error(tr("%1 could not be moved to the trash; delete the folder yourself.")
                        .arg(directory)
                        .toStdString());
    runs_.erase(runs_.begin() + index);
    emit listed();
}

// --- Training ---

void TrainRuns::start(const Spec& spec, const QString& directory, const QString& model) {
    TrainRun run{.directory = directory, .record = {.spec = spec}};
    runs_.insert(runs_.begin(), std::move(run));
    launch(spec, {.directory = directory.toStdString(), .start = model.toStdString()});
    emit listed();
}

void TrainRuns::resume(int index) {
    auto& run = runs_[index];
    if (live(run.directory)) return;
    run.status.state = RunState::ready;
    run.status.message.clear();
    launch({}, {.directory = run.directory.toStdString(), .resume = true});
    emit changed(run.directory);
}

void TrainRuns::launch(const Spec& spec, RunOptions options) {
    options.threads = physical_cores();
    options.device = "auto";
    options.checkpoint_minutes = checkpoint_minutes;
    options.observe = false;
    // Opening a folder of pictures may take seconds.
    auto starting = std::async(std::launch::async, [spec, options]() mutable {
        if (!options.start.empty()) options.start = find_model(options.start);
        auto run = std::make_unique<Run>(spec, options);
        // Without what a resumed run does again.
        auto record = read_run(options.directory);
        run->run_to(run->spec().training.steps);
        return Started{std::move(run), std::move(record)};
    });
    live_.push_back(
        {.directory = QString::fromStdString(options.directory), .starting = std::move(starting)});
    timer_->start();
}

void TrainRuns::stop(int index) {
    if (auto* found = live(runs_[index].directory)) {
        found->stop_wanted = true;
        if (found->run) found->run->finish();
    }
}

TrainRuns::Live* TrainRuns::live(const QString& directory) {
    const auto found = std::ranges::find(live_, directory, &Live::directory);
    return found == live_.end() ? nullptr : &*found;
}

void TrainRuns::tick() {
    if (is_ready(reading_)) list(reading_.get());
    for (auto& live : live_)
        if (is_ready(live.starting)) take_started(live);
    std::erase_if(live_, [this](Live& live) { return !live.starting.valid() && !follow(live); });
    std::erase_if(retiring_, [](auto& end) { return is_ready(end); });
    if (live_.empty() && !reading_.valid()) timer_->stop();
}

void TrainRuns::take_started(Live& live) {
    auto& run = runs_[index_of(live.directory)];
    try {
        auto started = live.starting.get();
        live.run = std::move(started.run);
        run.record = std::move(started.record);
        run.status = live.run->status();
        restart_clock(live, run);
        if (live.stop_wanted) live.run->finish();
    } catch (const std::exception& error) {
        // What was trained before lies there as it was.
        const auto& before = run.record.progress;
        const bool began = before.step > 0 || before.predictor_step > 0;
        run.status.state = began ? RunState::paused : RunState::failed;
        run.status.message = sentence_of(error);
        emit failed(QString::fromStdString(sentence_of(error)));
    }
    emit changed(live.directory);
}

/// The time left is reckoned from here on.
void TrainRuns::restart_clock(Live& live, const TrainRun& run) {
    live.since = Clock::now();
    live.share_then = run.share();
    live.predictor_ready = run.status.progress.predictor_ready;
}

/// False when it is over.
bool TrainRuns::follow(Live& live) {
    auto& run = runs_[index_of(live.directory)];
    if (!live.run) return false;
    run.status = live.run->status();
    const auto rows = live.run->log_since(live.cursor);
    std::ranges::copy_if(rows, std::back_inserter(run.record.log), is_kept);
    if (has_new_grid(rows)) run.record.grids = grids_of(live.directory.toStdString());
    run.record.progress = run.status.progress;
    if (run.status.progress.predictor_ready != live.predictor_ready) restart_clock(live, run);
    const double gained = run.share() - live.share_then;
    const double seconds = std::chrono::duration<double>(Clock::now() - live.since).count();
    run.seconds_left = gained < least_share ? -1 : seconds * (1 - run.share()) / gained;
    const bool over = run.status.over();
    if (over) {
        // Stopped before the end, it can go on.
        const bool done = run.status.progress.step >= run.record.spec.training.steps;
        if (run.status.state == RunState::finished && !done) run.status.state = RunState::paused;
        retire(std::move(live.run));
    }
    emit changed(live.directory);
    return !over;
}

/// The memory of a large network takes a while to be given back.
void TrainRuns::retire(std::unique_ptr<Run> run) {
    retiring_.push_back(std::async(std::launch::async, [run = std::move(run)]() mutable { run.reset(); }));
}

}  // namespace modescope
