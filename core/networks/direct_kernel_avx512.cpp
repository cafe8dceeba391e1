#include "core/networks/direct_kernel.h"
#include "core/networks/direct_kernel.inc"

void modescope::convolve_avx512(const DirectWork& work) { convolve<Wide>(work); }
