#include "core/experiments/html.h"

#include "core/base/text.h"

namespace modescope {

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : shown(text, std::string::npos)) {
        if (c == '<')
            safe += "&lt;";
        else if (c == '>')
            safe += "&gt;";
        else if (c == '&')
            safe += "&amp;";
        else if (c == '"')
            safe += "&quot;";
        else
            safe += c;
    }
    return safe;
}

}  // namespace modescope
