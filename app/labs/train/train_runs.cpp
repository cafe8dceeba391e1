#include "app/labs/train/train_runs.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/failure.h"
#include "core/base/folder_lock.h"
#include "core/base/machine.h"
#include "core/base/ready.h"
#include "core/sampling/model_library.h"

namespace modescope {
namespace {

constexpr int tick_every = 250, look_every = 1000;  // ms
/// Of the time between two readings of a folder, one part in so many may go into reading.
constexpr int reading_share = 50;
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

QDateTime written(const QString& directory) {
    return std::max(QFileInfo(directory + "/spec.json").lastModified(),
                    QFileInfo(directory + "/log.jsonl").lastModified());
}

bool is_elsewhere(const QString& directory) { return FolderLock::is_held(directory.toStdString()); }

/// Of the last steps in the log.
double ms_per_step(const std::vector<LogRow>& log) {
    double sum = 0;
    int count = 0;
    for (auto row = log.rbegin(); row != log.rend() && count < 20; ++row)
        if (row->ms > 0) sum += row->ms, ++count;
    return count ? sum / count : 0;
}

RunState state_of(const TrainRun& run) {
    if (run.elsewhere) return RunState::training;
    const bool done = run.record.progress.step >= run.record.spec.training.steps;
    return done ? RunState::finished : RunState::paused;
}

TrainRun read(const QString& directory) {
    QElapsedTimer timer;
    timer.start();
    TrainRun run{.directory = directory, .elsewhere = is_elsewhere(directory), .written = written(directory)};
    try {
        run.record = read_run(directory.toStdString());
        run.status = {.state = state_of(run),
                      .progress = run.record.progress,
                      .ms_per_step = ms_per_step(run.record.log)};
    } catch (const Error& error) {
        run.problem = QString::fromStdString(error.what());
        run.status.state = RunState::failed;
    }
    run.due = QDateTime::currentDateTime().addMSecs(reading_share * timer.elapsed());
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

double Pace::seconds_left(double share, bool predictor_ready) {
    using Clock = std::chrono::steady_clock;
    if (share_then_ < 0 || predictor_ready != predictor_ready_) {
        since_ = Clock::now();
        share_then_ = share;
        predictor_ready_ = predictor_ready;
    }
    const double gained = share - share_then_;
    const double seconds = std::chrono::duration<double>(Clock::now() - since_).count();
    return gained < least_share ? -1 : seconds * (1 - share) / gained;
}

TrainRuns::TrainRuns(QObject* parent)
    : QObject(parent), timer_(new QTimer(this)), watching_(new QTimer(this)) {
    timer_->setInterval(tick_every);
    watching_->setInterval(look_every);
    connect(timer_, &QTimer::timeout, this, &TrainRuns::tick);
    connect(watching_, &QTimer::timeout, this, &TrainRuns::look_again);
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
    replaces_ = true;
    // A future that is assigned to waits for the one it was.
    if (looking_.valid()) outdated_.push_back(std::move(looking_));
    // Logs of many long trainings take a while.
    looking_ = std::async(std::launch::async, [folder] { return look(folder, {}, {}); });
    timer_->start();
}

void TrainRuns::watch(bool on) {
    if (!on) return watching_->stop();
    watching_->start();
    look_again();
}

void TrainRuns::look_again() {
    if (looking_.valid()) return;
    std::vector<Known> known;
    QStringList training;
    for (const auto& run : runs_)
        if (live(run.directory))
            training << run.directory;
        else
            known.push_back({run.directory, run.written, run.due, run.elsewhere});
    looking_ = std::async(std::launch::async,
                          [folder = folder_, known, training] { return look(folder, known, training); });
    timer_->start();
}

TrainRuns::Found TrainRuns::look(const QString& folder, const std::vector<Known>& known,
                                 const QStringList& live) {
    Found found;
    for (const auto& path : find_runs(folder.toStdString())) {
        const auto directory = QString::fromStdString(path);
        const bool is_new = std::ranges::find(known, directory, &Known::directory) == known.end();
        if (is_new && !live.contains(directory)) found.read.push_back(read(directory));
    }
    for (const auto& [directory, before, due, elsewhere] : known)
        if (!QFileInfo::exists(directory))
            found.gone << directory;
        else if ((written(directory) != before && QDateTime::currentDateTime() >= due) ||
                 is_elsewhere(directory) != elsewhere)
            found.read.push_back(read(directory));
    return found;
}

void TrainRuns::take_found(Found found) {
    const auto size = runs_.size();
    std::erase_if(runs_, [&](const TrainRun& run) {
        // Of one that could not begin there never was a folder, but there is a message.
        const bool began = run.status.state != RunState::failed || !run.problem.isEmpty();
        const bool gone = found.gone.contains(run.directory) && began;
        return !live(run.directory) && (replaces_ || gone);
    });
    bool other = std::exchange(replaces_, false) || runs_.size() != size;
    std::vector<QString> updated;
    std::ranges::reverse(found.read);  // each goes to the top
    for (auto& run : found.read) {
        if (live(run.directory)) continue;
        const auto directory = run.directory;
        if (take_read(std::move(run)))
            other = true;
        else
            updated.push_back(directory);
    }
    if (other) emit listed();
    for (const auto& directory : updated) emit changed(directory);
}

/// True if it is new.
bool TrainRuns::take_read(TrainRun found) {
    const int index = index_of(found.directory);
    if (index < 0) {
        runs_.insert(runs_.begin(), std::move(found));
        return true;
    }
    auto& run = runs_[index];
    const auto &before = run.status.progress, &now = found.status.progress;
    // Why it ended is not written there, nor each of its last steps.
    const bool went_on = now.step > before.step || now.predictor_step > before.predictor_step;
    if (!run.elsewhere && !found.elsewhere && !went_on) found.status = run.status;
    if (found.elsewhere) {
        found.pace = run.pace;
        found.seconds_left = found.pace.seconds_left(found.share(), found.status.progress.predictor_ready);
    }
    run = std::move(found);
    return false;
}

int TrainRuns::index_of(const QString& directory) const {
    const auto found = std::ranges::find(runs_, directory, &TrainRun::directory);
    return found == runs_.end() ? -1 : static_cast<int>(found - runs_.begin());
}

void TrainRuns::add(const QString& directory) {
    adding_.push_back(
        std::async(std::launch::async, [path = QDir(directory).absolutePath()] { return read(path); }));
    timer_->start();
}

void TrainRuns::take_added(TrainRun run) {
    if (!run.problem.isEmpty()) return emit failed(run.problem);
    const QString directory = run.directory;
    if (index_of(directory) < 0) runs_.insert(runs_.begin(), std::move(run));
    emit listed();
    emit added(directory);
}

QString TrainRuns::remove(int index) {
    const QString directory = runs_[index].directory;
    QString in_trash;
    if (QFileInfo::exists(directory)) {
        const FolderLock lock(directory.toStdString());
        if (!QFile::moveToTrash(directory, &in_trash))
            throw Error(tr("%1 could not be moved to the trash; delete the folder yourself.")
                            .arg(directory)
                            .toStdString());
    }
    runs_.erase(runs_.begin() + index);
    emit listed();
    return in_trash;
}

void TrainRuns::bring_back(const QString& in_trash, const QString& directory) {
    if (QFileInfo::exists(directory) || !QDir().rename(in_trash, directory))
        throw Error(tr("%1 could not be brought back; it is in %2.").arg(directory, in_trash).toStdString());
    const QFileInfo trashed(in_trash);  // the trash keeps a note of what lies in it
    QFile::remove(trashed.dir().filePath("../info/" + trashed.fileName() + ".trashinfo"));
    add(directory);
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
    if (live(run.directory) || run.elsewhere) return;
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
        const auto steps = run->spec().training.steps;
        run->run_to(steps);
        // Stopped between its last step and its end, it has none left to take.
        if (run->status().progress.step >= steps) run->finish();
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
    if (is_ready(looking_)) take_found(looking_.get());
    for (auto& live : live_)
        if (is_ready(live.starting)) take_started(live);
    std::erase_if(live_, [this](Live& live) { return !live.starting.valid() && !follow(live); });
    for (auto& reading : std::exchange(adding_, {}))
        if (is_ready(reading))
            take_added(reading.get());
        else
            adding_.push_back(std::move(reading));
    const auto is_over = [](auto& future) { return is_ready(future); };
    std::erase_if(retiring_, is_over);
    std::erase_if(outdated_, is_over);
    if (live_.empty() && adding_.empty() && !looking_.valid()) timer_->stop();
}

void TrainRuns::take_started(Live& live) {
    auto& run = runs_[index_of(live.directory)];
    try {
        auto started = live.starting.get();
        live.run = std::move(started.run);
        run.record = std::move(started.record);
        run.status = live.run->status();
        run.pace = {};
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

/// False when it is over.
bool TrainRuns::follow(Live& live) {
    auto& run = runs_[index_of(live.directory)];
    if (!live.run) return false;
    run.status = live.run->status();
    const auto rows = live.run->log_since(live.cursor);
    std::ranges::copy_if(rows, std::back_inserter(run.record.log), is_kept);
    if (has_new_grid(rows)) run.record.grids = grids_of(live.directory.toStdString());
    run.record.progress = run.status.progress;
    run.seconds_left = run.pace.seconds_left(run.share(), run.status.progress.predictor_ready);
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
