#pragma once

#include <string>
#include <string_view>

namespace modescope {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits: tells files apart for caches and reports.
std::string sha256(std::string_view bytes);
/// Of the file's bytes: what names a model in caches, reports and pictures. Throws Error if it cannot be
/// read.
std::string sha256_of_file(const std::string& path);

}  // namespace modescope
