#include "core/training/safetensors.h"

#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string safetensors(std::string_view bytes) {
    return message_of([&] {
        std::uint64_t read = 0;
        for (const auto& [name, tensor] : read_safetensors(put_file("any.safetensors", bytes)).tensors)
            read += tensor.nbytes();
        promise(read <= bytes.size(), "no byte is read twice");
    });
}

}  // namespace modescope::fuzz
