#include <nlohmann/json.hpp>

#include "core/training/run_record.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {

std::string run_log(std::string_view bytes) {
    return message_of([&] {
        put_file("run/spec.json", to_json(preset_spec("toy")).dump());
        put_file("run/log.jsonl", bytes);
        read_run(path_of("run"));
    });
}

}  // namespace modescope::fuzz
