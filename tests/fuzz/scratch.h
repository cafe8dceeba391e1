#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/tasks/condition.h"
#include "core/training/spec.h"

namespace modescope::fuzz {

/// Files for parsers that read files, in a folder of this process that goes away at its end.
std::string path_of(const std::string& name);
/// Makes the file, and the folders it lies in, without waiting for the disk; returns its path.
std::string put_file(const std::string& name, std::string_view bytes);
/// Made only once.
void put_picture(const std::string& name, int width, int height, const Rgb& colour = {255, 0, 0});
/// A safetensors file of a header, a zero byte and data; its length is put in front of the header.
std::string put_tensors(const std::string& name, std::string_view header_and_data);

template <class Action>
std::string message_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

/// What must hold of everything that was accepted.
inline void promise(bool kept, const char* what) {
    if (!kept) throw std::logic_error(what);
}

/// The preset that the first byte picks.
Spec preset_of(std::string_view bytes);
/// A spec that was accepted comes back from its JSON text as it was.
void promise_json(const Spec& spec);
/// A condition of the spec's task and size without anything in it.
Condition blank_condition(const Spec& spec);

}  // namespace modescope::fuzz
