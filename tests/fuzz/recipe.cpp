#include "core/sampling/noise_recipe.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string recipe(std::string_view bytes) {
    return message_of([&] {
        const auto read = parse_recipe(std::string(bytes));
        promise(!factors_of(read).empty(), "there is a seed that counts");
        promise(parse_recipe(to_text(read)) == read, "its text says all");
    });
}

}  // namespace modescope::fuzz
