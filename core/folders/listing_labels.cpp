// The layouts with label maps.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "core/folders/listing.h"

namespace fs = std::filesystem;

namespace modescope::folders {
namespace {

bool exists(const std::string& folder) {
    std::error_code ignored;
    return fs::is_directory(folder, ignored);
}

std::vector<std::string> folders_in(const std::string& folder) {
    std::vector<std::string> names;
    visit_entries(folder, [&](const fs::directory_entry& entry) {
        std::error_code ignored;
        if (entry.is_directory(ignored)) names.push_back(entry.path().filename().string());
    });
    std::ranges::sort(names);
    return names;
}

std::string stem_of(const std::string& name) { return fs::path(name).stem().string(); }

bool empty(const Listing& listing) {
    return listing.bad.empty() &&
           std::ranges::all_of(listing.splits, [](const auto& split) { return split.empty(); });
}

/// File names by stem.
using Names = std::map<std::string, std::string>;

/// The label map of a photo: of the same name, or with _L behind as CamVid distributes them, or _P as fast.ai
/// does.
Names::const_iterator find_map(const Names& maps, const std::string& stem) {
    for (const char* ending : {"", "_L", "_P"})
        if (const auto map = maps.find(stem + ending); map != maps.end()) return map;
    return maps.end();
}

/// Puts each photo of a folder together with its label map.
void match(const std::string& photos, const std::string& labels, std::vector<Entry>& entries,
           std::vector<BadFile>& bad) {
    Names maps;
    for (const auto& name : pictures_in(labels)) maps[stem_of(name)] = name;
    std::set<std::string> matched;
    for (const auto& name : pictures_in(photos)) {
        const auto map = find_map(maps, stem_of(name));
        if (map == maps.end()) {
            bad.push_back(
                {photos + "/" + name, fmt::format("has no label map of the same name in {}.", labels)});
            continue;
        }
        entries.push_back({photos + "/" + name, labels + "/" + map->second});
        matched.insert(map->first);
    }
    for (const auto& [stem, name] : maps)
        if (!matched.contains(stem))
            bad.push_back({labels + "/" + name, fmt::format("has no photo of the same name in {}.", photos)});
}

std::optional<Listing> list_camvid(const std::string& folder) {
    Listing listing{.layout = FolderLayout::labels, .camvid = true};
    for (const int split : {Train, Val, Test}) {
        const auto photos = folder + "/" + split_names[split], labels = photos + "annot";
        if (exists(photos) && exists(labels)) match(photos, labels, listing.splits[split], listing.bad);
    }
    return empty(listing) ? std::nullopt : std::optional(listing);
}

/// The last ones are CamVid's as it is distributed.
constexpr std::array<std::pair<const char*, const char*>, 3> beside{
    {{"/images", "/labels"}, {"/photos", "/labels"}, {"/701_StillsRaw_full", "/LabeledApproved_full"}}};

std::optional<Listing> list_beside(const std::string& photos, const std::string& labels) {
    Listing listing{.layout = FolderLayout::labels};
    if (!exists(photos) || !exists(labels)) return {};
    for (const int split : {Train, Val, Test}) {
        const auto name = std::string("/") + split_names[split];
        match(photos + name, labels + name, listing.splits[split], listing.bad);
    }
    if (empty(listing) && !pictures_in(photos).empty() && !pictures_in(labels).empty())
        match(photos, labels, listing.splits[Train], listing.bad);
    return empty(listing) ? std::nullopt : std::optional(listing);
}

/// The photos of one city.
void list_city(const std::string& photos, const std::string& labels, std::vector<Entry>& entries,
               std::vector<BadFile>& bad) {
    const std::string ending = "_leftImg8bit.png";
    for (const auto& name : pictures_in(photos)) {
        if (!name.ends_with(ending)) continue;
        const auto map =
            fmt::format("{}/{}_gtFine_labelIds.png", labels, name.substr(0, name.size() - ending.size()));
        std::error_code ignored;
        if (fs::exists(map, ignored))
            entries.push_back({photos + "/" + name, map});
        else
            bad.push_back({photos + "/" + name, fmt::format("has no label map {}.", map)});
    }
}

}  // namespace

std::optional<Listing> list_cityscapes(const std::string& folder) {
    Listing listing{.layout = FolderLayout::cityscapes};
    const auto photos = folder + "/leftImg8bit/", labels = folder + "/gtFine/";
    if (!exists(photos) || !exists(labels)) return {};
    for (const int split : {Train, Val, Test})
        for (const auto& city : folders_in(photos + split_names[split])) {
            const auto place = std::string(split_names[split]) + "/" + city;
            list_city(photos + place, labels + place, listing.splits[split], listing.bad);
        }
    return empty(listing) ? std::nullopt : std::optional(listing);
}

std::optional<Listing> list_labels(const std::string& folder) {
    if (auto listing = list_camvid(folder)) return listing;
    for (const auto& [photos, labels] : beside)
        if (auto listing = list_beside(folder + photos, folder + labels)) return listing;
    return {};
}

}  // namespace modescope::folders
