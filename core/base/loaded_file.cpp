#include "core/base/loaded_file.h"

#include <sys/stat.h>

#include <utility>

#include "core/base/error.h"
#include "core/base/sha256.h"

namespace modescope {

LoadedFile::LoadedFile(std::string path) : path_(std::move(path)), state_(state_of(path_)) {}

std::optional<LoadedFile::State> LoadedFile::state_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return State{static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
                 static_cast<std::int64_t>(status.st_size), static_cast<std::int64_t>(status.st_mtim.tv_sec),
                 static_cast<std::int64_t>(status.st_mtim.tv_nsec)};
}

const std::string& LoadedFile::hash() const {
    std::call_once(hashed_, [this] { hash_ = find_hash(); });
    return hash_;
}

std::string LoadedFile::find_hash() const {
    if (!state_) return {};
    try {
        auto hash = sha256_of_file(path_);
        // Only now it is certain that nobody has replaced it until it was hashed.
        return state_of(path_) == state_ ? hash : std::string();
    } catch (const Error&) {  // it is gone; what was loaded can be used all the same
        return {};
    }
}

bool LoadedFile::is_outdated() const {
    const auto now = state_of(path_);
    return state_ && now && now != state_;
}

}  // namespace modescope
