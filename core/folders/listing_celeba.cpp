#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <set>
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

Row parse_row(const std::string& path, const std::string& line, int number) {
    Row row;
    std::istringstream words(line);
    if (!(words >> row.name >> row.split) || row.split < Train || row.split > Test)
        throw Error(
            fmt::format("{}, line {}: \"{}\" is not a file name and 0, 1 or 2.", path, number, shown(line)));
    return row;
}

std::vector<Row> read_rows(const std::string& path) {
    std::vector<Row> rows;
    std::istringstream lines(read_text_file(path));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number)
        if (line.find_first_not_of(" \t\r") != line.npos) rows.push_back(parse_row(path, line, number));
    return rows;
}

/// One entry for all, because a list may name two hundred thousand.
void report(std::vector<BadFile>& bad, const std::string& path, const std::vector<std::string>& names,
            const char* problem) {
    if (!names.empty())
        bad.push_back({path, fmt::format(fmt::runtime(problem), names.size(), shown(names[0]))});
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
    std::set<std::string> unlisted(names.begin(), names.end());
    std::vector<std::string> missing;
    for (const auto& [name, split] : read_rows(list))
        if (unlisted.erase(name))
            listing.splits[split].push_back({.picture = photos + "/" + name});
        else
            missing.push_back(name);
    report(listing.bad, list, missing, "lists pictures that img_align_celeba/ lacks: {}, such as {}.");
    report(listing.bad, photos, {unlisted.begin(), unlisted.end()},
           "holds pictures that list_eval_partition.txt lacks: {}, such as {}.");
    return listing;
}

}  // namespace modescope::folders
