#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/bad_file.h"
#include "core/tasks/condition.h"
#include "core/tasks/palette.h"
#include "core/training/spec.h"

namespace modescope {

/// The layouts of data folders that Modescope reads. SPLIT is train, val or test; test is only counted.
/// Where there is no val, every tenth training file by name, from the first on, is set aside for it.
enum class FolderLayout {
    pairs,       ///< SPLIT/*.jpg, two pictures side by side, twice as wide as high (pix2pix)
    cityscapes,  ///< leftImg8bit/SPLIT/CITY/*_leftImg8bit.png + gtFine/…_gtFine_labelIds.png
    labels,      ///< photos in SPLIT/, label maps in SPLITannot/ (CamVid), or images/ or photos/ + labels/,
                 ///< or 701_StillsRaw_full/ + LabeledApproved_full/ (CamVid as distributed), with or without
                 ///< SPLIT/; the maps have the photos' names, perhaps with _L or _P behind; ids or colours
    celeba,      ///< img_align_celeba/*.jpg + list_eval_partition.txt, or Img/… + Eval/… as downloaded
    photos,      ///< pictures in the folder itself or in SPLIT/, or in folders in these
};
/// As shown: "aligned pairs".
std::string name_of(FolderLayout layout);
/// What the layout can be trained for.
const std::vector<Task>& tasks_of(FolderLayout layout);

struct SplitReport {
    std::string name;                  ///< "train", "val" or "test"
    bool set_aside = false;            ///< has no folder of its own: a tenth of the training files
    std::int64_t count = 0;            ///< usable pairs or pictures
    std::map<std::string, int> sizes;  ///< of the usable ones: "512 × 256" → how many
};

/// What `modescope check` says.
struct FolderReport {
    FolderLayout layout = FolderLayout::photos;
    std::vector<SplitReport> splits;   ///< those that have files
    Palette palette;                   ///< empty where there are no label maps
    std::vector<double> class_shares;  ///< of the pixels of all usable label maps, by class; sum 1
    std::vector<BadFile> bad;
};

/// Reads and decodes every file; one that cannot be read now is bad, too. `progress` gets the share done and
/// may return false to stop, which leaves a report of the files so far.
/// Throws Error if the folder does not exist or is none of the layouts, saying what was looked for.
FolderReport check_folder(const std::string& folder, const std::function<bool(double)>& progress = {});

/// Names of the pictures directly in a folder, ascending; none if it does not exist. Hidden files do not
/// count. Throws Error naming the folder if it cannot be listed.
std::vector<std::string> pictures_in(const std::string& folder);

/// Makes the folder the data of a spec: sets data.source, data.folder (absolute) and data.classes, and keeps
/// data.task but between `labels` and `picture`, where the folder decides. Classes that neither the layout
/// nor a file classes.txt or label_colors.txt in the folder states ("name r g b", "r g b name" or "name
/// #rrggbb" a line; lines from # on are comments) are found in the label maps, all of which are read for it.
/// In the task `picture` the pairs may have any even width. Throws Error as check_folder does, and if the
/// folder cannot serve the task.
void adopt_folder(Spec& spec, const std::string& folder);
/// The same with the layout and classes that check_folder has found: no file is looked at again, unless what
/// it has found does not serve the task.
void adopt_folder(Spec& spec, const std::string& folder, const FolderReport& report);
/// Tells a spec where the folder of its data lies now; task and classes stay. Throws Error as adopt_folder,
/// and if the data of the spec are in no folder.
void move_folder(Spec& spec, const std::string& folder);

/// Pairs of a folder. Each epoch of the train and predictor splits is a new permutation of the training
/// files; validation and held_out are drawn in the same way from the validation files.
class FolderPairs : public PairSource {
public:
    /// The files met so far that cannot be used; another one takes the place of each. Those that cannot be
    /// read are none of them: pair() throws when they still cannot after a second. Any thread.
    virtual std::vector<BadFile> bad_files() const = 0;
    /// How many of the first held-out pairs are of different files; those beyond come again, in inpainting
    /// with other holes. Bad files count too, as it takes reading all to know them.
    virtual std::int64_t held_out_count() const = 0;
    /// Of the label maps; empty where there are none.
    virtual Palette classes() const = 0;
};

/// Pairs of data.folder in data.task. data.load > 0: the shorter side is scaled to it, then data.size² is
/// cut out, at random in training, else in the centre. data.load = 0: the largest centred square is scaled
/// to data.size. data.flip mirrors half of the training pairs. Without data.classes those are used that
/// adopt_folder would set. Keeps up to 512 MiB of scaled pictures in memory.
/// Throws Error when a split has nothing usable, or data.load is below data.size.
std::unique_ptr<FolderPairs> open_folder(const DataSpec& data, std::uint64_t seed);

/// While it lives, no folder keeps pictures in memory: as in the first pass over one, each is read anew. To
/// measure that.
struct NoCache {
    NoCache();
    ~NoCache();
    NoCache(const NoCache&) = delete;
    NoCache& operator=(const NoCache&) = delete;
};

}  // namespace modescope
