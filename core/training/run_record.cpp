#include "core/training/run_record.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/file.h"
#include "core/base/json_text.h"
#include "core/training/run_directory.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

std::optional<LogRow> row_of(const std::string& line) {
    const auto json = read_json(line);
    if (!json.is_object()) return {};
    const auto step = json.find("step"), phase = json.find("phase");
    if (step == json.end() || !step->is_number_integer()) return {};
    LogRow row{.step = step->get<std::int64_t>(), .predictor = phase != json.end() && *phase == "predictor"};
    for (const auto& [name, value] : json.items()) {
        if (!value.is_number() || name == "step") continue;
        if (name == "ms")
            row.ms = value.get<double>();
        else
            row.values.emplace_back(name, value.get<double>());
    }
    return row;
}

std::vector<LogRow> log_of(const std::string& directory) {
    std::vector<LogRow> log;
    std::ifstream file(fs::path(directory) / "log.jsonl");
    for (std::string line; std::getline(file, line);)
        if (auto row = row_of(line)) log.push_back(std::move(*row));
    return log;
}

Progress progress_of(const Spec& spec, const std::vector<LogRow>& log) {
    Progress progress;
    for (const auto& row : log) {
        auto& step = row.predictor ? progress.predictor_step : progress.step;
        step = std::max(step, row.step);
    }
    progress.predictor_ready = !spec.objective.needs_predictor() ||
                               progress.predictor_step >= spec.training.predictor_steps || progress.step > 0;
    return progress;
}

}  // namespace

std::vector<SampleGrid> grids_of(const std::string& directory) {
    std::vector<SampleGrid> grids;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(directory) / "grids", ignored)) {
        auto name = entry.path().stem().string();
        const bool predictor = name.starts_with(predictor_grid);
        if (predictor) name.erase(0, std::size(predictor_grid) - 1);
        std::int64_t step = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), step);
        if (entry.path().extension() == ".png" && error == std::errc() && end == name.data() + name.size())
            grids.push_back({step, entry.path().string(), predictor});
    }
    std::ranges::sort(grids, {},
                      [](const SampleGrid& grid) { return std::pair(!grid.predictor, grid.step); });
    return grids;
}

RunRecord read_run(const std::string& directory) {
    RunRecord record{.spec = spec_of_run(directory), .log = log_of(directory), .grids = grids_of(directory)};
    record.progress = progress_of(record.spec, record.log);
    return record;
}

std::vector<std::string> find_runs(const std::string& folder) {
    std::vector<std::pair<fs::file_time_type, std::string>> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const auto spec = entry.path() / "spec.json";
        if (fs::exists(spec, ignored))
            found.emplace_back(fs::last_write_time(spec, ignored), entry.path().string());
    }
    std::ranges::sort(found, std::greater());
    std::vector<std::string> paths;
    for (auto& [time, path] : found) paths.push_back(std::move(path));
    return paths;
}

}  // namespace modescope
