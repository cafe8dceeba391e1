#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace modescope {

/// As a POSIX shell reads it as one word.
inline std::string shell_word(const std::string& text) {
    const auto plain = [](unsigned char c) {
        return std::isalnum(c) ||
               std::string_view("_-+./=:,@%").find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (!text.empty() && std::ranges::all_of(text, plain)) return text;
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + '\'';
}

}  // namespace modescope
