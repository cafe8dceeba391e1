#pragma once

#include <QObject>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include "core/training/run.h"
#include "core/training/run_record.h"

class QTimer;

namespace modescope {

/// One training that the page knows: it trains, or lies in its folder.
struct TrainRun {
    QString directory;
    RunRecord record;
    RunStatus status;          ///< `paused`: lies there and can go on
    double seconds_left = -1;  ///< −1: not known
    QString problem;           ///< why its folder cannot be read; then the record is empty

    QString name() const;  ///< the folder's
    bool trains() const { return status.state == RunState::training || status.state == RunState::ready; }
    double share() const {
        return status.state == RunState::finished ? 1 : share_done(record.spec, status.progress);
    }
};

/// After a tenth of the training, and 200 steps, the samples of one input look alike: G ignores its noise.
bool ignores_noise(const TrainRun& run);

/// The trainings in one folder, newest first. Those that train have a thread of their own; starting, ending
/// and reading happen on others. For the GUI thread; nothing waits, except that the destructor saves what
/// trains.
class TrainRuns : public QObject {
    Q_OBJECT
public:
    explicit TrainRuns(QObject* parent = nullptr);
    ~TrainRuns() override;

    /// Where new runs go; those that lie there are read in the background and then listed(). What trains
    /// elsewhere stays in the list.
    void set_folder(const QString& folder);
    const QString& folder() const { return folder_; }
    const std::vector<TrainRun>& runs() const { return runs_; }
    /// −1: not in the list.
    int index_of(const QString& directory) const;
    bool any_trains() const;

    /// A new run, first in the list.
    /// `model` names a model whose weights it starts from; empty: random ones.
    void start(const Spec& spec, const QString& directory, const QString& model = {});
    /// Goes on exactly where it stopped.
    void resume(int index);
    /// Saves after the current step and ends.
    void stop(int index);
    /// A run from another folder joins the list.
    void add(const QString& directory);
    /// Into the trash. Throws Error while it trains, here or elsewhere, and if it cannot be moved.
    void remove(int index);

signals:
    void listed();                           ///< runs came or went
    void changed(const QString& directory);  ///< has new rows, grids or another state
    void failed(const QString& sentence);

private:
    struct Started {
        std::unique_ptr<Run> run;
        RunRecord record;
    };
    using Clock = std::chrono::steady_clock;
    /// What belongs to a run that trains or is about to.
    struct Live {
        QString directory;
        std::future<Started> starting;
        std::unique_ptr<Run> run;
        std::size_t cursor = 0;
        Clock::time_point since{};
        double share_then = 0;
        bool predictor_ready = true;  ///< at `since`; P's steps take another time than G's
        bool stop_wanted = false;
    };

    void list(std::vector<TrainRun> found);
    void launch(const Spec& spec, RunOptions options);
    Live* live(const QString& directory);
    void tick();
    void take_started(Live& live);
    bool follow(Live& live);
    static void restart_clock(Live& live, const TrainRun& run);
    void retire(std::unique_ptr<Run> run);

    QString folder_;
    std::vector<TrainRun> runs_;
    std::vector<Live> live_;
    std::future<std::vector<TrainRun>> reading_;  ///< of the folder
    std::vector<std::future<void>> retiring_;
    QTimer* timer_;
};

}  // namespace modescope
