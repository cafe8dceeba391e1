#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace modescope {

/// How deep lists and objects may stand in each other in what is read. Copying and writing JSON takes a stack
/// frame a level, so that deeper ones, which nobody writes but to do harm, would end the program. A training
/// that goes on from another's model adds one level of provenance.
constexpr int deepest_json = 1000;
bool is_too_deep(std::string_view json);

/// What JSON text says; discarded where it is damaged or too deep. Any thread.
nlohmann::json read_json(std::string_view text);

}  // namespace modescope
