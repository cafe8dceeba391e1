#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/metrics/realism.h"

namespace modescope {

/// A model under test. Raters see none of this before the results.
struct QuizModel {
    std::string name;           ///< in answers; unique, never real_pictures
    std::string label;          ///< as shown in the results
    std::string configuration;  ///< as configuration_colour() knows it
};

struct QuizPicture {
    std::string id;     ///< its file in the quiz's folder is ID.png; says nothing of the model
    std::string model;  ///< a QuizModel's name, or real_pictures
};

/// A realism quiz: what is shown, and what people said so far. Every rater judges the same pictures, each
/// in an own order.
struct Quiz {
    std::string title;  ///< of the task: "Street · labels · 64 px"
    std::uint64_t seed = 1;
    int exposure = 0;      ///< milliseconds that a picture stays visible; 0 = until it is judged
    int break_every = 20;  ///< pictures between two breaks; 0 = none
    std::vector<QuizModel> models;
    std::vector<QuizPicture> practice, pictures;  ///< `pictures`: half of them real
    std::vector<std::string> raters;              ///< as they came, which decides their orders
    std::vector<RealismAnswer> answers;

    int answered_by(const std::string& rater) const;
};

/// A quiz without raters: `per_model` fakes of each model and as many real pictures as fakes, mixed so that
/// neither names nor places tell them apart; a few more to practise on.
Quiz plan_quiz(std::string title, std::vector<QuizModel> models, int per_model, std::uint64_t seed);

/// Its answers are those that read_answers() finds in the same file.
nlohmann::json to_json(const Quiz& quiz);
/// Throws Error that begins with `origin` and names the key.
Quiz quiz_from_json(const nlohmann::json& json, const std::string& origin);

/// One rater's way through a quiz; begins where they stopped. The quiz must outlive it.
class QuizPass {
public:
    /// Adds the rater to the quiz if they are new.
    QuizPass(Quiz& quiz, std::string rater);

    const std::string& rater() const { return rater_; }
    int done() const { return done_; }
    int count() const { return static_cast<int>(order_.size()); }
    bool finished() const { return done_ == count(); }
    /// The picture to judge; not when finished().
    const QuizPicture& current() const { return quiz_.pictures[order_[done_]]; }

    void answer(bool fake, double milliseconds);
    /// The last answer may be taken back, once, where pictures stay visible. In the timed mode it may not:
    /// the picture would be seen for longer than the others.
    bool can_take_back() const { return may_take_back_; }
    /// The picture is current again; returns the milliseconds it had taken, which count on.
    double take_back();
    /// A break is due before the current picture.
    bool break_due() const;

private:
    Quiz& quiz_;
    std::string rater_;
    std::vector<std::size_t> order_;  ///< those judged already come first
    int done_ = 0;
    bool may_take_back_ = false;
};

}  // namespace modescope
