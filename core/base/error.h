#pragma once

#include <stdexcept>

namespace modescope {

/// What the user can mend: one sentence that names the file, flag or key and says what to do.
/// The command line prints it and exits with 2; the window shows it in its strip.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace modescope
