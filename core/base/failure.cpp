#include "core/base/failure.h"

#include <c10/util/Exception.h>

#include <new>

namespace modescope {

bool is_out_of_memory(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error)) return true;
    if (!dynamic_cast<const c10::Error*>(&error)) return false;
    // LibTorch has a type for it on a GPU only, and not in every version.
    const std::string text = error.what();
    return text.find("can't allocate memory") != text.npos || text.find("out of memory") != text.npos;
}

std::string sentence_of(const std::exception& error) {
    if (is_out_of_memory(error))
        return "There is not enough memory: take a smaller batch, fewer samples or smaller pictures "
               "(training.batch, objective.samples, data.size).";
    if (const auto* of_torch = dynamic_cast<const c10::Error*>(&error))
        return of_torch->what_without_backtrace();
    return error.what();
}

}  // namespace modescope
