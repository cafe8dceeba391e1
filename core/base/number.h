#pragma once

#include <charconv>
#include <optional>
#include <string>

namespace modescope {

/// The number that the whole text is, with a decimal point whatever the user's language is (Qt sets
/// the C library's locale, which std::stod follows); nothing if the text is no number.
inline std::optional<double> parse_number(const std::string& text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) return {};
    return value;
}

}  // namespace modescope
