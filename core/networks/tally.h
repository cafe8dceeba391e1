#pragma once

#include <torch/torch.h>

#include <map>
#include <vector>

namespace modescope {

/// Counts, while it lives, what the layers that run in its thread do. One at a time in a thread.
class Tally {
public:
    Tally();
    ~Tally();
    Tally(const Tally&) = delete;
    Tally& operator=(const Tally&) = delete;

    double multiply_adds() const { return multiply_adds_; }
    /// Bytes of the tensors the layers took or made that are still in memory: held by somebody or kept for
    /// backward.
    double bytes_alive() const;

private:
    friend void tally(const std::vector<torch::Tensor>& tensors);
    friend void tally_multiply_adds(double count);

    double multiply_adds_ = 0;
    /// By address, which the weak pointer keeps from being used again.
    std::map<const c10::StorageImpl*, c10::weak_intrusive_ptr<c10::StorageImpl>> storages_;
};

/// Every layer says what it takes and makes, and how much it multiplies; without a Tally nothing happens.
void tally(const std::vector<torch::Tensor>& tensors);
void tally_multiply_adds(double count);

}  // namespace modescope
