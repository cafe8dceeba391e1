#pragma once

#include <fstream>
#include <string>

#include "core/training/checkpoint.h"
#include "core/training/run_types.h"
#include "core/training/trainer.h"

namespace modescope {

/// The files of a run: spec.json, log.jsonl, checkpoint.safetensors, model.safetensors (averaged
/// weights for sampling) and grids/STEP.png of samples with fixed noise.
class RunDirectory {
public:
    /// A new directory must not exist yet, one to resume must hold a checkpoint; else throws Error.
    RunDirectory(const std::string& path, const Spec& spec, bool resume);

    Checkpoint last_checkpoint() const;
    void log(const LogRow& row);
    void save(Trainer& trainer);

private:
    void write_grid(Trainer& trainer) const;

    std::string path_;
    std::ofstream log_;
};

}  // namespace modescope
