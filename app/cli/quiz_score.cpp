#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/metrics/realism_file.h"

namespace modescope::cli {
namespace {

/// Of the bootstrap, so that a file always gets the same intervals.
constexpr std::uint64_t bootstrap_seed = 1;
constexpr std::size_t pictures_named = 5;

struct Options {
    std::string file, json;
};

std::string interval(const ModelRealism& model) {
    return model.interval ? fmt::format("{:.2f} … {:.2f}", (*model.interval)[0], (*model.interval)[1]) : "–";
}

void print(const RealismScore& score) {
    fmt::print("{} answers of {} raters; {} real pictures, {:.0f} % of them called fake\n\n", score.answers,
               score.raters, score.reals, 100 * score.false_alarm_rate);
    fmt::print("{:<28}{:>9}{:>15}{:>7}{:>13}{:>7}{:>10}{:>8}\n", "model", "realism", "95 %", "F",
               "called fake", "d′", "pictures", "raters");
    for (const auto& model : score.models)
        fmt::print("{:<28}{:>9.2f}{:>15}{:>7.2f}{:>11.0f} %{:>7.2f}{:>10}{:>8}\n", model.model, model.realism,
                   interval(model), model.f, 100 * model.hit_rate, model.d_prime, model.pictures,
                   model.raters);
    fmt::print("\nrealism = 2(1 − F): 0 always recognised as fake, 1 no better than guessing\n");
}

void print(const char* title, const std::vector<PictureVerdict>& verdicts) {
    if (verdicts.empty()) return;
    fmt::print("\n{}\n", title);
    for (const auto& verdict : verdicts)
        fmt::print("  {}  {} of {}  ({})\n", verdict.picture, verdict.mistaken, verdict.answers,
                   verdict.model);
}

nlohmann::json to_json(const std::vector<PictureVerdict>& verdicts) {
    auto list = nlohmann::json::array();
    for (const auto& verdict : verdicts)
        list.push_back({{"picture", verdict.picture},
                        {"model", verdict.model},
                        {"answers", verdict.answers},
                        {"mistaken", verdict.mistaken}});
    return list;
}

void score(const Options& options) {
    const auto answers = read_answers(options.file);
    Rng rng(bootstrap_seed);
    const auto score = score_realism(answers, rng);
    const auto fakes = hardest_fakes(answers, pictures_named);
    const auto reals = distrusted_reals(answers, pictures_named);
    if (options.json != "-") {
        print(score);
        print("fakes most often taken for real", fakes);
        print("real pictures most often taken for fake", reals);
    }
    auto json = modescope::to_json(score);
    json["hardest_fakes"] = to_json(fakes);
    json["distrusted_reals"] = to_json(reals);
    write_json(options.json, json);
}

}  // namespace

void add_quiz_score(CLI::App& app) {
    auto* command = app.add_subcommand(
        "quiz-score", "Compute realism = 2(1 − F) from the answers of a realism quiz, with 95 % intervals.");
    auto options = std::make_shared<Options>();
    command
        ->add_option("file", options->file,
                     "Answers: what the quiz exports or saves (.csv or .json); the CSV's columns are "
                     "rater,picture,model,said,milliseconds,order")
        ->required();
    add_json_option(*command, options->json);
    command->callback([options] { score(*options); });
}

}  // namespace modescope::cli
