#include "core/experiments/compare_cache.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/sha256.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string path_of(const std::string& folder, const std::string& key) {
    return (fs::path(folder) / (sha256(key) + ".json")).string();
}

/// Throws nlohmann's exceptions and Error.
Row row_from(const Json& numbers, std::size_t metrics) {
    const auto values = numbers.get<std::vector<double>>();
    if (values.size() != 2 * metrics) throw Error("A row of another length.");
    Row row;
    for (std::size_t i = 0; i < values.size(); i += 2) row.push_back({values[i], values[i + 1]});
    return row;
}

}  // namespace

std::vector<Row> load_rows(const std::string& folder, const std::string& key, std::size_t metrics) {
    std::error_code ignored;
    const auto path = path_of(folder, key);
    if (folder.empty() || !fs::exists(path, ignored)) return {};
    try {
        const auto json = Json::parse(read_file(path));
        if (json.at("key").get<std::string>() != key) return {};
        std::vector<Row> rows;
        for (const auto& numbers : json.at("rows")) rows.push_back(row_from(numbers, metrics));
        return rows;
    } catch (const std::exception&) {
        return {};
    }
}

void store_rows(const std::string& folder, const std::string& key, const std::vector<Row>& rows) {
    if (folder.empty() || rows.empty()) return;
    Json list = Json::array();
    for (const auto& row : rows) {
        Json numbers = Json::array();
        for (const auto& part : row) {
            numbers.push_back(part.sum);
            numbers.push_back(part.weight);
        }
        list.push_back(std::move(numbers));
    }
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    try {
        write_file(path_of(folder, key), Json{{"key", key}, {"rows", list}}.dump());
    } catch (const std::exception&) {
        // A full disk must not lose what was measured.
    }
}

std::string compare_cache_folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
        return (fs::path(cache) / "modescope" / "compare").string();
    if (const char* home = std::getenv("HOME"); home && *home)
        return (fs::path(home) / ".cache" / "modescope" / "compare").string();
    return {};
}

}  // namespace modescope
