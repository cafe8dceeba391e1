#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "core/training/spec.h"

namespace modescope {

/// A value as --set takes it.
inline std::string text_of(const FieldValue& value) {
    return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

/// Keys and values of the fields in which `spec` differs from `usual`, as --set takes them.
inline std::vector<std::pair<std::string, std::string>> settings_beside(const Spec& usual, const Spec& spec) {
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto& field : fields())
        if (const auto value = field.get(spec); value != field.get(usual))
            settings.emplace_back(field.key, text_of(value));
    return settings;
}

}  // namespace modescope
