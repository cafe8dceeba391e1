#include "core/tasks/palette.h"

#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string palette(std::string_view bytes) {
    return message_of([&] {
        const auto parsed = parse_palette(std::string(bytes));
        promise(parse_palette(to_text(parsed)) == parsed, "the palette survives");
        auto spec = preset_spec("pix2pix-cityscapes");
        spec.data.classes = to_text(parsed);
        if (!parsed.empty()) promise_json(spec);
    });
}

}  // namespace modescope::fuzz
