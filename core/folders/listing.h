#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/folders/folder.h"

/// What the files of core/folders share; for them only.
namespace modescope::folders {

inline constexpr std::array<const char*, 3> split_names{"train", "val", "test"};
enum SplitIndex { Train, Val, Test };

/// The files of one pair.
struct Entry {
    std::string picture;  ///< path; both pictures in the layout `pairs`
    std::string labels;   ///< path; empty in layouts without label maps
};

/// The files of a folder, by name within each split. Nothing is decoded but a few pictures to tell pairs
/// from photos.
struct Listing {
    FolderLayout layout = FolderLayout::photos;
    std::string folder;
    std::array<std::vector<Entry>, 3> splits;
    bool set_aside = false;      ///< val is a tenth of train
    bool square_halves = false;  ///< pairs: twice as wide as high, else of any even width
    bool camvid = false;         ///< labels: in CamVid's folders
    int label_channels = 0;      ///< of label maps: 1 with ids, 3 with colours, as most have it
    std::vector<BadFile> bad;    ///< what is missing or has no counterpart
};

/// Throws Error if the folder does not exist or is none of the layouts. Pictures in SPLIT/ are pairs if the
/// task is `picture`, photos in the other tasks unless most are twice as wide as high.
Listing list_folder(const std::string& folder, std::optional<Task> task = {});

/// The same; throws Error if the layout does not serve the task, saying which it serves.
Listing list_for_task(const std::string& folder, Task task);

/// One layout each: nothing if the folder does not have it.
std::optional<Listing> list_cityscapes(const std::string& folder);
std::optional<Listing> list_celeba(const std::string& folder);
std::optional<Listing> list_labels(const std::string& folder);
std::optional<Listing> list_pictures(const std::string& folder, std::optional<Task> task);

/// Calls `visit` with all that lies directly in a folder; never if it does not exist. Throws Error naming the
/// folder if it cannot be listed.
void visit_entries(const std::string& folder,
                   const std::function<void(const std::filesystem::directory_entry&)>& visit);
/// Names of the folders directly in a folder, ascending; none if it does not exist. Throws as visit_entries.
std::vector<std::string> folders_in(const std::string& folder);
/// The folder's pictures as entries without label maps.
std::vector<Entry> entries_in(const std::string& folder);

}  // namespace modescope::folders
