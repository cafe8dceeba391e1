#pragma once

#include <chrono>
#include <future>

namespace modescope {

/// Whether a future has its result, or what was thrown instead, so that get() does not wait.
template <class Result>
bool is_ready(const std::future<Result>& future) {
    return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace modescope
