#include "core/networks/weight_limit.h"

#include <utility>

#include "core/base/error.h"

namespace modescope {
namespace {

thread_local WeightLimit* innermost = nullptr;

}  // namespace

WeightLimit::WeightLimit(std::int64_t most, std::string message)
    : left_(most), message_(std::move(message)), outer_(std::exchange(innermost, this)) {}

WeightLimit::~WeightLimit() { innermost = outer_; }

void claim_weights(std::int64_t count) {
    if (!innermost) return;
    if (count > innermost->left_) throw Error(innermost->message_);
    innermost->left_ -= count;
}

}  // namespace modescope
