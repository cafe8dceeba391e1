#include <nlohmann/json.hpp>

#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string spec(std::string_view bytes) {
    return message_of([&] { promise_json(spec_from_json(nlohmann::json::parse(bytes, nullptr, false))); });
}

}  // namespace modescope::fuzz
