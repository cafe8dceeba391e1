#include "core/folders/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/folders/decode.h"
#include "core/tasks/label_file.h"

namespace fs = std::filesystem;

namespace modescope::folders {
namespace {

constexpr int held_back = 10;  // every tenth file
constexpr int probes = 9;      // files that tell what most of a folder are

/// A link whose file is gone is a bad picture rather than none.
bool leads_nowhere(const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.is_symlink(ignored) && !entry.exists(ignored);
}

bool is_picture(const fs::directory_entry& entry) {
    static const std::vector<std::string> suffixes{".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"};
    auto suffix = entry.path().extension().string();
    for (auto& c : suffix)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    std::error_code ignored;
    return std::ranges::find(suffixes, suffix) != suffixes.end() &&
           !entry.path().filename().string().starts_with('.') &&
           (entry.is_regular_file(ignored) || leads_nowhere(entry));
}

bool twice_as_wide(const std::string& path) {
    try {
        const auto size = read_photo(path, {1, 1}).full;
        return size.width == 2 * size.height;
    } catch (const FileProblem&) {
        return false;
    }
}

/// Some from everywhere in the list.
std::vector<Entry> probed(const std::vector<Entry>& entries) {
    const std::size_t count = std::min<std::size_t>(entries.size(), probes);
    std::vector<Entry> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(entries[entries.size() * i / count]);
    return some;
}

bool mostly_twice_as_wide(const std::vector<Entry>& entries) {
    const auto some = probed(entries);
    const auto wide = std::ranges::count_if(some, twice_as_wide, &Entry::picture);
    return 2 * wide > std::ssize(some);
}

void set_validation_aside(Listing& listing) {
    auto& train = listing.splits[Train];
    if (!listing.splits[Val].empty() || train.empty()) return;
    listing.set_aside = true;
    const auto all = std::exchange(train, {});
    for (std::size_t i = 0; i < all.size(); ++i)
        (i % held_back == 0 ? listing.splits[Val] : train).push_back(all[i]);
    if (train.empty()) train = all;
}

int channels_of(const std::string& labels) {
    if (labels.empty()) return 0;
    try {
        return read_label_values(labels).channels();
    } catch (const FileProblem&) {
        return 0;
    }
}

/// What most of the label maps have, for the first one may be the bad one.
int channels_of_labels(const Listing& listing) {
    std::vector<Entry> all;
    for (const auto& split : listing.splits) all.insert(all.end(), split.begin(), split.end());
    int ids = 0, colours = 0;
    for (const auto& entry : probed(all)) {
        const int channels = channels_of(entry.labels);
        ids += channels == 1;
        colours += channels == 3;
    }
    if (ids + colours == 0) return 0;
    return ids >= colours ? 1 : 3;
}

std::optional<Listing> recognise(const std::string& folder, std::optional<Task> task) {
    for (const auto list : {list_cityscapes, list_celeba, list_labels})
        if (auto listing = list(folder)) return listing;
    return list_pictures(folder, task);
}

/// Those of the folder, or if it has none those of the folders in it, one for each thousand or class.
std::vector<Entry> entries_below(const std::string& folder) {
    auto entries = entries_in(folder);
    if (!entries.empty()) return entries;
    for (const auto& name : folders_in(folder))
        std::ranges::move(entries_in(folder + "/" + name), std::back_inserter(entries));
    return entries;
}

}  // namespace

Listing list_folder(const std::string& folder, std::optional<Task> task) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw Error(fmt::format("There is no folder \"{}\"; name the folder that holds the data.", folder));
    auto listing = recognise(folder, task);
    if (!listing)
        throw Error(fmt::format(
            "{} is no data folder that Modescope knows; it looked for pictures or aligned pairs in train/ "
            "and val/, leftImg8bit/ with gtFine/ (Cityscapes), train/ with trainannot/, images/ with "
            "labels/ or 701_StillsRaw_full/ with LabeledApproved_full/ (label maps), img_align_celeba/ with "
            "list_eval_partition.txt (CelebA), and pictures in the folder itself.",
            folder));
    listing->folder = folder;
    set_validation_aside(*listing);
    listing->label_channels = channels_of_labels(*listing);
    return *listing;
}

Listing list_for_task(const std::string& folder, Task task) {
    auto listing = list_folder(folder, task);
    const auto& served = tasks_of(listing.layout);
    if (std::ranges::find(served, task) != served.end()) return listing;
    std::vector<std::string> ids;
    for (const auto other : served) ids.push_back(info(other).id);
    throw Error(fmt::format("{} holds {}, which serve the task {}, not {}; choose a preset of that task.",
                            folder, name_of(listing.layout), fmt::join(ids, " or "), info(task).id));
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

std::optional<Listing> list_pictures(const std::string& folder, std::optional<Task> task) {
    Listing listing;
    for (const int split : {Train, Val, Test})
        listing.splits[split] = entries_below(folder + "/" + split_names[split]);
    auto& train = listing.splits[Train];
    if (train.empty()) {
        listing.splits = {entries_below(folder)};
        return train.empty() ? std::nullopt : std::optional(listing);
    }
    listing.square_halves = mostly_twice_as_wide(train);
    if (listing.square_halves || task == Task::picture) listing.layout = FolderLayout::pairs;
    return listing;
}

void visit_entries(const std::string& folder, const std::function<void(const fs::directory_entry&)>& visit) {
    std::error_code error;
    // A range-based loop throws what names no folder where going on fails.
    for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error))
        visit(*entry);
    if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
        throw Error(fmt::format("{} cannot be listed: {}; see that its disk is there and it may be read.",
                                folder, error.message()));
}

std::vector<Entry> entries_in(const std::string& folder) {
    std::vector<Entry> entries;
    for (const auto& name : pictures_in(folder)) entries.push_back({.picture = folder + "/" + name});
    return entries;
}

}  // namespace modescope::folders

namespace modescope {

std::vector<std::string> pictures_in(const std::string& folder) {
    std::vector<std::string> names;
    folders::visit_entries(folder, [&](const fs::directory_entry& entry) {
        if (folders::is_picture(entry)) names.push_back(entry.path().filename().string());
    });
    std::ranges::sort(names);
    return names;
}

}  // namespace modescope
