#pragma once

#include <functional>
#include <ostream>
#include <string>

namespace modescope {

/// Replaces `path` by what `write` puts into the stream: written to a temporary file beside it, synced
/// and renamed, so that a crash or a full disk never leaves half a file. Throws Error naming the path.
void write_file(const std::string& path, const std::function<void(std::ostream&)>& write);
void write_file(const std::string& path, const std::string& text);

/// The whole file, or all that comes through a pipe. Folders, devices and what cannot be read throw Error
/// naming the path.
std::string read_file(const std::string& path);

}  // namespace modescope
