#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>

namespace modescope {

/// The processes that train one model together, each on its own share of every batch (data parallelism).
/// All of them call the same methods in the same order; when one has ended, or does not answer for ten
/// minutes, the others get an Error. Copies stand for the same processes. One thread at a time.
class Processes {
public:
    /// This process alone.
    Processes() = default;
    /// The WORLD_SIZE processes that torchrun and its like start, of which this is number RANK (from 0); they
    /// meet at MASTER_ADDR:MASTER_PORT (under torchrun the next port), where number 0 listens, within ten
    /// minutes. Alone without WORLD_SIZE and RANK, or with WORLD_SIZE 1. Throws Error naming the variable
    /// that is missing or malformed.
    static Processes from_environment();

    int rank() const { return rank_; }
    int count() const { return count_; }
    /// Only this one writes files and reports.
    bool first() const { return rank_ == 0; }
    /// LOCAL_RANK: which CUDA device of its machine this process takes; 0 without.
    int local_rank() const { return local_rank_; }

    /// In place, of a contiguous tensor that has the same shape in all processes: its sum over them, to the
    /// last bit the same everywhere.
    void sum(torch::Tensor tensor) const;
    void average(torch::Tensor tensor) const;
    /// Whether it is so in any of them.
    bool any(bool here) const;
    /// [count, …]: the tensors of all processes by rank.
    torch::Tensor gather(const torch::Tensor& tensor) const;
    /// Throws Error unless every process has the same text.
    void require_same(const std::string& settings) const;

private:
    std::function<void(torch::Tensor&)> sum_;  ///< empty alone
    int rank_ = 0, count_ = 1, local_rank_ = 0;
};

}  // namespace modescope
