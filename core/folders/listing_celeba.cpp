#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/folders/listing.h"

namespace modescope::folders {
namespace {

/// A line of the list: "000001.jpg 0".
struct Row {
    std::string name;
    int split = -1;
};

std::optional<Row> parse_row(const std::string& line) {
    Row row;
    std::istringstream words(line);
    if (!(words >> row.name >> row.split) || row.split < Train || row.split > Test) return {};
    return row;
}

std::vector<Row> read_rows(const std::string& path, std::vector<std::string>& damaged) {
    std::vector<Row> rows;
    std::istringstream lines(read_text_file(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        if (const auto row = parse_row(line))
            rows.push_back(*row);
        else
            damaged.push_back(fmt::format("line {}: {}", number, line));
    }
    return rows;
}

/// One entry for all, for a list may have two hundred thousand lines.
void report(std::vector<BadFile>& bad, const std::string& path, const std::vector<std::string>& names,
            const char* problem) {
    constexpr std::size_t most_named = 20;
    std::vector<std::string> named;
    for (const auto& name : std::span(names).first(std::min(names.size(), most_named)))
        named.push_back(shown(name));
    if (names.size() > most_named) named.push_back(fmt::format("{} more", names.size() - most_named));
    if (!names.empty()) bad.push_back({path, fmt::format("{}: {}.", problem, fmt::join(named, ", "))});
}

/// The path in the first of those sub-folders that has it, as downloads do or people put things together;
/// empty if none has.
std::string find_in(const std::string& folder, std::initializer_list<const char*> places, const char* name) {
    std::error_code ignored;
    for (const auto* place : places)
        if (std::filesystem::exists(folder + place + name, ignored)) return folder + place + name;
    return {};
}

}  // namespace

std::optional<Listing> list_celeba(const std::string& folder) {
    Listing listing{.layout = FolderLayout::celeba};
    const auto list = find_in(folder, {"", "/Eval", "/Anno"}, "/list_eval_partition.txt");
    const auto photos = find_in(folder, {"", "/Img"}, "/img_align_celeba");
    const auto names = pictures_in(photos);
    if (names.empty() || list.empty()) return {};
    std::set<std::string> there(names.begin(), names.end()), unlisted = there;
    std::vector<std::string> damaged, missing, again;
    for (const auto& [name, split] : read_rows(list, damaged))
        if (unlisted.erase(name))
            listing.splits[split].push_back({.picture = photos + "/" + name});
        else
            (there.contains(name) ? again : missing).push_back(name);
    report(listing.bad, list, damaged, "has lines that are not a file name and 0, 1 or 2");
    report(listing.bad, list, missing, "lists pictures that img_align_celeba/ lacks");
    report(listing.bad, list, again, "lists pictures more than once");
    report(listing.bad, photos, {unlisted.begin(), unlisted.end()},
           "holds pictures that list_eval_partition.txt lacks");
    return listing;
}

}  // namespace modescope::folders
