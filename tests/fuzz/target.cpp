// libFuzzer's way into the entry that the build names.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/machine.h"
#include "tests/fuzz/entries.h"

namespace {

const modescope::fuzz::Entry& chosen() {
    static const auto& entry = *std::ranges::find_if(modescope::fuzz::entries(), [](const auto& row) {
        return row.name == std::string_view(MODESCOPE_FUZZ_ENTRY);
    });
    return entry;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    modescope::use_threads(1);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen().take({reinterpret_cast<const char*>(data), size});
    return 0;
}
