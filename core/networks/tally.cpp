#include "core/networks/tally.h"

namespace modescope {
namespace {

thread_local Tally* current = nullptr;

}  // namespace

Tally::Tally() { current = this; }
Tally::~Tally() { current = nullptr; }

double Tally::bytes_alive() const {
    double bytes = 0;
    for (const auto& [address, storage] : storages_)
        if (const auto alive = storage.lock()) bytes += static_cast<double>(alive->nbytes());
    return bytes;
}

void tally(const std::vector<torch::Tensor>& tensors) {
    if (!current) return;
    for (const auto& tensor : tensors) {
        const auto& storage = tensor.storage();
        current->storages_.emplace(storage.unsafeGetStorageImpl(), storage.getWeakStorageImpl());
    }
}

void tally_multiply_adds(double count) {
    if (current) current->multiply_adds_ += count;
}

}  // namespace modescope
