#include "core/metrics/realism_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/base/number.h"
#include "core/base/text.h"

namespace modescope {
namespace {

using nlohmann::json;

constexpr std::array columns{"rater", "picture", "model", "said", "milliseconds", "order"};
using Fields = std::vector<std::string>;

/// One answer from its six texts; `where` begins the sentence of an Error.
RealismAnswer answer_from(const Fields& fields, const std::string& where) {
    const auto fail = [&](const char* column, const char* must) {
        throw Error(fmt::format("{}: {} must be {}.", where, column, must));
    };
    for (std::size_t i = 0; i < 3; ++i)
        if (fields[i].empty() || !is_utf8(fields[i])) fail(columns[i], "a text in UTF-8, and not empty");
    if (fields[3] != "fake" && fields[3] != "real") fail("said", "fake or real");
    const auto milliseconds = parse_number(fields[4]), order = parse_number(fields[5]);
    if (!milliseconds || !std::isfinite(*milliseconds) || *milliseconds < 0)
        fail("milliseconds", "a number of 0 or more");
    if (!order || *order < 1 || *order > 1e9 || *order != std::floor(*order))
        fail("order", "a whole number of 1 or more");
    return {fields[0], fields[1], fields[2], fields[3] == "fake", *milliseconds, static_cast<int>(*order)};
}

/// Finds what no single answer shows.
class Checker {
public:
    void add(const RealismAnswer& answer, const std::string& where) {
        if (!judged_.emplace(answer.rater, answer.picture).second)
            throw Error(fmt::format("{}: {} has judged the picture {} before; keep one of the answers.",
                                    where, shown(answer.rater), shown(answer.picture)));
        const auto& model = models_.emplace(answer.picture, answer.model).first->second;
        if (model != answer.model)
            throw Error(
                fmt::format("{}: the picture {} is of {} here and of {} before; give each picture its "
                            "own name.",
                            where, shown(answer.picture), shown(answer.model), shown(model)));
    }

private:
    std::set<std::pair<std::string, std::string>> judged_;
    std::map<std::string, std::string> models_;
};

/// Reads the records of a CSV text one by one; quoted fields may hold commas, quotes and line breaks.
class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ >= text_.size(); }
    /// Of the record that record() reads next, from 1.
    int line() const { return line_; }

    Fields record() {
        Fields fields{field()};
        while (take(',')) fields.push_back(field());
        take('\r');
        take('\n');
        return fields;
    }

private:
    bool take(char wanted) {
        if (at_end() || text_[at_] != wanted) return false;
        ++at_;
        line_ += wanted == '\n';
        return true;
    }

    std::string field() {
        if (take('"')) return quoted();
        const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        return std::string(text_.substr(std::exchange(at_, end), end - at_));
    }

    std::string quoted() {
        std::string value;
        while (!at_end()) {
            if (take('"')) {
                if (!take('"')) return value;
                value += '"';
            } else {
                line_ += text_[at_] == '\n';
                value += text_[at_++];
            }
        }
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
};

std::vector<RealismAnswer> answers_from_csv(const std::string& text, const std::string& origin) {
    const Fields header(columns.begin(), columns.end());
    CsvReader reader(text);
    if (reader.record() != header)
        throw Error(fmt::format("{}: line 1 must be {}.", origin, fmt::join(columns, ",")));
    std::vector<RealismAnswer> answers;
    Checker checker;
    while (!reader.at_end()) {
        const auto where = fmt::format("{}: line {}", origin, reader.line());
        const auto fields = reader.record();
        if (fields == Fields{""}) continue;
        if (fields.size() != columns.size())
            throw Error(
                fmt::format("{} has {} fields; it must have {}.", where, fields.size(), columns.size()));
        answers.push_back(answer_from(fields, where));
        checker.add(answers.back(), where);
    }
    return answers;
}

/// Texts as they are, numbers as JSON writes them.
std::string text_at(const json& object, const char* key, bool number, const std::string& where) {
    const auto value = object.find(key);
    const bool fits = value != object.end() && (number ? value->is_number() : value->is_string());
    if (!fits) throw Error(fmt::format("{}: {} must be a {}.", where, key, number ? "number" : "text"));
    return number ? value->dump() : value->get<std::string>();
}

const char* said(const RealismAnswer& answer) { return answer.said_fake ? "fake" : "real"; }

}  // namespace

json to_json(std::span<const RealismAnswer> answers) {
    auto list = json::array();
    for (const auto& answer : answers)
        list.push_back({{"rater", answer.rater},
                        {"picture", answer.picture},
                        {"model", answer.model},
                        {"said", said(answer)},
                        {"milliseconds", answer.milliseconds},
                        {"order", answer.order}});
    return list;
}

std::vector<RealismAnswer> answers_from_json(const json& list, const std::string& origin) {
    if (!list.is_array()) throw Error(fmt::format("{}: answers must be a list.", origin));
    std::vector<RealismAnswer> answers;
    Checker checker;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto where = fmt::format("{}: answers[{}]", origin, i);
        if (!list[i].is_object()) throw Error(fmt::format("{} must be an object.", where));
        Fields fields;
        for (std::size_t k = 0; k < columns.size(); ++k)
            fields.push_back(text_at(list[i], columns[k], k >= 4, where));
        answers.push_back(answer_from(fields, where));
        checker.add(answers.back(), where);
    }
    return answers;
}

std::string to_csv(std::span<const RealismAnswer> answers) {
    auto text = fmt::format("{}\n", fmt::join(columns, ","));
    for (const auto& answer : answers)
        text += fmt::format("{},{},{},{},{},{}\n", csv_field(answer.rater), csv_field(answer.picture),
                            csv_field(answer.model), said(answer), answer.milliseconds, answer.order);
    return text;
}

json parse_json(const std::string& text, const std::string& origin) {
    if (is_too_deep(text)) throw Error(fmt::format("{} is damaged; copy the file again.", origin));
    try {
        return json::parse(text);
    } catch (const json::parse_error& error) {
        const auto line =
            1 + std::count(text.begin(), text.begin() + std::min(error.byte, text.size()), '\n');
        throw Error(fmt::format("{}: line {} is damaged JSON; copy the file again.", origin, line));
    } catch (const json::out_of_range&) {
        throw Error(fmt::format("{} has a number that is too large.", origin));
    }
}

std::vector<RealismAnswer> read_answers(const std::string& path) {
    const auto text = read_text_file(path);
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) throw Error(fmt::format("{} is empty.", path));
    if (text[first] != '{') return answers_from_csv(text, path);
    const auto document = parse_json(text, path);
    if (!document.contains("answers")) throw Error(fmt::format("{} has no key answers.", path));
    return answers_from_json(document["answers"], path);
}

json to_json(const RealismScore& score) {
    json result{{"models", json::array()},
                {"false_alarm_rate", score.false_alarm_rate},
                {"raters", score.raters},
                {"real_pictures", score.reals},
                {"answers", score.answers}};
    for (const auto& model : score.models) {
        json entry{{"model", model.model},       {"realism", model.realism}, {"f", model.f},
                   {"hit_rate", model.hit_rate}, {"d_prime", model.d_prime}, {"raters", model.raters},
                   {"pictures", model.pictures}, {"answers", model.answers}};
        if (model.interval) entry["interval"] = *model.interval;
        result["models"].push_back(std::move(entry));
    }
    return result;
}

}  // namespace modescope
