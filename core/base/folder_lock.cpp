#include "core/base/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "core/base/error.h"

namespace modescope {
namespace {

/// Who only asks (is_held) has a lock too, for some microseconds.
constexpr int tries = 5;
constexpr auto pause_between = std::chrono::milliseconds(10);

int open_folder(const std::string& folder) {
    return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool is_refused(int file) { return ::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; }

}  // namespace

FolderLock::FolderLock(const std::string& folder) : file_(open_folder(folder)) {
    if (file_ < 0) return;
    for (int i = 0; i < tries; ++i) {
        if (!is_refused(file_)) return;
        std::this_thread::sleep_for(pause_between);
    }
    ::close(file_);
    throw Error(fmt::format("{} is in use already, perhaps by another program: end what it does there first.",
                            folder));
}

bool FolderLock::is_held(const std::string& folder) {
    const int file = open_folder(folder);
    if (file < 0) return false;
    const bool refused = is_refused(file);
    ::close(file);
    return refused;
}

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace modescope
