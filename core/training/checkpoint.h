#pragma once

#include <torch/torch.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/networks/weight_limit.h"
#include "core/training/spec.h"

namespace modescope {

/// A safetensors file: named tensors, and the spec and provenance as text in its metadata.
/// Nothing in it can run code.
struct Checkpoint {
    Spec spec;
    nlohmann::json provenance;  ///< program version, steps, LibTorch version; for people
    std::map<std::string, torch::Tensor> tensors;

    std::string origin = "the checkpoint";  ///< the file it was read from, for messages

    /// Throws Error naming `origin` and the missing tensor.
    const torch::Tensor& at(const std::string& name) const;
    /// Generator steps it was trained for, as the provenance says, with those of the models it started from;
    /// 0 where a stranger's says anything else.
    std::int64_t steps() const;
};

/// Written to a temporary file beside `path`, synced, renamed. Throws Error.
void write_checkpoint(const std::string& path, const Checkpoint& checkpoint);
/// Damaged, foreign and oversized files throw Error with one sentence that names the file.
Checkpoint read_checkpoint(const std::string& path);
/// Its spec alone: quick, however large the file is. Throws as read_checkpoint.
Spec read_spec(const std::string& path);

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Parameters and buffers of a module as `prefix` + name, aliasing the live ones.
NamedTensors module_tensors(const std::string& prefix, const torch::nn::Module& module);
/// To hold while the networks of the checkpoint's spec are built: a spec that asks for far more weights than
/// the file has throws Error naming it, where comparing tensors would come after the memory is taken.
WeightLimit weight_limit(const Checkpoint& checkpoint);

/// Copies the tensors into the checkpoint.
void put(Checkpoint& checkpoint, const NamedTensors& tensors);
/// Copies from the checkpoint into the tensors (half precision becomes theirs); a missing tensor and a
/// wrong shape throw Error naming file and tensor.
void get(const Checkpoint& checkpoint, const NamedTensors& tensors);
/// Whether get() would find them all, of the right shape.
bool holds(const Checkpoint& checkpoint, const NamedTensors& tensors);

}  // namespace modescope
