#pragma once

#include <string>

#include "core/base/error.h"

namespace modescope {

struct BadFile {
    std::string path;
    std::string problem;  ///< "PATH PROBLEM" is one sentence

    bool operator==(const BadFile&) const = default;
};

/// An Error that is one file's.
struct FileProblem : Error {
    FileProblem(const std::string& path, const std::string& problem)
        : Error(path + " " + problem), file{path, problem} {}
    BadFile file;
};

/// The file has been read and cannot be used.
struct Unusable : FileProblem {
    using FileProblem::FileProblem;
};

/// The file could not be read, which may pass: its disk or network folder can be away for a while.
struct Unreadable : FileProblem {
    using FileProblem::FileProblem;
};

}  // namespace modescope
