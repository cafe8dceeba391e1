#include "core/training/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "core/base/error.h"
#include "core/base/machine.h"
#include "core/folders/folder.h"
#include "core/worlds/toy.h"
#include "core/worlds/world.h"

namespace modescope {
namespace {

using torch::Tensor;
using Clock = std::chrono::steady_clock;

class ToyData : public Data {
public:
    ToyData(std::uint64_t seed, ToyDistribution distribution)
        : seed_(seed), distribution_(std::move(distribution)) {}

    Batch batch(Split split, std::int64_t first, std::int64_t count, std::int64_t stride) override {
        auto x = torch::empty({count, 1}), y = torch::empty({count, 1});
        auto* xs = x.data_ptr<float>();
        auto* ys = y.data_ptr<float>();
        for (std::int64_t i = 0; i < count; ++i) {
            auto rng = Rng::at(stream_of(seed_, split), first + i * stride);
            const double at = rng.uniform(-1, 1);
            xs[i] = static_cast<float>(at);
            ys[i] = static_cast<float>(distribution_.draw(at, rng));
        }
        return {x, y};
    }

private:
    std::uint64_t seed_;
    ToyDistribution distribution_;
};

/// Reads the batch that will be asked for next while the trainer works on this one. Only files and
/// renderings are made on the threads; tensors are made on the caller's, which has its arithmetic threads.
class PictureData : public Data {
public:
    PictureData(const DataSpec& data, std::unique_ptr<PairSource> source)
        : task_(find_task(data.task)),
          classes_(static_cast<std::int64_t>(classes_of(data).size())),
          source_(std::move(source)) {}

    Batch batch(Split split, std::int64_t first, std::int64_t count, std::int64_t stride) override {
        if (const Range range{split, first, count, stride}; ahead_.empty() || range_ != range) start(range);
        const auto pairs = collect();
        start({split, first + count * stride, count, stride});
        std::vector<Tensor> x, y;
        for (const auto& pair : pairs) {
            x.push_back(to_tensor(pair.x, task_, classes_));
            y.push_back(to_tensor(pair.y));
        }
        return {torch::cat(x), torch::cat(y)};
    }

    double waited_ms() const override { return waited_ms_; }

    std::vector<BadFile> bad_files() const override {
        const auto* folder = dynamic_cast<const FolderPairs*>(source_.get());
        return folder ? folder->bad_files() : std::vector<BadFile>();
    }

private:
    using Pairs = std::vector<Pair>;
    struct Range {
        Split split = Split::train;
        std::int64_t first = 0, count = 0, stride = 1;
        bool operator==(const Range&) const = default;
    };

    void start(const Range& range) {
        range_ = range;
        ahead_.clear();  // waits for what nobody will ask for
        const auto workers =
            std::clamp<std::int64_t>(physical_cores() - 1, 1, std::min<std::int64_t>(8, range.count));
        for (std::int64_t w = 0; w < workers; ++w)
            ahead_.push_back(std::async(std::launch::async, [this, range, w, workers] {
                Pairs pairs;
                for (auto i = range.count * w / workers; i < range.count * (w + 1) / workers; ++i)
                    pairs.push_back(source_->pair(range.split, range.first + i * range.stride));
                return pairs;
            }));
    }

    Pairs collect() {
        const auto start = Clock::now();
        Pairs all;
        // What cannot be read throws; then nothing is ahead any more.
        for (auto& part : std::exchange(ahead_, {})) std::ranges::move(part.get(), std::back_inserter(all));
        waited_ms_ += std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        return all;
    }

    Task task_;
    std::int64_t classes_;
    std::unique_ptr<PairSource> source_;
    Range range_;
    double waited_ms_ = 0;
    std::vector<std::future<Pairs>> ahead_;  ///< last: its threads use the other members
};

/// One-hot classes [1, classes, h, w].
Tensor to_one_hot(const LabelMap& labels, std::int64_t classes) {
    const auto bytes = torch::from_blob(const_cast<std::uint8_t*>(labels.data.data()),
                                        {1, 1, labels.height, labels.width}, torch::kByte);
    return bytes.eq(torch::arange(classes, torch::kByte).view({1, classes, 1, 1})).to(torch::kFloat);
}

}  // namespace

std::unique_ptr<Data> make_data(const Spec& spec) {
    if (spec.data.source == "toy")
        return std::make_unique<ToyData>(static_cast<std::uint64_t>(spec.training.seed),
                                         ToyDistribution::named(spec.data.folder));
    return std::make_unique<PictureData>(spec.data, open_pairs(spec));
}

std::unique_ptr<PairSource> open_pairs(const Spec& spec) {
    const auto seed = static_cast<std::uint64_t>(spec.training.seed);
    if (spec.data.source == "folder" && spec.data.folder.empty())
        throw Error(fmt::format("{} trains on a folder: name it with --data.", spec.preset));
    if (spec.data.source == "folder") return open_folder(spec.data, seed);
    return world_pairs(find_world(spec.data.source), task_settings(spec.data), seed);
}

Palette classes_of(const DataSpec& data) {
    if (find_task(data.task) != Task::labels || data.source == "toy") return {};
    return data.source == "folder" ? parse_palette(data.classes) : find_world(data.source).classes();
}

Tensor to_tensor(const Condition& condition, Task task, std::int64_t classes) {
    if (task == Task::labels) return to_one_hot(condition.labels, classes);
    if (task != Task::inpainting) return to_tensor(condition.picture);
    const auto hole = to_one_hot(condition.mask, 2).narrow(1, 1, 1);
    return torch::cat({to_tensor(condition.picture) * (1 - hole), hole}, 1);
}

Tensor to_tensor(const Image& image) {
    const auto bytes = torch::from_blob(const_cast<std::uint8_t*>(image.data.data()),
                                        {1, image.height, image.width, image.channels}, torch::kByte);
    return bytes.permute({0, 3, 1, 2}).to(torch::kFloat).div_(127.5).sub_(1).contiguous();
}

Image to_image(const Tensor& picture) {
    const auto bytes = picture.detach()
                           .add(1)
                           .mul_(127.5)
                           .round_()
                           .clamp_(0, 255)
                           .permute({1, 2, 0})
                           .to(torch::kByte)
                           .contiguous();
    Image image(static_cast<int>(picture.size(2)), static_cast<int>(picture.size(1)),
                static_cast<int>(picture.size(0)));
    std::copy_n(bytes.data_ptr<std::uint8_t>(), image.data.size(), image.data.begin());
    return image;
}

}  // namespace modescope
