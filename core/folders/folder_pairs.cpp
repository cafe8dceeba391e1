#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/folders/decode.h"
#include "core/folders/folder.h"
#include "core/folders/label_classes.h"

namespace modescope {
namespace {

using namespace folders;

constexpr std::size_t usual_cache_bytes = std::size_t{512} << 20;
std::atomic<std::size_t> cache_bytes = usual_cache_bytes;

/// Where a random permutation of 0 … count − 1 takes `position`: a Feistel network over the next power of
/// four, walked until it lands within (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
std::int64_t permuted(std::int64_t position, std::int64_t count, std::uint64_t key) {
    constexpr int rounds = 8;
    int half = 1;
    while (std::int64_t{1} << 2 * half < count) ++half;
    const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
    auto value = static_cast<std::uint64_t>(position);
    do {
        auto left = value >> half, right = value & mask;
        for (int round = 0; round < rounds; ++round)
            left = std::exchange(right, left ^ (Rng::at(key + round, right).next() & mask));
        value = left << half | right;
    } while (value >= static_cast<std::uint64_t>(count));
    return static_cast<std::int64_t>(value);
}

/// The two pictures of a pair at the size that they are cropped from.
struct Scaled {
    cv::Mat x;  ///< classes (1 channel) or a picture (3); empty in the tasks that derive it from y
    cv::Mat3b y;
    std::size_t bytes() const { return x.total() * x.elemSize() + y.total() * y.elemSize(); }
};

cv::Mat centred_square(const cv::Mat& picture) {
    const int side = std::min(picture.cols, picture.rows);
    return picture({(picture.cols - side) / 2, (picture.rows - side) / 2, side, side});
}

/// Classes are taken from the nearest pixel, colours are averaged.
cv::Mat scaled(const cv::Mat& picture, cv::Size size) {
    if (picture.empty()) return picture;
    const bool classes = picture.channels() == 1, smaller = size.width < picture.cols;
    cv::Mat result;
    cv::resize(picture, result, size, 0, 0,
               classes   ? cv::INTER_NEAREST_EXACT
               : smaller ? cv::INTER_AREA
                         : cv::INTER_LINEAR);
    return result;
}

cv::Size with_shorter_side(cv::Size size, int shorter) {
    const auto side = [&](int length) {
        return static_cast<int>(std::lround(double(shorter) * length / std::min(size.width, size.height)));
    };
    return {side(size.width), side(size.height)};
}

/// What `read` returns. A disk that is away for a moment shall not end a training: `read` gets more tries
/// before its Unreadable is thrown.
template <class Read>
Scaled patiently(Read read) {
    using namespace std::chrono_literals;
    for (const auto pause : {100ms, 300ms, 700ms}) {
        try {
            return read();
        } catch (const Unreadable&) {
            std::this_thread::sleep_for(pause);
        }
    }
    return read();
}

bool training(Split split) { return split == Split::train || split == Split::predictor; }

cv::Mat cropped(const cv::Mat& picture, cv::Rect place, bool mirrored) {
    if (picture.empty()) return picture;
    cv::Mat result = picture(place).clone();
    if (mirrored) cv::flip(result, result, 1);
    return result;
}

Image to_image(const cv::Mat& pixels) {
    Image image(pixels.cols, pixels.rows, 3);
    pixels.copyTo(cv::Mat(pixels.size(), CV_8UC3, image.data.data()));
    return image;
}

LabelMap to_label_map(const cv::Mat& classes) {
    LabelMap labels(classes.cols, classes.rows);
    classes.copyTo(cv::Mat(classes.size(), CV_8U, labels.data.data()));
    return labels;
}

class Pairs : public FolderPairs {
public:
    Pairs(const DataSpec& data, std::uint64_t seed);
    Pair pair(Split split, std::int64_t index) const override;
    std::vector<BadFile> bad_files() const override;
    std::int64_t held_out_count() const override { return std::ssize(listing_.splits[Val]); }
    Palette classes() const override { return coding_ ? coding_->palette() : Palette(); }

private:
    /// What is known of a file.
    struct Slot {
        std::shared_ptr<const Scaled> scaled;  ///< if it has been read and there was room
        std::optional<BadFile> bad;
    };

    /// A pair made of that file, or of the next that can be used.
    std::shared_ptr<const Scaled> usable(SplitIndex split, std::int64_t file) const;
    /// Null if the file is bad. Throws Unreadable, of which nothing is remembered.
    std::shared_ptr<const Scaled> load(const Entry& entry, Slot& slot) const;
    Scaled read(const Entry& entry) const;
    Scaled read_unscaled(const Entry& entry, int enough) const;
    cv::Rect cut(cv::Size size, bool random, Rng& rng) const;
    Pair finish(const cv::Mat& x, const cv::Mat& y, Rng& rng) const;

