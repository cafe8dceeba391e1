#pragma once

#include <fmt/format.h>

#include <string>

#include "core/training/spec.h"

namespace modescope {

/// A value as --set takes it.
inline std::string text_of(const FieldValue& value) {
    return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

}  // namespace modescope
