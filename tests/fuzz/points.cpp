#include "core/worlds/toy_points.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string points(std::string_view bytes) {
    return message_of([&] {
        const auto read = read_points(put_file("points.csv", bytes));
        promise(read.size() >= 12, "few points are no distribution");
        promise(points_from_text(to_text(read)).size() == read.size(), "their text says all");
    });
}

}  // namespace modescope::fuzz
