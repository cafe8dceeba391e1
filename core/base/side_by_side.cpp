#include "core/base/side_by_side.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/machine.h"

namespace modescope {
namespace {

/// Which job is next, and what went wrong.
class Queue {
public:
    using Announce = std::function<void(std::size_t)>;
    Queue(std::size_t count, const Announce& announce) : count_(count), announce_(announce) {}

    std::optional<std::size_t> next() {
        const std::lock_guard lock(mutex_);
        if (next_ == count_ || failure_) return {};
        if (announce_) announce_(next_);
        return next_++;
    }

    void fail() {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
    }

    /// When all threads are through.
    void rethrow() const {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    const std::size_t count_;
    const Announce& announce_;
    std::mutex mutex_;
    std::size_t next_ = 0;
    std::exception_ptr failure_;
};

void work(Queue& queue, const std::function<void(std::size_t)>& job) try {
    use_threads(1);
    while (const auto index = queue.next()) job(*index);
} catch (...) {
    queue.fail();
}

}  // namespace

void run_side_by_side(std::size_t count, const std::function<void(std::size_t)>& job,
                      const std::function<void(std::size_t)>& announce) {
    Queue queue(count, announce);
    {
        std::vector<std::jthread> workers;
        const auto most = static_cast<std::size_t>(logical_cores());
        for (std::size_t i = 0; i < std::min(most, count); ++i)
            workers.emplace_back([&] { work(queue, job); });
    }
    queue.rethrow();
}

}  // namespace modescope
