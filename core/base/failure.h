#pragma once

#include <exception>
#include <string>

namespace modescope {

/// Whether memory ran out, of the computer or of its accelerator.
bool is_out_of_memory(const std::exception& error);

/// What to tell the user of any exception: an Error's own sentence, what to lower where memory ran out, else
/// what a library says, without the stack of calls that LibTorch adds.
std::string sentence_of(const std::exception& error);

}  // namespace modescope
