#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/folders/folder.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string folder, json;
};

FolderReport read_all(const std::string& folder) {
    ProgressLine line;
    return check_folder(folder, [&](double share) {
        line.show(share, "reading " + folder);
        return true;
    });
}

std::vector<std::string> task_ids(FolderLayout layout) {
    std::vector<std::string> ids;
    for (const auto task : tasks_of(layout)) ids.push_back(info(task).id);
    return ids;
}

nlohmann::json to_json(const SplitReport& split) {
    return {
        {"name", split.name}, {"set_aside", split.set_aside}, {"count", split.count}, {"sizes", split.sizes}};
}

nlohmann::json to_json(const Options& options, const FolderReport& report) {
    nlohmann::json json{
        {"folder", options.folder}, {"layout", name_of(report.layout)}, {"tasks", task_ids(report.layout)}};
    json["splits"] = json["classes"] = json["bad"] = nlohmann::json::array();
    for (const auto& split : report.splits) json["splits"].push_back(to_json(split));
    for (std::size_t i = 0; i < report.palette.size(); ++i) {
        const auto& [id, name, colour] = report.palette[i];
        json["classes"].push_back(
            {{"id", id},
             {"name", name},
             {"colour", fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2])},
             {"share", report.class_shares[i]}});
    }
    for (const auto& [path, problem] : report.bad)
        json["bad"].push_back({{"path", path}, {"problem", problem}});
    return json;
}

/// The most frequent ones: photos may have a size each.
std::string describe_sizes(const std::map<std::string, int>& sizes) {
    constexpr std::size_t shown = 3;
    std::vector<std::pair<std::string, int>> rows(sizes.begin(), sizes.end());
    std::ranges::stable_sort(rows, std::greater(), &std::pair<std::string, int>::second);
    std::string text;
    for (std::size_t i = 0; i < std::min(rows.size(), shown); ++i)
        text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", rows[i].first, rows[i].second);
    return rows.size() > shown ? fmt::format("{} and {} more", text, rows.size() - shown) : text;
}

void print_split(const SplitReport& split) {
    fmt::print("  {:<6}{:>7} usable{}; sizes: {}\n", split.name, split.count,
               split.set_aside ? ", set aside from train" : "", describe_sizes(split.sizes));
}

void print(const Options& options, const FolderReport& report) {
    fmt::print("{} holds {} for the task {}.\n", options.folder, name_of(report.layout),
               fmt::join(task_ids(report.layout), " or "));
    for (const auto& split : report.splits) print_split(split);
    if (!report.palette.empty()) fmt::print("Classes:\n");
    for (std::size_t i = 0; i < report.palette.size(); ++i)
        fmt::print("  {:<20} {:6.2f} %\n", report.palette[i].name, 100 * report.class_shares[i]);
    if (!report.bad.empty()) fmt::print("Bad files, which training skips: {}\n", report.bad.size());
    for (const auto& [path, problem] : report.bad) fmt::print("  {} {}\n", path, problem);
}

std::int64_t usable(const FolderReport& report, const std::string& split) {
    const auto found = std::ranges::find(report.splits, split, &SplitReport::name);
    return found == report.splits.end() ? 0 : found->count;
}

void check(const Options& options) {
    const auto report = read_all(options.folder);
    if (options.json != "-") print(options, report);
    write_json(options.json, to_json(options, report));
    for (const char* split : {"train", "val"})
        if (usable(report, split) == 0)
            throw Error(
                fmt::format("{} cannot be trained on: no file for {} can be used.", options.folder, split));
}

}  // namespace

void add_check(CLI::App& app) {
    auto* command = app.add_subcommand(
        "check", "Read every file of a data folder and say what it holds and which files are bad.");
    auto options = std::make_shared<Options>();
    command->add_option("folder", options->folder, "Folder of the data")->required();
    add_json_option(*command, options->json);
    command->callback([options] { check(*options); });
}

}  // namespace modescope::cli
