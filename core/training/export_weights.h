#pragma once

#include <cstdint>
#include <string>

namespace modescope {

struct ExportedWeights {
    std::string configuration;    ///< of the losses: "gan+pmr2"
    std::int64_t step = 0;        ///< generator steps trained
    std::int64_t parameters = 0;  ///< learned numbers; statistics of batch norms are not counted
    std::int64_t tensors = 0;     ///< those included
};

/// Writes G's averaged weights alone, for other programs: a safetensors file of "generator.…" tensors in
/// float 32 or 16, with spec, configuration, step and program in its metadata. A checkpoint that does not
/// fit its spec throws Error naming it.
ExportedWeights export_weights(const std::string& checkpoint, const std::string& out, bool half);

}  // namespace modescope
