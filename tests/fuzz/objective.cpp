#include "core/objective/objective.h"

#include <fmt/format.h>

#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {
namespace {

std::string exact_text(const Objective& objective) {
    std::vector<std::string> parts;
    for (const auto term : objective.active())
        parts.push_back(fmt::format("{}*{}", objective.weight(term), info(term).id));
    return fmt::format("{}", fmt::join(parts, "+"));
}

}  // namespace

std::string objective(std::string_view bytes) {
    return message_of([&] {
        auto spec = preset_of(bytes);
        const std::string text(bytes.substr(bytes.empty() ? 0 : 1));
        const auto parsed = parse_objective(text);
        promise(!parsed.active().empty(), "there is a term");
        promise(parse_objective(exact_text(parsed)) == parsed, "the weights survive");
        promise(!parsed.label().empty() && !parsed.formula().empty(), "it can be shown");
        set_objective(spec, text);
        promise_json(spec);
    });
}

}  // namespace modescope::fuzz
