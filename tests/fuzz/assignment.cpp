#include <sstream>

#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string assignment(std::string_view bytes) {
    return message_of([&] {
        auto spec = preset_of(bytes);
        std::istringstream lines{std::string(bytes.substr(bytes.empty() ? 0 : 1))};
        for (std::string line; std::getline(lines, line);) set_field(spec, line);
        check(spec);
        promise_json(spec);
    });
}

}  // namespace modescope::fuzz
