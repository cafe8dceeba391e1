#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "core/metrics/realism.h"

namespace modescope {

/// Answers as JSON: an object whose "answers" is a list of {"rater", "picture", "model", "said": "fake" or
/// "real", "milliseconds", "order"}. Other keys of the object are whoever's who wrote it.
nlohmann::json to_json(std::span<const RealismAnswer> answers);
/// The way back from such a list. Throws Error that begins with `origin` and names the entry and the key;
/// also when a rater judges a picture twice or a picture has two models.
std::vector<RealismAnswer> answers_from_json(const nlohmann::json& list, const std::string& origin);

/// The same as CSV (RFC 4180), a header line first: rater,picture,model,said,milliseconds,order.
std::string to_csv(std::span<const RealismAnswer> answers);

/// Reads a file of either form. Throws Error with one sentence that names the file and the line or key.
std::vector<RealismAnswer> read_answers(const std::string& path);

/// What `modescope quiz-score --json` writes: {"models": [{"model", "realism", "interval", "f", "hit_rate",
/// "d_prime", "raters", "pictures", "answers"}], "false_alarm_rate", "raters", "real_pictures", "answers"}.
nlohmann::json to_json(const RealismScore& score);

/// Parses JSON text; throws Error that begins with `origin` and names the line.
nlohmann::json parse_json(const std::string& text, const std::string& origin);

}  // namespace modescope
