#include "core/sampling/sampler.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <mutex>

#include "core/base/error.h"
#include "core/base/loaded_file.h"
#include "core/base/variance.h"
#include "core/networks/networks.h"
#include "core/training/checkpoint.h"
#include "core/training/data.h"

namespace modescope {
namespace {

using torch::Tensor;

/// Larger batches do not fit the processor's caches and take a fifth longer, and memory for each sample.
constexpr std::size_t samples_at_once = 8;

FloatImage to_float_image(const Tensor& values) {
    const auto interleaved = values.permute({1, 2, 0}).contiguous();
    FloatImage image(static_cast<int>(values.size(2)), static_cast<int>(values.size(1)),
                     static_cast<int>(values.size(0)));
    std::copy_n(interleaved.data_ptr<float>(), image.data.size(), image.data.begin());
    return image;
}

}  // namespace

struct Sampler::Parts {
    explicit Parts(const std::string& path) : file(path) {}

    LoadedFile file;
    Spec spec;
    Task task = Task::labels;
    Palette classes;
    std::vector<NoiseLevel> levels;
    std::int64_t steps = 0;
    std::shared_ptr<Generator> generator;
    std::shared_ptr<Predictor> predictor;
    std::once_flag predictor_folded;  ///< when it is first asked: most who draw never do, and it takes time

    std::mutex mutex;  ///< guards the features below; once folded, the networks never change
    Condition condition;
    std::vector<Tensor> features;

    /// Other noise for the same drawing only needs the decoder.
    std::vector<Tensor> encode(const Condition& x) {
        const std::lock_guard lock(mutex);
        if (features.empty() || !(x == condition)) {
            features = generator->encode(input(x));
            condition = x;
        }
        return features;
    }

    Tensor input(const Condition& x) const {
        check_size(x);
        const auto highest = std::ranges::max_element(x.labels.data);
        if (task == Task::labels && *highest >= classes.size())
            throw Error(fmt::format("The label map has class {}, but the model knows {} classes.", *highest,
                                    classes.size()));
        return to_tensor(x, task, static_cast<std::int64_t>(classes.size()));
    }

    void check_size(const Condition& x) const {
        const auto side = task == Task::super_resolution ? spec.data.size / spec.data.scale : spec.data.size;
        const auto check = [&](int width, int height) {
            if (width != side || height != side)
                throw Error(fmt::format("The condition has {} × {} pixels, but the model takes {} × {}.",
                                        width, height, side, side));
        };
        if (task == Task::labels) return check(x.labels.width, x.labels.height);
        check(x.picture.width, x.picture.height);
        if (task == Task::inpainting) check(x.mask.width, x.mask.height);
    }

    /// Each seed has a generator of its own, so that a tile looks the same whatever its neighbours are.
    Noise noise_of(std::uint64_t seed) const {
        auto random = at::detail::createCPUGenerator(Rng(seed).next() & 0xffffffffu);
        return generator->draw_noise(1, random);
    }

    Noise noise_of(const NoiseRecipe& recipe) const {
        Noise sum;
        for (const auto& [seed, factor] : factors_of(recipe)) {
            const auto noise = noise_of(seed);
            // A seed alone has the factor 1 and stays as it is, bit for bit.
            for (std::size_t level = 0; level < noise.size(); ++level)
                if (level < sum.size())
                    sum[level].add_(noise[level], factor);
                else
                    sum.push_back(noise[level] * factor);
        }
        if (!recipe.frozen_levels.empty()) freeze(sum, recipe);
        for (auto& level : sum) level.mul_(recipe.scale);
        return sum;
    }

    void freeze(Noise& noise, const NoiseRecipe& recipe) const {
        const auto frozen = noise_of(recipe.frozen_seed);
        for (std::size_t level = 0; level < noise.size(); ++level)
            if (recipe.is_frozen(static_cast<int>(level))) noise[level] = frozen[level];
    }

    Noise noise(std::span<const NoiseRecipe> recipes) const {
        std::vector<Noise> rows;
        for (const auto& recipe : recipes) rows.push_back(noise_of(recipe));
        Noise levels;
        for (std::size_t level = 0; level < rows.front().size(); ++level) {
            std::vector<Tensor> parts;
            for (const auto& row : rows) parts.push_back(row[level]);
            levels.push_back(torch::cat(parts));
        }
        return levels;
    }

