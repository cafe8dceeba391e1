#include "app/labs/quiz/quiz_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/metrics/realism_file.h"

namespace modescope {
namespace {

using nlohmann::json;

constexpr int practice_pairs = 3;  // a real picture and a fake each
constexpr char format[] = "modescope-quiz-1";
/// Streams of the quiz's seed.
constexpr std::uint64_t mixing_stream = 1, rater_stream = 1000;

template <class T>
void shuffle(std::vector<T>& list, Rng rng) {
    for (std::size_t i = list.size(); i > 1; --i)
        std::swap(list[i - 1], list[rng.index(static_cast<int>(i))]);
}

json to_json(const std::vector<QuizPicture>& pictures) {
    auto list = json::array();
    for (const auto& picture : pictures) list.push_back({{"id", picture.id}, {"model", picture.model}});
    return list;
}

/// Reads keys of an object; a missing key or a wrong type throws Error.
class Keys {
public:
    Keys(const json& object, const std::string& origin) : object_(object), origin_(origin) {
        if (!object.is_object()) throw Error(fmt::format("{} is not a realism quiz.", origin));
    }

    template <class T>
    T get(const char* key) const {
        try {
            return object_.at(key).get<T>();
        } catch (const json::exception&) {
            throw Error(fmt::format("{}: {} is missing or of the wrong kind.", origin_, key));
        }
    }
    /// Each entry of a list of objects.
    template <class Read>
    void each(const char* key, Read read) const {
        for (const auto& entry : get<json::array_t>(key)) read(Keys(entry, origin_ + ": " + key));
    }
    [[noreturn]] void refuse(const char* key, const char* must) const {
        throw Error(fmt::format("{}: {} must be {}.", origin_, key, must));
    }

private:
    const json& object_;
    std::string origin_;
};

std::vector<QuizPicture> pictures_from(const Keys& quiz, const char* key,
                                       const std::vector<QuizModel>& models) {
    std::vector<QuizPicture> list;
    std::set<std::string> seen;
    quiz.each(key, [&](const Keys& entry) {
        QuizPicture picture{entry.get<std::string>("id"), entry.get<std::string>("model")};
        const bool plain = !picture.id.empty() && picture.id.find_first_of("/\\.") == std::string::npos;
        if (!plain || !seen.insert(picture.id).second) entry.refuse("id", "a plain name of its own");
        if (picture.model != real_pictures &&
            std::ranges::find(models, picture.model, &QuizModel::name) == models.end())
            entry.refuse("model", "real or one of the quiz's models");
        list.push_back(std::move(picture));
    });
    return list;
}

}  // namespace

int Quiz::answered_by(const std::string& rater) const {
    return static_cast<int>(std::ranges::count(answers, rater, &RealismAnswer::rater));
}

Quiz plan_quiz(std::string title, std::vector<QuizModel> models, int per_model, std::uint64_t seed) {
    Quiz quiz{.title = std::move(title), .seed = seed, .models = std::move(models)};
    const auto fakes = static_cast<int>(quiz.models.size()) * per_model;
    for (const auto& model : quiz.models)
        for (int i = 0; i < per_model; ++i) quiz.pictures.push_back({"", model.name});
    for (int i = 0; i < fakes; ++i) quiz.pictures.push_back({"", real_pictures});
    for (int i = 0; i < practice_pairs; ++i) {
        quiz.practice.push_back({"", real_pictures});
        quiz.practice.push_back({"", quiz.models[i % quiz.models.size()].name});
    }
    shuffle(quiz.pictures, Rng::at(seed, mixing_stream));
    shuffle(quiz.practice, Rng::at(seed, mixing_stream + 1));
    int number = 0;
    for (auto* list : {&quiz.practice, &quiz.pictures})
        for (auto& picture : *list) picture.id = fmt::format("{:04}", ++number);
    return quiz;
}

json to_json(const Quiz& quiz) {
    json result{{"format", format},
                {"title", quiz.title},
                {"seed", quiz.seed},
                {"exposure_milliseconds", quiz.exposure},
                {"break_every", quiz.break_every},
                {"models", json::array()},
                {"practice", to_json(quiz.practice)},
                {"pictures", to_json(quiz.pictures)},
                {"raters", quiz.raters},
                {"answers", to_json(std::span(quiz.answers))}};
    for (const auto& model : quiz.models)
        result["models"].push_back(
            {{"name", model.name}, {"label", model.label}, {"configuration", model.configuration}});
    return result;
}

Quiz quiz_from_json(const json& document, const std::string& origin) {
    const Keys keys(document, origin);
    if (keys.get<std::string>("format") != format) keys.refuse("format", format);
    Quiz quiz{.title = keys.get<std::string>("title"),
              .seed = keys.get<std::uint64_t>("seed"),
              .exposure = keys.get<int>("exposure_milliseconds"),
              .break_every = keys.get<int>("break_every"),
              .raters = keys.get<std::vector<std::string>>("raters"),
              .answers = answers_from_json(keys.get<json>("answers"), origin)};
    if (quiz.exposure < 0) keys.refuse("exposure_milliseconds", "0 or more");
    if (quiz.break_every < 0) keys.refuse("break_every", "0 or more");
    keys.each("models", [&](const Keys& entry) {
        quiz.models.push_back({entry.get<std::string>("name"), entry.get<std::string>("label"),
                               entry.get<std::string>("configuration")});
    });
    quiz.practice = pictures_from(keys, "practice", quiz.models);
    quiz.pictures = pictures_from(keys, "pictures", quiz.models);
    return quiz;
}

QuizPass::QuizPass(Quiz& quiz, std::string rater) : quiz_(quiz), rater_(std::move(rater)) {
    auto place = std::ranges::find(quiz.raters, rater_);
    if (place == quiz.raters.end()) place = quiz.raters.insert(place, rater_);
    order_.resize(quiz.pictures.size());
    std::iota(order_.begin(), order_.end(), 0);
    shuffle(order_,
            Rng::at(quiz.seed, rater_stream + static_cast<std::uint64_t>(place - quiz.raters.begin())));
    std::set<std::string> judged;
    for (const auto& answer : quiz.answers)
        if (answer.rater == rater_) judged.insert(answer.picture);
    const auto open = std::ranges::stable_partition(
        order_, [&](std::size_t index) { return judged.contains(quiz.pictures[index].id); });
    done_ = static_cast<int>(open.begin() - order_.begin());
}

void QuizPass::answer(bool fake, double milliseconds) {
    const auto& picture = current();
    quiz_.answers.push_back({rater_, picture.id, picture.model, fake, milliseconds, ++done_});
    may_take_back_ = quiz_.exposure == 0 && !finished();
}

double QuizPass::take_back() {
    const double milliseconds = quiz_.answers.back().milliseconds;
    quiz_.answers.pop_back();
    --done_;
    may_take_back_ = false;
    return milliseconds;
}

bool QuizPass::break_due() const {
    return quiz_.break_every > 0 && done_ > 0 && !finished() && done_ % quiz_.break_every == 0;
}

}  // namespace modescope
