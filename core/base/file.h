#pragma once

#include <cstddef>
#include <functional>
#include <ostream>
#include <string>

namespace modescope {

/// Replaces `path` by what `write` puts into the stream: written to a temporary file beside it, synced
/// and renamed, so that a crash or a full disk never leaves half a file. What a link leads to is replaced,
/// not the link; a pipe or a device gets the bytes as they come. Throws Error naming the path.
void write_file(const std::string& path, const std::function<void(std::ostream&)>& write);
void write_file(const std::string& path, const std::string& text);

/// The whole file, or all that comes through a pipe. Folders, devices and what cannot be read throw Error
/// naming the path.
std::string read_file(const std::string& path);
/// The same without the byte-order mark that programs on Windows put before UTF-8.
std::string read_text_file(const std::string& path);
/// Its first bytes, at most that many. Throws as read_file.
std::string read_file_start(const std::string& path, std::size_t most);

}  // namespace modescope
