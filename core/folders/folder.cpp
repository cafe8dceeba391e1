#include "core/folders/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/base/error.h"
#include "core/folders/decode.h"
#include "core/folders/label_classes.h"

namespace modescope {
namespace {

using namespace folders;

struct LayoutInfo {
    FolderLayout layout;
    std::string name;
    std::vector<Task> tasks;
};

const LayoutInfo& info(FolderLayout layout) {
    static const std::vector<Task> derived{Task::super_resolution, Task::inpainting};
    static const std::array<LayoutInfo, 5> table{{
        {FolderLayout::pairs, "aligned pairs", {Task::picture}},
        {FolderLayout::cityscapes, "Cityscapes photos with label maps", {Task::labels}},
        {FolderLayout::labels, "photos with label maps", {Task::labels}},
        {FolderLayout::celeba, "CelebA photos", derived},
        {FolderLayout::photos, "photos", derived},
    }};
    return *std::ranges::find(table, layout, &LayoutInfo::layout);
}

/// Reads a listed folder file by file.
class Inspection {
public:
    explicit Inspection(Listing listing) : listing_(std::move(listing)) {
        if (!has_labels(listing_.layout)) return;
        if (const auto palette = stated_palette(listing_)) coding_ = coding_of(*palette, listing_.layout);
    }

    FolderReport run(const std::function<bool(double)>& progress) {
        const bool finished = read(progress);
        if (!found_.empty() && !coding_) {
            coding_ = coding_of(found_.palette(listing_.camvid), listing_.layout);
            // Now that the classes are known, maps with others can be told.
            if (finished && !found_.are_known_to(*coding_)) read(progress);
        }
        if (coding_ && !found_.empty() && found_.are_known_to(*coding_)) name_classes();
        return std::move(report_);
    }

private:
    /// False if `progress` stops it.
    bool read(const std::function<bool(double)>& progress) {
        report_ = {.layout = listing_.layout, .bad = listing_.bad};
        found_ = {};
        done_ = 0;
        for (const int split : {Train, Val, Test})
            if (!listing_.splits[split].empty() && !read_split(split, progress)) return false;
        return true;
    }

    /// As `read`.
    bool read_split(int split, const std::function<bool(double)>& progress) {
        auto& report = report_.splits.emplace_back();
        report.name = split_names[split];
        report.set_aside = listing_.set_aside && split == Val;
        for (const auto& entry : listing_.splits[split]) {
            add(entry, report);
            if (progress && !progress(static_cast<double>(++done_) / total())) return false;
        }
        return true;
    }

    void add(const Entry& entry, SplitReport& split) {
        try {
            const auto size = text_of(size_of(entry));
            ++split.count;
            ++split.sizes[size];
        } catch (const FileProblem& problem) {
            report_.bad.push_back(problem.file);
        }
    }

    /// Throws FileProblem if anything is wrong with the files.
    cv::Size size_of(const Entry& entry) {
        if (has_labels(listing_.layout)) return size_of_labelled(entry);
        const auto photo = read_photo(entry.picture);
        if (listing_.layout == FolderLayout::pairs) halves(entry.picture, photo, listing_.square_halves);
        return photo.full;
    }

    cv::Size size_of_labelled(const Entry& entry) {
        const auto [photo, values] = read_labelled(entry, listing_.label_channels);
        if (coding_) coding_->classes(entry.labels, values);
        found_.add(entry.labels, count_values(values));
        return photo.full;
    }

    void name_classes() {
        report_.palette = coding_->palette();
        report_.class_shares = found_.shares(*coding_);
    }

    std::size_t total() const {
        std::size_t count = 0;
        for (const auto& split : listing_.splits) count += split.size();
        return count;
    }

    Listing listing_;
    std::optional<LabelCoding> coding_;  ///< once the classes are known
    FoundValues found_;
    FolderReport report_;
    std::size_t done_ = 0;
};

/// What a folder of that layout is trained for when `wanted` is asked: label maps and aligned pairs are
/// learnt by the same networks, and which of the two it is the folder decides. Nothing if it cannot serve it.
std::optional<Task> served_task(FolderLayout layout, Task wanted) {
    const auto by_the_same_networks = [](Task task) { return task == Task::labels || task == Task::picture; };
    for (const auto served : tasks_of(layout))
        if (served == wanted || (by_the_same_networks(served) && by_the_same_networks(wanted))) return served;
    return {};
}

Listing list_for(const std::string& folder, Task wanted) {
    auto listing = list_folder(folder, wanted);
    return served_task(listing.layout, wanted) ? listing
                                               : list_for_task(folder, wanted);  // which says why not
}

std::string absolute(const std::string& folder) {
    return std::filesystem::absolute(folder).lexically_normal().string();
}

void adopt(Spec& spec, const std::string& folder, FolderLayout layout, const Palette& palette) {
    const auto wanted = find_task(spec.data.task);
    spec.data.source = "folder";
    spec.data.folder = absolute(folder);
    spec.data.task = modescope::info(served_task(layout, wanted).value_or(wanted)).id;
    spec.data.classes = to_text(palette);
}

}  // namespace

std::string name_of(FolderLayout layout) { return info(layout).name; }

const std::vector<Task>& tasks_of(FolderLayout layout) { return info(layout).tasks; }

FolderReport check_folder(const std::string& folder, const std::function<bool(double)>& progress) {
    return Inspection(list_folder(folder)).run(progress);
}

void adopt_folder(Spec& spec, const std::string& folder) {
    const auto listing = list_for(folder, find_task(spec.data.task));
    adopt(spec, folder, listing.layout, has_labels(listing.layout) ? palette_of(listing) : Palette());
}

void adopt_folder(Spec& spec, const std::string& folder, const FolderReport& report) {
    const auto wanted = find_task(spec.data.task);
    // A report is made without a task; with one the pictures may be another layout.
    const bool serves = served_task(report.layout, wanted).has_value();
    adopt(spec, folder, serves ? report.layout : list_for(folder, wanted).layout, report.palette);
}

void move_folder(Spec& spec, const std::string& folder) {
    if (spec.data.source != "folder")
        throw Error(
            fmt::format("The data are {}, which lie in no folder; leave out --data.", spec.data.source));
    list_for_task(folder, find_task(spec.data.task));
    spec.data.folder = absolute(folder);
}

}  // namespace modescope
