#include "core/networks/direct_kernel.h"
#include "core/networks/direct_kernel.inc"

void modescope::convolve_any(const DirectWork& work) { convolve<Narrow>(work); }
