#include "core/metrics/lpips.h"

#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string lpips(std::string_view bytes) {
    return message_of([&] { Lpips::load(put_tensors("lpips.safetensors", bytes)); });
}

}  // namespace modescope::fuzz
