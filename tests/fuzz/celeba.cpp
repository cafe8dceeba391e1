#include "core/folders/folder.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string celeba(std::string_view bytes) {
    return message_of([&] {
        for (const char* name : {"a", "b", "c", "d"})
            put_picture(std::string("celeba/img_align_celeba/") + name + ".png", 8, 8);
        put_file("celeba/list_eval_partition.txt", bytes);
        auto spec = preset_spec("srgan-celeba");
        spec.data.size = 16;
        std::int64_t usable = 0;
        for (const auto& split : check_folder(path_of("celeba")).splits) usable += split.count;
        promise(usable <= 8, "no picture counts for more than its split and the one set aside");
        adopt_folder(spec, path_of("celeba"));
        promise(open_folder(spec.data, 1)->pair(Split::train, 0).y.width == 16, "there is a pair");
    });
}

}  // namespace modescope::fuzz
