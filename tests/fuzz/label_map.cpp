#include "core/folders/folder.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string label_map(std::string_view bytes) {
    return message_of([&] {
        for (const char* name : {"maps/images/a.png", "maps/images/b.png", "maps/images/c.png"})
            put_picture(name, 16, 16);
        for (const char* name : {"maps/labels/a.png", "maps/labels/b.png"}) put_picture(name, 16, 16);
        put_file("maps/labels/c.png", bytes);
        auto spec = preset_spec("pix2pix-cityscapes");
        spec.data.size = 16;
        const auto report = check_folder(path_of("maps"));
        promise(report.palette.size() == report.class_shares.size(), "each class has a share");
        adopt_folder(spec, path_of("maps"));
        const auto classes = parse_palette(spec.data.classes).size();
        const auto source = open_folder(spec.data, 1);
        for (int i = 0; i < 3; ++i)
            for (const auto label : source->pair(Split::train, i).x.labels.data)
                promise(label < classes, "a label is one of the classes");
    });
}

}  // namespace modescope::fuzz
