#include "core/folders/folder.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string pairs(std::string_view bytes) {
    return message_of([&] {
        for (const char* name : {"pairs/train/a.png", "pairs/train/b.png", "pairs/val/a.png"})
            put_picture(name, 32, 16);
        put_file("pairs/train/c.png", bytes.substr(bytes.empty() ? 0 : 1));
        auto spec = preset_spec("pix2pix-maps");
        spec.data.size = 16;
        spec.data.load = !bytes.empty() && (bytes.front() & 1) ? 24 : 0;
        check_folder(path_of("pairs"));
        adopt_folder(spec, path_of("pairs"));
        const auto source = open_folder(spec.data, 1);
        for (int i = 0; i < 3; ++i) {
            const auto pair = source->pair(Split::train, i);
            promise(pair.x.picture.width == 16 && pair.y.height == 16, "a pair has the size asked for");
        }
        promise(source->bad_files().size() <= 1, "the others are usable");
    });
}

}  // namespace modescope::fuzz
