#pragma once

namespace modescope::cli {

/// Serves one command line as main() gets it, or opens the window if it has no command. Prints to standard
/// output and error; returns the exit code: 0, 2 for bad input, 1 for what should not happen.
int run(int argc, char** argv);

}  // namespace modescope::cli
