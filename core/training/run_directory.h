#pragma once

#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/base/folder_lock.h"
#include "core/training/checkpoint.h"
#include "core/training/event_file.h"
#include "core/training/run_types.h"
#include "core/training/trainer.h"

namespace modescope {

/// Where a training begins: at a checkpoint, or with the random weights that a spec alone tells.
using RunStart = std::variant<Checkpoint, Spec>;

/// Where a run in a directory goes on: at its last checkpoint or, if it was stopped before the first one, at
/// the start, which spec.json tells. Throws Error naming the file that is missing or damaged. Who trains has
/// the folder's lock before, so that nobody writes what is read. `moved_data` as in RunOptions.
RunStart resume_point(const std::string& directory, const std::string& moved_data = {});
/// As spec.json says. Throws Error naming the file.
Spec spec_of_run(const std::string& directory);

/// The files of a run: spec.json, log.jsonl, TensorBoard events, checkpoint.safetensors,
/// model.safetensors (averaged weights for sampling) and grids/STEP.png of samples with fixed noise; while P
/// is trained, grids/predictor-STEP.png of what it says.
class RunDirectory {
public:
    /// A new directory is none yet or an empty one, one to resume must hold a run that nobody trains; else
    /// throws Error. It is nobody else's until this one ends. `start` is for a new run: it is saved before
    /// the run can be resumed. `lock` is the folder's, where the caller has it already.
    RunDirectory(const std::string& path, const RunStart& start, bool resume,
                 std::unique_ptr<FolderLock> lock = nullptr);

    /// A resumed run repeats the steps after its checkpoint: takes them out of the log.
    void forget_after(const Progress& progress);
    /// To log.jsonl and the TensorBoard events. What cannot be written is told by problem(), for a full disk
    /// is no reason to end a training.
    void log(LogRow row);
    /// Checkpoint and model; throws Error, and what was there before is still there.
    void save(const Trainer& trainer);
    /// Adds a grid. Logs (as a row of the phase "samples") and returns spread_of_samples, which tells a
    /// collapse; while P is trained spread_of_prediction, as a row of the predictor. A toy has neither, its
    /// row has no values. Throws Error.
    LogRow show(Trainer& trainer);
    /// Where the checkpoint is; none before the first one.
    const std::optional<Progress>& saved() const { return saved_; }
    /// What the log could not write, empty if all is well.
    const std::string& problem() const { return problem_; }

private:
    struct Grid {
        Image picture;
        double deviation = 0;  ///< mean per-pixel one of what it shows, of 0 … 1
    };
    void write_start(const RunStart& start);
    Grid draw_samples(Trainer& trainer) const;
    Grid draw_predictions(Trainer& trainer) const;
    torch::Tensor show_pair(const DataSpec& data, int index, std::vector<Image>& pictures) const;
    void log_grid(const LogRow& row);
    /// What goes wrong is told by problem().
    void write(const std::function<void()>& rows);
    void write_log(const LogRow& row, const char* phase);

    std::string path_;
    std::array<std::int64_t, 2> last_step_;  ///< of G and D, and of P
    std::unique_ptr<FolderLock> lock_;
    std::optional<Progress> saved_;
    std::ofstream log_;
    std::unique_ptr<EventFile> events_;
    std::string problem_;
    std::array<std::map<std::string, double>, 2> unlogged_;  ///< of G and D, and of P: since the last row
    std::unique_ptr<PairSource> pairs_;                      ///< of the grids; null before the first
    std::int64_t measured_at_ = -1;                          ///< step of the last spread in the log
    std::int64_t predicted_at_ = -1;                         ///< P's step of the last sigma in the log
};

}  // namespace modescope
