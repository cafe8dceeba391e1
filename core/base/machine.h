#pragma once

#include <cstdint>

namespace modescope {

/// Physical cores, not logical ones: LibTorch is slower with one thread per logical core. At least 1.
int physical_cores();

/// Lets the calling thread use that many threads for tensor arithmetic, BLAS included.
void use_threads(int count);

/// Gives way to other threads of the program, the window's above all. Calling thread only.
void lower_thread_priority();

/// Resident memory of this process in MB.
double resident_megabytes();

}  // namespace modescope