    TaskSettings task_;
    int load_;
    bool flip_, left_is_condition_;
    std::uint64_t seed_;
    Listing listing_;
    std::optional<LabelCoding> coding_;
    mutable std::mutex mutex_;  ///< of what follows
    mutable std::array<std::vector<Slot>, 2> slots_;
    mutable std::size_t cached_ = 0;
};

Pairs::Pairs(const DataSpec& data, std::uint64_t seed)
    : task_(task_settings(data)),
      load_(static_cast<int>(data.load)),
      flip_(data.flip),
      left_is_condition_(data.direction != "b-to-a"),
      seed_(seed),
      listing_(list_for_task(data.folder, task_.task)) {
    if (load_ != 0 && load_ < task_.size)
        throw Error(fmt::format("data.load {} must not be below data.size {}.", load_, task_.size));
    if (has_labels(listing_.layout))
        coding_ = coding_of(data.classes.empty() ? palette_of(listing_) : parse_palette(data.classes),
                            listing_.layout);
    for (const auto split : {Train, Val}) {
        slots_[split].resize(listing_.splits[split].size());
        usable(split, 0);
    }
}

Pair Pairs::pair(Split split, std::int64_t index) const {
    const auto files = training(split) ? Train : Val;
    const auto count = static_cast<std::int64_t>(listing_.splits[files].size());
    const auto stream = stream_of(seed_, split);
    // Far from the keys of single pairs, which count up from 0.
    const auto epoch_key = Rng::at(stream, ~static_cast<std::uint64_t>(index / count)).next();
    const auto scaled = usable(files, permuted(index % count, count, epoch_key));
    auto rng = Rng::at(stream, static_cast<std::uint64_t>(index));
    const auto place = cut(scaled->y.size(), training(split), rng);
    const bool mirrored = flip_ && training(split) && rng.chance(0.5);
    return finish(cropped(scaled->x, place, mirrored), cropped(scaled->y, place, mirrored), rng);
}

std::vector<BadFile> Pairs::bad_files() const {
    auto bad = listing_.bad;
    const std::lock_guard lock(mutex_);
    for (const auto& slots : slots_)
        for (const auto& slot : slots)
            if (slot.bad) bad.push_back(*slot.bad);
    return bad;
}

std::shared_ptr<const Scaled> Pairs::usable(SplitIndex split, std::int64_t file) const {
    const auto& files = listing_.splits[split];
    for (std::size_t step = 0; step < files.size(); ++step) {
        const auto at = (file + step) % files.size();
        if (auto scaled = load(files[at], slots_[split][at])) return scaled;
    }
    const std::lock_guard lock(mutex_);
    const auto why = files.empty() ? BadFile{"there", "is none."} : *slots_[split][0].bad;
    throw Error(fmt::format("{} has no picture for {} that can be used: {} {}", listing_.folder,
                            split_names[split], why.path, why.problem));
}

std::shared_ptr<const Scaled> Pairs::load(const Entry& entry, Slot& slot) const {
    {
        const std::lock_guard lock(mutex_);
        if (slot.scaled || slot.bad) return slot.scaled;
    }
    try {
        auto scaled = std::make_shared<const Scaled>(patiently([&] { return read(entry); }));
        const std::lock_guard lock(mutex_);
        if (slot.scaled || cached_ + scaled->bytes() > cache_bytes) return scaled;
        cached_ += scaled->bytes();
        return slot.scaled = std::move(scaled);
    } catch (const Unusable& unusable) {
        const std::lock_guard lock(mutex_);
        if (!slot.bad) slot.bad = unusable.file;
        return nullptr;
    }
}

Scaled Pairs::read(const Entry& entry) const {
    const int side = std::max(load_, task_.size);
    // Twice as much as needed, so that the last step is a mean of pixels.
    auto [x, y] = read_unscaled(entry, 2 * side);
    if (load_ == 0)
        return {scaled(x.empty() ? x : centred_square(x), {side, side}),
                scaled(centred_square(y), {side, side})};
    const auto size = with_shorter_side(y.size(), load_);
    return {scaled(x, size), scaled(y, size)};
}

Scaled Pairs::read_unscaled(const Entry& entry, int enough) const {
    if (listing_.layout == FolderLayout::pairs) {
        const auto photo = read_photo(entry.picture, {2 * enough, enough});
        auto [left, right] = halves(entry.picture, photo, listing_.square_halves);
        return left_is_condition_ ? Scaled{left, right} : Scaled{right, left};
    }
    if (!coding_) return {{}, read_photo(entry.picture, {enough, enough}).pixels};
    const auto [photo, values] = read_labelled(entry, listing_.label_channels, {enough, enough});
    return {coding_->classes(entry.labels, values), photo.pixels};
}

cv::Rect Pairs::cut(cv::Size size, bool random, Rng& rng) const {
    const int right = size.width - task_.size, down = size.height - task_.size;
    const int left = random ? rng.index(right + 1) : right / 2, top = random ? rng.index(down + 1) : down / 2;
    return {left, top, task_.size, task_.size};
}

Pair Pairs::finish(const cv::Mat& x, const cv::Mat& y, Rng& rng) const {
    auto target = to_image(y);
    if (task_.task == Task::labels) return {{.labels = to_label_map(x)}, std::move(target)};
    if (task_.task == Task::picture) return {{.picture = to_image(x)}, std::move(target)};
    auto mask = task_.task == Task::inpainting ? draw_hole(task_.size, task_.holes, rng) : LabelMap();
    auto condition = derive_condition(task_.task, target, task_.scale, std::move(mask));
    return {std::move(condition), std::move(target)};
}

}  // namespace

NoCache::NoCache() { cache_bytes = 0; }
NoCache::~NoCache() { cache_bytes = usual_cache_bytes; }

std::unique_ptr<FolderPairs> open_folder(const DataSpec& data, std::uint64_t seed) {
    return std::make_unique<Pairs>(data, seed);
}

}  // namespace modescope
