#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace modescope {

/// Which file something was loaded from. Make it before the file is read, so that none that is saved in
/// between is taken for it. Every method is for any thread.
class LoadedFile {
public:
    explicit LoadedFile(std::string path);

    const std::string& path() const { return path_; }
    /// SHA-256 (hexadecimal) of the bytes that were loaded, found out when this is first asked: that takes a
    /// second for a large file. Empty if the file is gone by then, was written again, or is a pipe.
    const std::string& hash() const;
    /// Another file lies there now, as when a training has saved its model again.
    bool is_outdated() const;

private:
    /// Device, number, size in bytes, and the time of the last change in seconds and nanoseconds.
    using State = std::array<std::int64_t, 5>;

    static std::optional<State> state_of(const std::string& path);
    std::string find_hash() const;

    std::string path_;
    std::optional<State> state_;  ///< none unless it is a regular file
    mutable std::once_flag hashed_;
    mutable std::string hash_;
};

}  // namespace modescope