    void measure_noise() {
        for (const auto& level : noise_of(std::uint64_t{0}))
            levels.push_back({static_cast<int>(level.size(1)), static_cast<int>(level.size(2))});
    }
};

Sampler::Sampler(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Sampler::~Sampler() = default;

std::shared_ptr<const Sampler> Sampler::load(const std::string& path) {
    auto parts = std::make_unique<Parts>(path);  // notes which file it is before that is read
    const auto checkpoint = read_checkpoint(path);
    if (checkpoint.spec.data.source == "toy")
        throw Error(fmt::format("{} is a toy training; it has no pictures to draw.", path));
    const auto limit = weight_limit(checkpoint);
    auto unused = at::detail::createCPUGenerator();
    parts->spec = checkpoint.spec;
    parts->task = find_task(checkpoint.spec.data.task);
    parts->classes = classes_of(checkpoint.spec.data);
    parts->steps = checkpoint.steps();
    parts->generator = build_generator(checkpoint.spec, unused);
    get(checkpoint, module_tensors("average.", *parts->generator));
    parts->generator->eval();
    torch::NoGradGuard no_grad;
    parts->generator->fold();
    parts->measure_noise();
    if (checkpoint.spec.objective.needs_predictor()) {
        parts->predictor = build_predictor(checkpoint.spec, unused);
        get(checkpoint, module_tensors("predictor.", *parts->predictor));
        parts->predictor->eval();
    }
    return std::shared_ptr<const Sampler>(new Sampler(std::move(parts)));
}

const Spec& Sampler::spec() const { return parts_->spec; }
std::int64_t Sampler::steps() const { return parts_->steps; }
Task Sampler::task() const { return parts_->task; }
const Palette& Sampler::classes() const { return parts_->classes; }

const World* Sampler::world() const {
    return parts_->spec.data.source == "folder" ? nullptr : &find_world(parts_->spec.data.source);
}

const std::vector<NoiseLevel>& Sampler::noise_levels() const { return parts_->levels; }
const std::string& Sampler::path() const { return parts_->file.path(); }
const std::string& Sampler::file_hash() const { return parts_->file.hash(); }
bool Sampler::is_outdated() const { return parts_->file.is_outdated(); }

std::vector<Image> Sampler::sample(const Condition& condition, std::span<const NoiseRecipe> noises) const {
    torch::NoGradGuard no_grad;
    if (noises.empty()) return {};
    const auto features = parts_->encode(condition);
    std::vector<Image> images;
    for (std::size_t first = 0; first < noises.size(); first += samples_at_once) {
        const auto some = noises.subspan(first, std::min(samples_at_once, noises.size() - first));
        for (const auto& picture : parts_->generator->decode(features, parts_->noise(some)).unbind(0))
            images.push_back(to_image(picture));
    }
    return images;
}

std::vector<Image> Sampler::sample(const Condition& condition, std::span<const std::uint64_t> seeds,
                                   double scale) const {
    std::vector<NoiseRecipe> noises;
    for (const auto seed : seeds) noises.emplace_back(seed, scale);
    return sample(condition, noises);
}

std::optional<Moments> Sampler::predict(const Condition& condition) const {
    torch::NoGradGuard no_grad;
    if (!parts_->predictor) return {};
    std::call_once(parts_->predictor_folded, [this] { parts_->predictor->fold(); });
    const auto x = parts_->input(condition);
    const auto predicted = parts_->predictor->forward(x);
    auto deviation = predicted_deviation(predicted, parts_->spec.objective);
    // Around a hole P has its least dispersion, which is not 0, though nothing is uncertain there.
    if (parts_->task == Task::inpainting) deviation = deviation * x.narrow(1, 3, 1);
    // P speaks of values in [−1, 1], pictures are shown in [0, 1].
    return Moments{to_float_image((predicted.centre[0] + 1) / 2), to_float_image(deviation[0] / 2)};
}

Moments sample_moments(const std::vector<Image>& pictures) {
    std::vector<Tensor> rows;
    for (const auto& picture : pictures) rows.push_back((to_tensor(picture) + 1) / 2);
    const auto all = torch::cat(rows);
    return {to_float_image(all.mean(0)), to_float_image(variance_over(0, all).sqrt())};
}

}  // namespace modescope
