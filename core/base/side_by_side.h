#pragma once

#include <cstddef>
#include <functional>

namespace modescope {

/// Calls `job` with each of 0 … count − 1, as many at once as the machine has logical cores, and returns when
/// all are done. Every job has one thread of tensor arithmetic, so the jobs' results do not depend on
/// how many cores there are. After a job threw no other is begun, and the first exception is thrown here.
/// `announce` is told which job begins, in their order, on the jobs' threads but one at a time.
void run_side_by_side(std::size_t count, const std::function<void(std::size_t index)>& job,
                      const std::function<void(std::size_t index)>& announce = {});

}  // namespace modescope
