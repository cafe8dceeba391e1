#include "core/folders/folder.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string classes(std::string_view bytes) {
    return message_of([&] {
        for (const char* name :
             {"classes/images/a.png", "classes/images/b.png", "classes/labels/a.png", "classes/labels/b.png"})
            put_picture(name, 16, 16);
        put_file("classes/classes.txt", bytes);
        auto spec = preset_spec("pix2pix-cityscapes");
        adopt_folder(spec, path_of("classes"));
        promise(!parse_palette(spec.data.classes).empty(), "there is a class");
        promise_json(spec);
        check_folder(path_of("classes"));
    });
}

}  // namespace modescope::fuzz
