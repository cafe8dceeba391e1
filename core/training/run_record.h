#pragma once

#include <string>
#include <vector>

#include "core/training/run_types.h"
#include "core/training/spec.h"

namespace modescope {

/// What the names of the pictures begin with that show what P says.
constexpr char predictor_grid[] = "predictor-";

/// A picture of samples with fixed noise, or before of what P says, drawn by a run when it saved.
struct SampleGrid {
    std::int64_t step = 0;
    std::string path;
    bool predictor = false;  ///< `step` then counts P's
};

/// What a run's folder says, whether the run goes on or not.
struct RunRecord {
    Spec spec;
    std::vector<LogRow> log;  ///< every tenth step, and what is measured at each save
    std::vector<SampleGrid> grids;
    /// As the log has it; a checkpoint may be older.
    Progress progress;
};

/// Throws Error naming the file if the folder holds no run or its spec is damaged; lines of the log that
/// cannot be read are passed over.
RunRecord read_run(const std::string& directory);

/// In the order in which they were drawn; empty if there are none.
std::vector<SampleGrid> grids_of(const std::string& directory);

/// The runs right inside a folder, the newest first; empty if the folder does not exist.
std::vector<std::string> find_runs(const std::string& folder);

}  // namespace modescope
