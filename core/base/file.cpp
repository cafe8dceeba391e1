#include "core/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace modescope {
namespace {

[[noreturn]] void cannot(const char* verb, const std::string& path) {
    throw Error(fmt::format("Cannot {} {}: {}.", verb, path, std::strerror(errno)));
}

bool sync_to_disk(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY);
    if (file < 0) return false;
    const bool synced = ::fsync(file) == 0;
    ::close(file);
    return synced;
}

/// Removes the temporary file unless it became the real one.
struct TemporaryFile {
    std::string path;
    ~TemporaryFile() {
        std::error_code ignored;
        if (!path.empty()) std::filesystem::remove(path, ignored);
    }
};

/// A rename would put the file in the link's own place.
std::string behind_links(const std::string& path) {
    std::error_code failed;
    if (!std::filesystem::is_symlink(path, failed)) return path;
    const auto place = std::filesystem::canonical(path, failed);
    return failed ? path : place.string();
}

/// A pipe, or a device such as /dev/null or /dev/stdout, which a rename would destroy.
bool takes_a_stream(const std::string& path) {
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    return std::filesystem::is_character_file(status) || std::filesystem::is_fifo(status);
}

bool write_stream(const std::string& path, const std::function<void(std::ostream&)>& write) {
    std::ofstream stream(path, std::ios::binary);
    if (!stream) return false;
    write(stream);
    stream.close();
    return !stream.fail();
}

std::ifstream open_file(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        throw Error(fmt::format("{} is a folder, not a file.", path));
    // Some, such as /dev/zero, never end.
    if (std::filesystem::is_character_file(path, ignored) || std::filesystem::is_block_file(path, ignored))
        throw Error(fmt::format("{} is a device, not a file.", path));
    std::ifstream stream(path, std::ios::binary);
    if (!stream) cannot("read", path);
    return stream;
}

}  // namespace

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
    const auto place = behind_links(path);
    const bool streams = takes_a_stream(place);
    TemporaryFile temporary{streams ? "" : fmt::format("{}.{}.part", place, ::getpid())};
    if (!write_stream(streams ? place : temporary.path, write)) cannot("write", path);
    if (streams) return;
    if (!sync_to_disk(temporary.path)) cannot("write", path);
    if (std::rename(temporary.path.c_str(), place.c_str()) != 0) cannot("write", path);
    temporary.path.clear();
}

void write_file(const std::string& path, const std::string& text) {
    write_file(path, [&](std::ostream& stream) { stream << text; });
}

std::string read_file(const std::string& path) {
    auto stream = open_file(path);
    // Not `<< stream.rdbuf()`, for which a disk that fails in between is the end of the file.
    std::string text;
    std::vector<char> block(1 << 16);
    while (stream.read(block.data(), std::ssize(block)) || stream.gcount() > 0)
        text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) cannot("read", path);
    return text;
}

std::string read_text_file(const std::string& path) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    auto text = read_file(path);
    if (text.starts_with(mark)) text.erase(0, mark.size());
    return text;
}

std::string read_file_start(const std::string& path, std::size_t most) {
    auto stream = open_file(path);
    std::string text(most, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(most));
    if (stream.bad()) cannot("read", path);
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

}  // namespace modescope
