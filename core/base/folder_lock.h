#pragma once

#include <string>

namespace modescope {

/// Keeps a folder that exists to its owner: until it ends, however the program does, nobody else gets a lock
/// of that folder, in this program or another. Where the file system knows no locks, everybody gets one.
class FolderLock {
public:
    /// Throws Error naming the folder if somebody else has it.
    explicit FolderLock(const std::string& folder);
    /// Whether somebody has a lock of the folder, in this program or another.
    static bool is_held(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int file_;
};

}  // namespace modescope
