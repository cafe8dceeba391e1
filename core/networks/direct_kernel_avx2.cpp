#include "core/networks/direct_kernel.h"
#include "core/networks/direct_kernel.inc"

void modescope::convolve_avx2(const DirectWork& work) { convolve<Narrow>(work); }
