// The layouts with label maps.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/folders/listing.h"

namespace fs = std::filesystem;

namespace modescope::folders {
namespace {

bool exists(const std::string& folder) {
    std::error_code ignored;
    return fs::is_directory(folder, ignored);
}

std::string stem_of(const std::string& name) { return fs::path(name).stem().string(); }

bool empty(const Listing& listing) {
    return listing.bad.empty() &&
           std::ranges::all_of(listing.splits, [](const auto& split) { return split.empty(); });
}

/// File names by stem.
using Names = std::map<std::string, std::string>;

/// The pictures of a folder; of two that differ in what follows the dot only, the first.
Names names_in(const std::string& folder, std::vector<BadFile>& bad) {
    Names names;
    for (const auto& name : pictures_in(folder))
        if (const auto [first, is_new] = names.emplace(stem_of(name), name); !is_new)
            bad.push_back({folder + "/" + name, fmt::format("has the name of {}; keep one.", first->second)});
    return names;
}

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
    const auto maps = names_in(labels, bad);
    std::set<std::string> matched;
    for (const auto& [stem, name] : names_in(photos, bad)) {
        const auto map = find_map(maps, stem);
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
    std::vector<BadFile> alone;
    for (const int split : {Train, Val, Test}) {
        const auto photos = folder + "/" + split_names[split], labels = photos + "annot";
        if (exists(photos) && exists(labels))
            match(photos, labels, listing.splits[split], listing.bad);
        else if (exists(photos))
            alone.push_back({photos, fmt::format("has no label maps: there is no folder {}.", labels)});
    }
    if (empty(listing)) return {};
    listing.bad.insert(listing.bad.end(), alone.begin(), alone.end());
    return listing;
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

constexpr std::string_view photo_ending = "_leftImg8bit.png", map_ending = "_gtFine_labelIds.png";

/// The names in a folder that end so, without the end.
std::vector<std::string> beginnings_in(const std::string& folder, std::string_view ending) {
    std::vector<std::string> beginnings;
    for (const auto& name : pictures_in(folder))
        if (name.ends_with(ending)) beginnings.push_back(name.substr(0, name.size() - ending.size()));
    return beginnings;
}

/// The photos of one city.
void list_city(const std::string& photos, const std::string& labels, std::vector<Entry>& entries,
               std::vector<BadFile>& bad) {
    const auto names = beginnings_in(photos, photo_ending), mapped = beginnings_in(labels, map_ending);
    for (const auto& name : names) {
        const auto photo = fmt::format("{}/{}{}", photos, name, photo_ending),
                   map = fmt::format("{}/{}{}", labels, name, map_ending);
        if (std::ranges::binary_search(mapped, name))
            entries.push_back({photo, map});
        else
            bad.push_back({photo, fmt::format("has no label map {}.", map)});
    }
    for (const auto& name : mapped)
        if (!std::ranges::binary_search(names, name))
            bad.push_back({fmt::format("{}/{}{}", labels, name, map_ending),
                           fmt::format("has no photo {}/{}{}.", photos, name, photo_ending)});
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
