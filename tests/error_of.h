#pragma once

#include <string>

#include "core/base/error.h"

namespace modescope {

/// What the Error that `action` throws says; empty if it throws none. Other exceptions pass.
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

inline bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace modescope
