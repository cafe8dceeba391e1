#include "core/objective/objective.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/text.h"

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
    throw Error(fmt::format("There is no loss term \"{}\"; the known ones are {}.", shown(id),
                            fmt::join(known, ", ")));
}

double parse_factor(const std::string& digits, const std::string& part) {
    const auto value = parse_number(digits);
    if (!value || !(*value > 0 && *value <= 1e6))
        throw Error(fmt::format("The weight in \"{}\" is not a number between 0 and 1e6.", shown(part)));
    return *value;
}

void add_part(Objective& objective, const std::string& part,
              const std::function<double(Term)>& usual_weight) {
    const auto star = part.find('*');
    const auto term = find_term(star == std::string::npos ? part : part.substr(star + 1));
    objective.weight(term) =
        star == std::string::npos ? usual_weight(term) : parse_factor(part.substr(0, star), part);
}

std::string without_spaces(std::string_view text) {
    constexpr std::string_view dot = "·";
    std::string compact;
    while (!text.empty()) {
        const bool times = text.starts_with(dot);
        if (times || !std::isspace(static_cast<unsigned char>(text[0]))) compact += times ? '*' : text[0];
        text.remove_prefix(times ? dot.size() : 1);
    }
    return compact;
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
    const auto looks_at_several = [](Term t) { return info(t).min_samples > 1; };
    return std::ranges::any_of(active(), looks_at_several) ? samples : 1;
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
    return parse_objective(text, [](Term) { return 1.0; });
}

Objective parse_objective(const std::string& text, const std::function<double(Term)>& usual_weight) {
    Objective objective;
    const auto compact = without_spaces(text);
    for (std::size_t start = 0; start <= compact.size();) {
        const auto end = std::min(compact.find('+', start), compact.size());
        add_part(objective, compact.substr(start, end - start), usual_weight);
        start = end + 1;
    }
    return objective;
}

Distribution distribution_from(const std::string& id) {
    return id == "laplace" ? Distribution::laplace : Distribution::gaussian;
}

Distribution distribution_of(const Objective& objective) { return distribution_from(objective.distribution); }

}  // namespace modescope
