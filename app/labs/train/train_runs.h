#pragma once

#include <QDateTime>
#include <QObject>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include "core/training/run.h"
#include "core/training/run_record.h"

class QTimer;

namespace modescope {

/// Reckons the time that a training still takes from how it came on since the first question; G and P have
/// paces of their own.
class Pace {
public:
    /// `share` done, 0 … 1. −1: not known yet.
    double seconds_left(double share, bool predictor_ready);

private:
    std::chrono::steady_clock::time_point since_{};
    double share_then_ = -1;
    bool predictor_ready_ = true;
};

/// One training that the page knows: it trains, here or in another program, or lies in its folder.
struct TrainRun {
    QString directory;
    RunRecord record;
    RunStatus status;        ///< `paused`: lies there and can go on
    bool elsewhere = false;  ///< another program trains it; what it has written so far is known
    Pace pace;
    double seconds_left = -1;  ///< −1: not known
    QString problem;           ///< why its folder cannot be read; then the record is empty
    QDateTime written;         ///< when its folder was, that was read last; invalid: not read
    QDateTime due;             ///< not to be read again before, as that takes a while where the log is long

    QString name() const;  ///< the folder's
    bool trains() const { return status.state == RunState::training || status.state == RunState::ready; }
    double share() const {
        return status.state == RunState::finished ? 1 : share_done(record.spec, status.progress);
    }
};

/// After a tenth of the training, and 200 steps, the samples of one input look alike: G ignores its noise.
bool ignores_noise(const TrainRun& run);

/// The trainings in one folder, newest first. Those that train here have a thread of their own; starting,
/// ending and reading happen on others. For the GUI thread; nothing waits, except that the destructor saves
/// what trains here.
class TrainRuns : public QObject {
    Q_OBJECT
public:
    explicit TrainRuns(QObject* parent = nullptr);
    ~TrainRuns() override;

    /// Where new runs go; those that lie there are read in the background and then listed(). What trains
    /// in another folder stays in the list.
    void set_folder(const QString& folder);
    /// Whether to look again, every second, for what other programs train, begin and take away.
    void watch(bool on);
    const QString& folder() const { return folder_; }
    const std::vector<TrainRun>& runs() const { return runs_; }
    /// −1: not in the list.
    int index_of(const QString& directory) const;

    /// A new run, first in the list.
    /// `model` names a model whose weights it starts from; empty: random ones.
    void start(const Spec& spec, const QString& directory, const QString& model = {});
    /// Goes on exactly where it stopped.
    void resume(int index);
    /// Saves after the current step and ends; nothing happens to what another program trains.
    void stop(int index);
    /// A run from another folder joins the list once it is read.
    void add(const QString& directory);
    /// Into the trash; returns where it is there, or nothing if it had no folder. Throws Error while it
    /// trains, here or elsewhere, and if it cannot be moved.
    QString remove(int index);
    /// What remove() took away. Throws Error if there is another now or it cannot be moved.
    void bring_back(const QString& in_trash, const QString& directory);

signals:
    void listed();                           ///< runs came or went
    void added(const QString& directory);    ///< what add() was asked for is in the list
    void changed(const QString& directory);  ///< has new rows, grids or another state
    void failed(const QString& sentence);

private:
    struct Started {
        std::unique_ptr<Run> run;
        RunRecord record;
    };
    /// What belongs to a run that trains here or is about to.
    struct Live {
        QString directory;
        std::future<Started> starting;
        std::unique_ptr<Run> run;
        std::size_t cursor = 0;
        bool stop_wanted = false;
    };
    /// What is known of a folder that lies there or is another program's.
    struct Known {
        QString directory;
        QDateTime written, due;
        bool elsewhere;
    };
    /// What a look at the folders found.
    struct Found {
        std::vector<TrainRun> read;  ///< new or not as before, newest first
        QStringList gone;
    };

    static Found look(const QString& folder, const std::vector<Known>& known, const QStringList& live);
    void look_again();
    void take_found(Found found);
    bool take_read(TrainRun found);
    void take_added(TrainRun run);
    void launch(const Spec& spec, RunOptions options);
    Live* live(const QString& directory);
    void tick();
    void take_started(Live& live);
    bool follow(Live& live);
    void retire(std::unique_ptr<Run> run);

    QString folder_;
    std::vector<TrainRun> runs_;
    std::vector<Live> live_;
    std::future<Found> looking_;
    std::vector<std::future<Found>> outdated_;  ///< of folders chosen before
    std::vector<std::future<TrainRun>> adding_;
    bool replaces_ = false;  ///< what is found takes the place of the list
    std::vector<std::future<void>> retiring_;
    QTimer *timer_, *watching_;
};

}  // namespace modescope
