#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bad_file.h"
#include "core/training/run_types.h"
#include "core/training/spec.h"

namespace modescope {

enum class RunState { ready, training, paused, finished, diverged, failed };

struct RunStatus {
    RunState state = RunState::ready;
    Progress progress;
    double ms_per_step = 0;  ///< moving mean
    std::string message;     ///< why it diverged or failed, or what could not be written meanwhile
    double trained_ms = 0;   ///< of the steps since it started or went on
    double waited_ms = 0;    ///< of these, for data to be read
    /// Files of the data that cannot be used, as far as they were met before the last save.
    std::vector<BadFile> left_out;
    bool internal = false;  ///< it failed by a fault of the program: of nothing that a user can mend
    /// Where the directory's checkpoint is; none before the first one, and in all processes but the first.
    std::optional<Progress> saved;
    /// Nothing will be trained any more.
    bool over() const { return state >= RunState::finished; }
};

/// 0 … 1, of the work: a step of P counts less than one of G and D by the pictures that pass a network in it.
double share_done(const Spec& spec, const Progress& progress);

struct RunOptions {
    std::string directory;          ///< where spec, log, grids and checkpoints go; empty = in memory
    bool resume = false;            ///< go on with the directory's last checkpoint; the spec comes from there
    std::string moved_data;         ///< where the folder of a resumed run's data lies now; empty = as before
    std::string start;              ///< a model file whose weights a new run starts from; empty = random ones
    int threads = 1;                ///< for tensor arithmetic
    std::string device = "cpu";     ///< "cpu", "cuda", or "auto": CUDA where there is some
    double checkpoint_minutes = 5;  ///< between checkpoints in the directory
    bool observe = true;            ///< publish toy views
    /// Train with the other processes that the environment names (Processes::from_environment), of which only
    /// the first writes to the directory. Then run_to() gets the same in all of them, and of the commands
    /// only finish() may be used, in any: all of them end after the same step.
    bool join_processes = false;
};

/// A training on a thread of its own, which owns every tensor; commands are applied between steps.
/// Every method may be called from any thread and returns at once, unless it says otherwise.
class Run {
public:
    /// Starts the thread, which waits for run_to(). An invalid spec, an existing directory, a missing
    /// checkpoint, other processes that do not come or a model to start from that cannot be saved in the
    /// directory throws Error.
    Run(const Spec& spec, const RunOptions& options);
    /// Stops after the current step; waits for it.
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Trains up to that many generator steps and then waits; at or below the steps done it pauses.
    void run_to(std::int64_t step);
    void pause() { run_to(0); }
    void step_once(StepKind kind);
    /// Changes a live field; a refused value appears in the status message.
    void retune(const std::string& key, const FieldValue& value);
    /// Writes the checkpoint to the directory after the current step and ends the run.
    void finish();

    /// True in one of the processes of a training: the one to report.
    bool first() const;
    Spec spec() const;
    RunStatus status() const;
    /// Rows since the cursor, which moves on; of a reader that is far behind, the newest 50,000.
    std::vector<LogRow> log_since(std::size_t& cursor) const;
    /// The newest look at a toy; null before the first.
    std::shared_ptr<const ToyView> view() const;
    /// Blocks until the run is over, has nothing to do, or the time is up; true if it is over.
    bool wait(std::chrono::milliseconds most) const;

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

/// The preset, with G and P as they are in the file of the model that a training starts from; the preset as
/// it is without one. Throws Error.
Spec preset_to_start(const std::string& preset, const std::string& model);

}  // namespace modescope
