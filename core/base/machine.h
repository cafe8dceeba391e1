#pragma once

#include <cstdint>

namespace modescope {

/// Logical cores that this program may use, which batch systems and containers make fewer than the machine
/// has. At least 1.
int logical_cores();
/// The physical ones of them: LibTorch is slower with one thread per logical core. At least 1.
int physical_cores();

/// Lets the calling thread use that many threads for tensor arithmetic, BLAS included.
void use_threads(int count);

/// OpenCV works on the calling thread alone from now on: threads that share a picture of 64 × 64 take longer.
void share_no_pictures();

/// Gives way to other threads of the program, the window's above all. Calling thread only.
void lower_thread_priority();

/// Keeps what many threads have freed from piling up: each would have a pool of its own. Call it before any
/// thread starts.
void limit_memory_pools();
/// Hands what is free in them back to the system; takes milliseconds.
void return_free_memory();

/// From now on memory runs out, which can be told, before the system ends the program because it wants more
/// than the machine has. False where that cannot be: more is reserved already, as by a sanitizer.
bool limit_memory();

/// Resident memory of this process in MB, and the most of it since the last reset (where the system can
/// reset it; else since the start).
double resident_megabytes();
double peak_megabytes();
void reset_peak_memory();

}  // namespace modescope
