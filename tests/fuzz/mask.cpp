#include <algorithm>

#include "core/tasks/condition_file.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string mask(std::string_view bytes) {
    return message_of([&] {
        put_picture("face.png", 32, 32);
        const auto settings = task_settings(preset_spec("faces-inpaint-64").data);
        const auto read = read_condition(settings, {}, path_of("face.png"), put_file("mask.png", bytes));
        promise(std::ranges::count(read.mask.data, 1) > 0, "there is a hole");
        promise(std::ranges::count(read.mask.data, 0) + std::ranges::count(read.mask.data, 1) ==
                    settings.size * settings.size,
                "the mask is 0 or 1");
    });
}

}  // namespace modescope::fuzz
