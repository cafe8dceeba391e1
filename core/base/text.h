#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace modescope {

/// Bytes of the UTF-8 character that a text begins with; 0 if it begins with none.
inline std::size_t first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.empty()) return 0;
    if (byte(0) < 0x80) return 1;
    const std::size_t length = byte(0) < 0xC2   ? 0
                               : byte(0) < 0xE0 ? 2
                               : byte(0) < 0xF0 ? 3
                               : byte(0) < 0xF5 ? 4
                                                : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    const bool longer_than_needed =
        (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
    const bool surrogate = byte(0) == 0xED && byte(1) >= 0xA0;
    const bool beyond_unicode = byte(0) == 0xF4 && byte(1) >= 0x90;
    return longer_than_needed || surrogate || beyond_unicode ? 0 : length;
}

/// What JSON can keep.
inline bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto length = first_character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// A stranger's text as a message may quote it: at most a line of it, or as many bytes as are given, and
/// without line breaks and control characters, which a terminal would obey.
inline std::string shown(std::string_view text, std::size_t longest = 120) {
    std::string result;
    while (!text.empty() && result.size() < longest) {
        const auto length = first_character(text);
        const auto first = static_cast<unsigned char>(text[0]);
        const bool control = first < 0x20 || first == 0x7F ||
                             (first == 0xC2 && length == 2 && static_cast<unsigned char>(text[1]) < 0xA0);
        result += length == 0 || control ? "?" : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return text.empty() ? result : result + "…";
}

}  // namespace modescope
