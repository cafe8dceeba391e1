#include "core/sampling/sampler.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <mutex>

#include "core/base/error.h"
#include "core/networks/networks.h"
#include "core/training/checkpoint.h"
#include "core/training/data.h"

namespace modescope {
namespace {

using torch::Tensor;

FloatImage to_float_image(const Tensor& values) {
    const auto interleaved = values.permute({1, 2, 0}).contiguous();
    FloatImage image(static_cast<int>(values.size(2)), static_cast<int>(values.size(1)),
                     static_cast<int>(values.size(0)));
    std::copy_n(interleaved.data_ptr<float>(), image.data.size(), image.data.begin());
    return image;
}

/// Provenance is for people; a stranger's may say anything.
std::int64_t steps_of(const Checkpoint& checkpoint) {
    if (!checkpoint.provenance.is_object()) return 0;
    const auto step = checkpoint.provenance.value("step", nlohmann::json());
    return step.is_number_integer() ? step.get<std::int64_t>() : 0;
}

}  // namespace

struct Sampler::Parts {
    Spec spec;
    std::int64_t steps = 0;
    std::shared_ptr<Generator> generator;
    std::shared_ptr<Predictor> predictor;

    std::mutex mutex;  ///< guards the features below; the networks themselves never change
    LabelMap condition;
    std::vector<Tensor> features;

    /// Other noise for the same drawing only needs the decoder.
    std::vector<Tensor> encode(const LabelMap& labels) {
        const std::lock_guard lock(mutex);
        if (features.empty() || !(labels == condition)) {
            features = generator->trunk().encode(one_hot(labels));
            condition = labels;
        }
        return features;
    }

    Tensor one_hot(const LabelMap& labels) const {
        if (labels.width != spec.data.size || labels.height != spec.data.size)
            throw Error(fmt::format("The label map is {} × {} pixels, but the model takes {} × {}.",
                                    labels.width, labels.height, spec.data.size, spec.data.size));
        return to_one_hot(labels, static_cast<std::int64_t>(find_world(spec.data.source).classes().size()));
    }

    /// Each seed has a generator of its own, so that a tile looks the same whatever its neighbours are.
    Noise noise(std::span<const std::uint64_t> seeds, double scale) const {
        std::vector<Noise> rows;
        for (const auto seed : seeds) {
            auto random = at::detail::createCPUGenerator(Rng(seed).next() & 0xffffffffu);
            rows.push_back(generator->draw_noise(1, random));
        }
        Noise levels;
        for (std::size_t level = 0; level < rows.front().size(); ++level) {
            std::vector<Tensor> parts;
            for (const auto& row : rows) parts.push_back(row[level]);
            levels.push_back(torch::cat(parts).mul_(scale));
        }
        return levels;
    }
};

Sampler::Sampler(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Sampler::~Sampler() = default;

std::shared_ptr<const Sampler> Sampler::load(const std::string& path) {
    const auto checkpoint = read_checkpoint(path);
    if (checkpoint.spec.data.source == "toy")
        throw Error(fmt::format("{} is a toy training; it has no pictures to draw.", path));
    auto unused = at::detail::createCPUGenerator();
    auto parts = std::make_unique<Parts>();
    parts->spec = checkpoint.spec;
    parts->steps = steps_of(checkpoint);
    parts->generator = build_generator(checkpoint.spec, unused);
    get(checkpoint, module_tensors("average.", *parts->generator));
    parts->generator->eval();
    torch::NoGradGuard no_grad;
    parts->generator->trunk().fold();
    if (checkpoint.spec.objective.needs_predictor()) {
        parts->predictor = build_predictor(checkpoint.spec, unused);
        get(checkpoint, module_tensors("predictor.", *parts->predictor));
        parts->predictor->eval();
        parts->predictor->trunk().fold();
    }
    return std::shared_ptr<const Sampler>(new Sampler(std::move(parts)));
}

const Spec& Sampler::spec() const { return parts_->spec; }
std::int64_t Sampler::steps() const { return parts_->steps; }
const World& Sampler::world() const { return find_world(parts_->spec.data.source); }

std::vector<Image> Sampler::sample(const LabelMap& condition, std::span<const std::uint64_t> seeds,
                                   double scale) const {
    torch::NoGradGuard no_grad;
    if (seeds.empty()) return {};
    const auto pictures = parts_->generator->decode(parts_->encode(condition), parts_->noise(seeds, scale));
    std::vector<Image> images;
    for (const auto& picture : pictures.unbind(0)) images.push_back(to_image(picture));
    return images;
}

std::optional<Moments> Sampler::predict(const LabelMap& condition) const {
    torch::NoGradGuard no_grad;
    if (!parts_->predictor) return {};
    const auto predicted = parts_->predictor->forward(parts_->one_hot(condition));
    // P speaks of values in [−1, 1], pictures are shown in [0, 1].
    const auto deviation = predicted_deviation(predicted, distribution_of(parts_->spec.objective));
    return Moments{to_float_image((predicted.centre[0] + 1) / 2), to_float_image(deviation[0] / 2)};
}

Moments sample_moments(const std::vector<Image>& pictures) {
    std::vector<Tensor> rows;
    for (const auto& picture : pictures) rows.push_back((to_tensor(picture) + 1) / 2);
    const auto all = torch::cat(rows);
    return {to_float_image(all.mean(0)), to_float_image(all.std(0))};
}

}  // namespace modescope
