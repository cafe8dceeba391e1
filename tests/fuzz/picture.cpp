#include "core/tasks/condition_file.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string picture(std::string_view bytes) {
    return message_of([&] {
        auto spec = preset_spec("pix2pix-cityscapes");
        spec.data.task = tasks()[bytes.empty() ? 0 : bytes.front() & 3].id;
        spec.data.size = 32;
        const auto path = put_file("condition.png", bytes.substr(bytes.empty() ? 0 : 1));
        const auto read =
            read_condition(task_settings(spec.data), parse_palette(spec.data.classes), path, {});
        const auto blank = blank_condition(spec);
        promise(read.picture.width == blank.picture.width && read.picture.height == blank.picture.height &&
                    read.labels.width == blank.labels.width && read.mask.width == blank.mask.width,
                "the condition has the task's size");
    });
}

}  // namespace modescope::fuzz
