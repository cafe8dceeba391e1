#include "core/base/json_text.h"

#include <nlohmann/json.hpp>

namespace modescope {

bool is_too_deep(std::string_view json) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '"') quoted = !quoted;
        if (quoted && c == '\\') ++i;  // what follows is no quotation mark's end
        if (quoted) continue;
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth > deepest_json) return true;
    }
    return false;
}

nlohmann::json read_json(std::string_view text) {
    if (is_too_deep(text)) return nlohmann::json::value_t::discarded;
    return nlohmann::json::parse(text, nullptr, false);
}

}  // namespace modescope
