#include "core/objective/objective.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/number.h"

namespace modescope {
namespace {

std::string factor(double weight) { return weight == 1 ? "" : fmt::format("{:g}", weight); }

template <class Describe>
std::string joined(const Objective& objective, const char* separator, Describe describe) {
    std::vector<std::string> parts;
    for (const auto term : objective.active()) parts.push_back(describe(info(term), objective.weight(term)));
    return fmt::format("{}", fmt::join(parts, separator));
}

Term find_term(const std::string& id) {
    std::vector<std::string> known;
    for (const auto& row : terms()) {
        if (row.id == id) return row.term;
        known.push_back(row.id);
    }
    throw Error(
        fmt::format("There is no loss term \"{}\"; the known ones are {}.", id, fmt::join(known, ", ")));
}

double parse_factor(const std::string& digits, const std::string& part) {
    const auto value = parse_number(digits);
    if (!value || !(*value > 0 && *value <= 1e6))
        throw Error(fmt::format("The weight in \"{}\" is not a number between 0 and 1e6.", part));
    return *value;
}

void add_part(Objective& objective, const std::string& part) {
    const auto star = part.find('*');
    if (star == std::string::npos)
        objective.weight(find_term(part)) = 1;
    else
        objective.weight(find_term(part.substr(star + 1))) = parse_factor(part.substr(0, star), part);
}

std::string without_spaces(std::string text) {
    const std::string_view dot = "·";
    for (auto at = text.find(dot); at != std::string::npos; at = text.find(dot))
        text = fmt::format("{}*{}", text.substr(0, at), text.substr(at + dot.size()));
    std::erase_if(text, [](unsigned char c) { return std::isspace(c); });
    return text;
}

}  // namespace

std::vector<Term> Objective::active() const {
    std::vector<Term> list;
    for (const auto& row : terms())
        if (weight(row.term) > 0) list.push_back(row.term);
    return list;
}

bool Objective::needs_discriminator() const {
    return std::ranges::any_of(active(), [](Term t) { return info(t).adversarial; });
}

bool Objective::needs_predictor() const {
    return std::ranges::any_of(active(), [](Term t) { return info(t).predicted; });
}

std::int64_t Objective::samples_per_condition() const {
    const auto looks_at_moments = [](Term t) { return info(t).min_samples > 1; };
    return std::ranges::any_of(active(), looks_at_moments) ? samples : 1;
}

std::string Objective::id() const {
    return joined(*this, "+", [](const TermInfo& term, double) { return term.id; });
}

std::string Objective::label() const {
    return joined(*this, " + ", [](const TermInfo& term, double weight) {
        return (weight == 1 ? "" : factor(weight) + "·") + term.label;
    });
}

std::string Objective::formula() const {
    return joined(*this, " + ", [](const TermInfo& term, double weight) {
        return (weight == 1 ? "" : factor(weight) + " ") + term.formula;
    });
}

Objective parse_objective(const std::string& text) {
    Objective objective;
    const auto compact = without_spaces(text);
    for (std::size_t start = 0; start <= compact.size();) {
        const auto end = std::min(compact.find('+', start), compact.size());
        add_part(objective, compact.substr(start, end - start));
        start = end + 1;
    }
    return objective;
}

}  // namespace modescope
