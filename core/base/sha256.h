#pragma once

#include <string>
#include <string_view>

namespace modescope {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits: tells files apart for caches and reports.
std::string sha256(std::string_view bytes);

}  // namespace modescope
