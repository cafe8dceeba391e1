#include "core/sampling/noise_recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <string_view>

#include "core/base/error.h"
#include "core/base/text.h"

namespace modescope {
namespace {

using Part = NoiseRecipe::Part;

// A difference of the weights that no eight-bit picture shows; also what cos(π/2) leaves over.
constexpr double nothing = 1e-9;
constexpr double most = 1e9;  // its square is still a number

void add(std::vector<Part>& parts, std::uint64_t seed, double weight) {
    if (weight < nothing) return;
    const auto known = std::ranges::find(parts, seed, &Part::seed);
    if (known == parts.end())
        parts.push_back({seed, weight});
    else
        known->weight += weight;
}

/// Nothing is computed for one seed alone, so that its factor is exactly 1.
void normalise(std::vector<Part>& parts) {
    if (parts.size() == 1) parts.front().weight = 1;
    if (parts.size() < 2) return;
    double squares = 0;
    for (const Part& part : parts) squares += part.weight * part.weight;
    for (Part& part : parts) part.weight /= std::sqrt(squares);
}

void keep_the_most(std::vector<Part>& parts) {
    while (parts.size() > NoiseRecipe::most_parts)
        parts.erase(std::ranges::min_element(parts, {}, &Part::weight));
}

NoiseRecipe like(const NoiseRecipe& first, std::vector<Part> parts) {
    NoiseRecipe recipe = first;
    recipe.variation = 0;
    recipe.amount = 0;
    keep_the_most(parts);
    normalise(parts);
    recipe.parts = std::move(parts);
    return recipe;
}

/// Reads a recipe's text from left to right.
class Reader {
public:
    explicit Reader(const std::string& text) : text_(text), rest_(text_) {}

    NoiseRecipe read() {
        NoiseRecipe recipe;
        recipe.parts.clear();
        do recipe.parts.push_back(part());
        while (take('+'));
        if (take('~')) {
            const Part varied = part();
            recipe.amount = varied.weight;
            if (recipe.amount != 0) recipe.variation = varied.seed;  // else it says nothing
        }
        if (take('|')) read_frozen(recipe);
        if (take('x')) recipe.scale = number<double>("a noise scale");
        skip();
        if (!rest_.empty()) fail(fmt::format("\"{}\" was not expected", shown(rest_)));
        check(recipe);
        return recipe;
    }

private:
    void skip() {
        while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    }

    bool take(char sign) {
        skip();
        if (!rest_.starts_with(sign)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    template <class T>
    T number(const char* what) {
        skip();
        T value{};
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc()) fail(fmt::format("{} is missing", what));
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }

    /// "weight*seed" or "seed".
    Part part() {
        skip();
        if (rest_.substr(0, rest_.find_first_of("+~|x")).find('*') == rest_.npos)
            return {number<std::uint64_t>("a seed"), 1};
        const double weight = number<double>("a weight");
        if (!take('*')) fail("\"*\" and a seed are missing after the weight");
        return {number<std::uint64_t>("a seed"), weight};
    }

    void read_frozen(NoiseRecipe& recipe) {
        do recipe.frozen_levels.push_back(number<int>("a noise level"));
        while (take(','));
        if (!take('@')) fail("\"@\" and a seed are missing after the frozen levels");
        recipe.frozen_seed = number<std::uint64_t>("a seed");
    }

    void check(const NoiseRecipe& recipe) const {
        double largest = 0;
        for (const Part& part : recipe.parts) {
            if (!(part.weight >= 0 && part.weight <= most)) fail("weights are 0 to 1e9");
            largest = std::max(largest, part.weight);
        }
        if (largest < nothing) fail("one weight must be more than 0");
        if (recipe.parts.size() > NoiseRecipe::most_parts)
            fail(fmt::format("at most {} seeds are mixed", NoiseRecipe::most_parts));
        if (!(recipe.amount >= 0 && recipe.amount <= 1)) fail("the amount of a variation is 0 to 1");
        if (!(recipe.scale >= 0 && recipe.scale <= most)) fail("the noise scale is 0 to 1e9");
        const auto& levels = recipe.frozen_levels;
        if (std::ranges::adjacent_find(levels, std::ranges::greater_equal()) != levels.end() ||
            (!levels.empty() && levels.front() < 0))
            fail("frozen levels are ascending numbers from 0");
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format(
            "\"{}\" is no noise: {}. Type a seed such as 4127, or a mixture such as 0.8*4127+0.6*4130.",
            shown(text_), what));
    }

    std::string text_;
    std::string_view rest_;
};

}  // namespace

bool NoiseRecipe::is_plain() const { return factors_of(*this).size() == 1 && frozen_levels.empty(); }

bool NoiseRecipe::is_frozen(int level) const { return std::ranges::count(frozen_levels, level) > 0; }

std::vector<Part> factors_of(const NoiseRecipe& recipe) {
    std::vector<Part> mixed;
    for (const Part& part : recipe.parts) add(mixed, part.seed, part.weight);
    normalise(mixed);
    if (recipe.amount < nothing) return mixed;
    std::vector<Part> varied;
    const double rest = std::sqrt(1 - recipe.amount * recipe.amount);
    for (const Part& part : mixed) add(varied, part.seed, rest * part.weight);
    add(varied, recipe.variation, recipe.amount);
    normalise(varied);
    return varied;
}

NoiseRecipe vary(const NoiseRecipe& recipe, std::uint64_t seed, double amount) {
    NoiseRecipe varied = like(recipe, factors_of(recipe));
    varied.variation = seed;
    varied.amount = std::clamp(amount, 0., 1.);
    return varied;
}

NoiseRecipe between(const std::vector<NoiseRecipe>& ends, double x, double y) {
    const double across = x * std::numbers::pi / 2, down = ends.size() < 4 ? 0 : y * std::numbers::pi / 2;
    const double weights[] = {std::cos(across) * std::cos(down), std::sin(across) * std::cos(down),
                              std::cos(across) * std::sin(down), std::sin(across) * std::sin(down)};
    std::vector<Part> parts;
    for (std::size_t i = 0; i < ends.size(); ++i)
        for (const Part& part : factors_of(ends[i])) add(parts, part.seed, weights[i] * part.weight);
    return like(ends.front(), std::move(parts));
}

std::string to_text(const NoiseRecipe& recipe) {
    std::string text;
    for (const Part& part : recipe.parts) {
        if (!text.empty()) text += '+';
        const bool alone = recipe.parts.size() == 1 && part.weight == 1;
        text += alone ? fmt::format("{}", part.seed) : fmt::format("{}*{}", part.weight, part.seed);
    }
    if (recipe.amount > 0) text += fmt::format("~{}*{}", recipe.amount, recipe.variation);
    if (!recipe.frozen_levels.empty())
        text += fmt::format("|{}@{}", fmt::join(recipe.frozen_levels, ","), recipe.frozen_seed);
    if (recipe.scale != 1) text += fmt::format(" x{}", recipe.scale);
    return text;
}

NoiseRecipe parse_recipe(const std::string& text) { return Reader(text).read(); }

}  // namespace modescope
