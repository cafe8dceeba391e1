#include "core/metrics/realism_file.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string answers(std::string_view bytes) {
    return message_of([&] {
        for (const auto& answer : read_answers(put_file("answers.csv", bytes)))
            promise(!answer.rater.empty() && answer.milliseconds >= 0, "somebody answered, in some time");
    });
}

}  // namespace modescope::fuzz
