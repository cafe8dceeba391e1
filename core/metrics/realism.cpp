#include "core/metrics/realism.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "core/base/error.h"

namespace modescope {
namespace {

/// z of a probability: the standard normal's quantile, by bisection of its distribution function.
double normal_quantile(double probability) {
    double low = -10, high = 10;
    for (int step = 0; step < 60; ++step) {
        const double middle = (low + high) / 2;
        const double below = std::erfc(-middle / std::numbers::sqrt2) / 2;
        (below < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// Answers with numbers for names. Group 0 is the real pictures, the others are the models.
struct Sheet {
    struct Cell {
        std::size_t rater, picture, group;
        bool fake;
    };
    std::vector<Cell> cells;
    std::vector<std::string> groups{real_pictures};
    std::vector<std::vector<std::size_t>> pictures;  ///< of each group
    std::size_t raters = 0, all_pictures = 0;

    explicit Sheet(std::span<const RealismAnswer> answers) {
        std::map<std::string, std::size_t> group_of{{real_pictures, 0}}, rater_of, picture_of;
        for (const auto& answer : answers) group_of.emplace(answer.model, 0);
        for (auto& [name, group] : group_of)
            if (name != real_pictures) {
                group = groups.size();
                groups.push_back(name);
            }
        pictures.resize(groups.size());
        for (const auto& answer : answers) {
            const auto group = group_of.at(answer.model);
            const auto rater = rater_of.try_emplace(answer.rater, rater_of.size()).first->second;
            const auto [picture, is_new] = picture_of.try_emplace(answer.picture, picture_of.size());
            if (is_new) pictures[group].push_back(picture->second);
            cells.push_back({rater, picture->second, group, answer.said_fake});
        }
        raters = rater_of.size();
        all_pictures = picture_of.size();
    }
};

/// What a rater said of a group's pictures, each counted as often as it was drawn.
struct Tally {
    double shown = 0, called_fake = 0;

    double share() const { return called_fake / shown; }
};

/// By rater and group.
std::vector<std::vector<Tally>> count(const Sheet& sheet, const std::vector<double>& picture_weights) {
    std::vector tallies(sheet.raters, std::vector<Tally>(sheet.groups.size()));
    for (const auto& cell : sheet.cells) {
        auto& tally = tallies[cell.rater][cell.group];
        tally.shown += picture_weights[cell.picture];
        tally.called_fake += cell.fake * picture_weights[cell.picture];
    }
    return tallies;
}

/// Mean F of a model over the raters who saw it, each counted as often as drawn; nothing if none did.
std::optional<double> mean_f(const std::vector<std::vector<Tally>>& tallies,
                             const std::vector<double>& rater_weights, std::size_t group) {
    double sum = 0, weight = 0;
    for (std::size_t rater = 0; rater < tallies.size(); ++rater) {
        const auto &fakes = tallies[rater][group], &reals = tallies[rater][0];
        if (rater_weights[rater] == 0 || fakes.shown == 0 || reals.shown == 0) continue;
        sum += rater_weights[rater] * f_measure(fakes.share(), reals.share());
        weight += rater_weights[rater];
    }
    return weight > 0 ? std::optional(sum / weight) : std::nullopt;
}

double realism_of(double f) { return 2 * (1 - f); }

/// How often each of `size` things is drawn in `size` draws with replacement.
std::vector<double> draw_weights(std::size_t size, Rng& rng) {
    std::vector<double> weights(size, 0);
    for (std::size_t i = 0; i < size; ++i) weights[rng.index(static_cast<int>(size))] += 1;
    return weights;
}

std::vector<double> draw_picture_weights(const Sheet& sheet, Rng& rng) {
    std::vector<double> weights(sheet.all_pictures, 0);
    for (const auto& group : sheet.pictures)
        for (std::size_t i = 0; i < group.size(); ++i)
            weights[group[rng.index(static_cast<int>(group.size()))]] += 1;
    return weights;
}

double percentile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

/// Realism of each group in each resample in which it could be computed.
std::vector<std::vector<double>> resample(const Sheet& sheet, Rng& rng, int resamples) {
    std::vector<std::vector<double>> values(sheet.groups.size());
    for (int i = 0; i < resamples; ++i) {
        const auto rater_weights = draw_weights(sheet.raters, rng);
        const auto tallies = count(sheet, draw_picture_weights(sheet, rng));
        for (std::size_t group = 1; group < sheet.groups.size(); ++group)
            if (const auto f = mean_f(tallies, rater_weights, group)) values[group].push_back(realism_of(*f));
    }
    return values;
}

ModelRealism score_model(const Sheet& sheet, const std::vector<std::vector<Tally>>& tallies,
                         std::size_t group) {
    ModelRealism score{.model = sheet.groups[group],
                       .pictures = static_cast<int>(sheet.pictures[group].size())};
    const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
    for (const auto& rater : tallies) {
        const auto &fakes = rater[group], &reals = rater[0];
        score.answers += whole(fakes.shown);
        if (fakes.shown == 0 || reals.shown == 0) continue;
        ++score.raters;
        score.hit_rate += fakes.share();
        score.d_prime += d_prime(whole(fakes.called_fake), whole(fakes.shown), whole(reals.called_fake),
                                 whole(reals.shown));
    }
    const std::vector<double> once(sheet.raters, 1);
    score.f = mean_f(tallies, once, group).value_or(0);
    score.realism = realism_of(score.f);
    for (auto* value : {&score.hit_rate, &score.d_prime}) *value /= std::max(1, score.raters);
    return score;
}

double false_alarm_rate(const std::vector<std::vector<Tally>>& tallies) {
    double sum = 0;
    int raters = 0;
    for (const auto& rater : tallies)
        if (rater[0].shown > 0) {
            sum += rater[0].share();
            ++raters;
        }
    return sum / raters;
}

std::vector<PictureVerdict> most_mistaken(std::span<const RealismAnswer> answers, bool real,
                                          std::size_t most) {
    std::map<std::string, PictureVerdict> verdicts;
    for (const auto& answer : answers) {
        if ((answer.model == real_pictures) != real) continue;
        auto& verdict = verdicts[answer.picture];
        verdict.picture = answer.picture;
        verdict.model = answer.model;
        ++verdict.answers;
        verdict.mistaken += answer.said_fake == real;
    }
    std::vector<PictureVerdict> list;
    for (auto& [picture, verdict] : verdicts)
        if (verdict.mistaken > 0) list.push_back(std::move(verdict));
    // Of the same share, the one that more people agree on.
    std::ranges::stable_sort(list, [](const PictureVerdict& a, const PictureVerdict& b) {
        const auto left = a.mistaken * b.answers, right = b.mistaken * a.answers;
        return left != right ? left > right : a.answers > b.answers;
    });
    list.resize(std::min(most, list.size()));
    return list;
}

}  // namespace

double f_measure(double hit_rate, double false_alarm_rate) {
    return 2 * hit_rate / (1 + hit_rate + false_alarm_rate);
}

double d_prime(int hits, int fakes, int false_alarms, int reals) {
    const auto corrected = [](int count, int total) { return (count + 0.5) / (total + 1); };
    return normal_quantile(corrected(hits, fakes)) - normal_quantile(corrected(false_alarms, reals));
}

RealismScore score_realism(std::span<const RealismAnswer> answers, Rng& rng, int resamples) {
    const Sheet sheet(answers);
    if (sheet.pictures[0].empty() || sheet.groups.size() < 2)
        throw Error("The answers must be to real pictures and to fakes; one of the two kinds is missing.");
    const auto tallies = count(sheet, std::vector<double>(sheet.all_pictures, 1));
    RealismScore score{.false_alarm_rate = false_alarm_rate(tallies),
                       .raters = static_cast<int>(sheet.raters),
                       .reals = static_cast<int>(sheet.pictures[0].size()),
                       .answers = static_cast<int>(answers.size())};
    auto values = resample(sheet, rng, resamples);
    for (std::size_t group = 1; group < sheet.groups.size(); ++group) {
        auto model = score_model(sheet, tallies, group);
        if (model.raters == 0) continue;
        auto& sorted = values[group];
        std::ranges::sort(sorted);
        // Resamples that are all alike would claim a certainty that a few answers do not give.
        const bool vary = !sorted.empty() && sorted.front() != sorted.back();
        if (model.pictures >= 2 && score.reals >= 2 && vary)
            model.interval = {percentile(sorted, 0.025), percentile(sorted, 0.975)};
        score.models.push_back(std::move(model));
    }
    return score;
}

std::vector<PictureVerdict> hardest_fakes(std::span<const RealismAnswer> answers, std::size_t count) {
    return most_mistaken(answers, false, count);
}

std::vector<PictureVerdict> distrusted_reals(std::span<const RealismAnswer> answers, std::size_t count) {
    return most_mistaken(answers, true, count);
}

}  // namespace modescope
