#include "tests/fuzz/entries.h"

#include <vector>

namespace modescope::fuzz {

std::span<const Entry> entries() {
    static const std::vector<Entry> table{
        {"answers", answers},
        {"assignment", assignment},
        {"celeba", celeba},
        {"checkpoint", checkpoint},
        {"classes", classes},
        {"label_map", label_map},
        {"lpips", lpips},
        {"mask", mask},
        {"model", model},
        {"objective", objective},
        {"pairs", pairs},
        {"palette", palette},
        {"picture", picture},
        {"points", points},
        {"recipe", recipe},
        {"run_log", run_log},
        {"safetensors", safetensors},
        {"spec", spec},
    };
    return table;
}

}  // namespace modescope::fuzz
