#pragma once

#include <cstddef>

namespace modescope {

/// Channels of pixels are counted in vectors of this many numbers.
constexpr int vector_width = 8;
/// Output pixels are computed in groups of so many, at most `direct_chunk` in one call.
constexpr int direct_group = 12, direct_chunk = 96;

/// A convolution of some output pixels, of which each has all its channels side by side.
struct DirectWork {
    const float* const* inputs;  ///< of each pixel: where the kernel's first tap lies
    const float* const* starts;  ///< what its sum begins with
    float* const* outputs;
    int pixels;                  ///< a multiple of direct_group, at most direct_chunk
    const std::ptrdiff_t* taps;  ///< offsets from the first one
    int tap_count;
    int channels;          ///< of a pixel of the input
    int output_channels;   ///< a multiple of vector_width
    const float* weights;  ///< for each block of output channels [tap][channel][output of the block]
    const float* const* scales = nullptr;  ///< of each pixel: what its sums are multiplied by,
    const float* const* shifts = nullptr;  ///< and what is added then; both null: nothing
    float slope;                           ///< y = x for x > 0, else slope · x
};

/// Blocks are two times vector_width wide while so many channels are left.
void convolve_any(const DirectWork& work);
/// The same for processors with AVX2 and FMA, and for those with AVX-512 (F and VL).
void convolve_avx2(const DirectWork& work);
void convolve_avx512(const DirectWork& work);

}  // namespace modescope
