#include "core/metrics/lpips.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>

#include "core/base/error.h"
#include "core/base/loaded_file.h"
#include "core/training/safetensors.h"

namespace modescope {
namespace {

using torch::Tensor;

constexpr const char* recipe =
    "make one in Python with safetensors.torch.save_model(lpips.LPIPS(net='alex'), 'lpips_alex.safetensors')";

/// Keeps the normalisation of features that are all zero finite.
constexpr double least_norm = 1e-10;

enum class Kind { convolution, fire, pool };

/// A layer before its ReLU. `index` is its place in torchvision's `features`, which is part of its name.
struct Layer {
    Kind kind;
    int index = 0;
    int outputs = 0;  ///< of a fire module: of each of its two expanding convolutions
    int kernel = 3;
    int stride = 1;
    int padding = 1;
    int squeeze = 0;        ///< channels between, of a fire module
    bool round_up = false;  ///< of a pool: a window may reach beyond the edge
};

Layer convolution(int index, int outputs, int kernel = 3, int stride = 1, int padding = 1) {
    return {.kind = Kind::convolution,
            .index = index,
            .outputs = outputs,
            .kernel = kernel,
            .stride = stride,
            .padding = padding};
}

Layer fire(int index, int squeeze, int outputs) {
    return {.kind = Kind::fire, .index = index, .outputs = outputs, .squeeze = squeeze};
}

Layer pool(int kernel, bool round_up = false) {
    return {.kind = Kind::pool, .kernel = kernel, .stride = 2, .round_up = round_up};
}

/// The layers up to each point where features are compared.
struct Net {
    std::string name;
    std::string mark;  ///< a tensor that only files of this net have
    int least_side;
    std::vector<std::vector<Layer>> slices;
};

const std::vector<Net>& nets() {
    static const std::vector<Net> table{
        {"alex",
         "net.slice5.10.weight",
         31,
         {{convolution(0, 64, 11, 4, 2)},
          {pool(3), convolution(3, 192, 5, 1, 2)},
          {pool(3), convolution(6, 384)},
          {convolution(8, 256)},
          {convolution(10, 256)}}},
        {"squeeze",
         "net.slice7.12.squeeze.weight",
         17,
         {{convolution(0, 64, 3, 2, 0)},
          {pool(3, true), fire(3, 16, 64), fire(4, 16, 64)},
          {pool(3, true), fire(6, 32, 128), fire(7, 32, 128)},
          {pool(3, true), fire(9, 48, 192)},
          {fire(10, 48, 192)},
          {fire(11, 64, 256)},
          {fire(12, 64, 256)}}},
        {"vgg",
         "net.slice5.28.weight",
         16,
         {{convolution(0, 64), convolution(2, 64)},
          {pool(2), convolution(5, 128), convolution(7, 128)},
          {pool(2), convolution(10, 256), convolution(12, 256), convolution(14, 256)},
          {pool(2), convolution(17, 512), convolution(19, 512), convolution(21, 512)},
          {pool(2), convolution(24, 512), convolution(26, 512), convolution(28, 512)}}},
    };
    return table;
}

/// What a picture's tensor goes through.
using Step = std::function<Tensor(const Tensor&)>;

/// Takes the tensors of one net from a file; what does not fit is named.
class Builder {
public:
    Builder(const std::string& path, const Safetensors& file) : path_(path), file_(file) {}

    const Net& net() const {
        const auto found =
            std::ranges::find_if(nets(), [&](const Net& net) { return file_.tensors.contains(net.mark); });
        if (found == nets().end())
            throw Error(fmt::format("{} holds no LPIPS weights of alex, squeeze or vgg; {}.", path_, recipe));
        expect_version();
        return *found;
    }

    std::vector<Step> slice(const Net& net, std::size_t index) {
        std::vector<Step> steps;
        for (const auto& layer : net.slices[index])
            steps.push_back(step(layer, fmt::format("net.slice{}.{}", index + 1, layer.index)));
        return steps;
    }

    /// Of the features after the last slice that was built. Newer lpips packages also call it "lins.0…".
    Tensor channel_weights(std::size_t index) const {
        const auto name = fmt::format("lin{}.model.1.weight", index);
        const auto other = fmt::format("lins.{}.model.1.weight", index);
        return tensor(file_.tensors.contains(name) ? name : other, {1, channels_, 1, 1});
    }

    Tensor tensor(const std::string& name, const std::vector<std::int64_t>& shape) const {
        const auto found = file_.tensors.find(name);
        if (found == file_.tensors.end())
            throw Error(fmt::format("{} lacks the tensor {} of LPIPS; {}.", path_, name, recipe));
        if (found->second.sizes() != shape)
            throw Error(fmt::format("{}: tensor {} is {}, but LPIPS needs {}; {}.", path_, name,
                                    shape_text(found->second), fmt::join(shape, "×"), recipe));
        auto values = found->second.to(torch::kFloat);
        if (!values.isfinite().all().item<bool>())
            throw Error(
                fmt::format("{}: tensor {} holds values that are no numbers; {}.", path_, name, recipe));
        return values;
    }

private:
    /// A file need not say its version; 0.0 did not scale its input and is not what anybody reports.
    void expect_version() const {
        const auto found = file_.metadata.find("lpips");
        if (found != file_.metadata.end() && found->second != "v0.1")
            throw Error(
                fmt::format("{} holds LPIPS {}, but only v0.1 is known; {}.", path_, found->second, recipe));
    }

    Step step(const Layer& layer, const std::string& name) {
        switch (layer.kind) {
            case Kind::convolution:
                return convolve(name, layer.outputs, layer.kernel, layer.stride, layer.padding);
            case Kind::fire:
                return burn(layer, name);
            case Kind::pool:
                break;
        }
        return [layer](const Tensor& x) {
            return torch::max_pool2d(x, layer.kernel, layer.stride, 0, 1, layer.round_up);
        };
    }

    Step convolve(const std::string& name, int outputs, int kernel, int stride, int padding) {
        const auto weight = tensor(name + ".weight", {outputs, channels_, kernel, kernel});
        const auto bias = tensor(name + ".bias", {outputs});
        channels_ = outputs;
        return [=](const Tensor& x) { return torch::conv2d(x, weight, bias, stride, padding).relu_(); };
    }

    /// SqueezeNet's module: few channels, from which 1×1 and 3×3 convolutions make the outputs' halves.
    Step burn(const Layer& layer, const std::string& name) {
        const auto squeeze = convolve(name + ".squeeze", layer.squeeze, 1, 1, 0);
        const auto small = convolve(name + ".expand1x1", layer.outputs, 1, 1, 0);
        channels_ = layer.squeeze;
        const auto large = convolve(name + ".expand3x3", layer.outputs, 3, 1, 1);
        channels_ = 2 * layer.outputs;
        return [=](const Tensor& x) {
            const auto h = squeeze(x);
            return torch::cat({small(h), large(h)}, 1);
        };
    }

    const std::string& path_;
    const Safetensors& file_;
    std::int64_t channels_ = 3;  ///< of what the next layer gets
};

/// Pixels that go through the net at once: small pictures share the reading of the weights so, and large ones
/// take no more memory than they need.
constexpr int pixels_at_once = 32 * 64 * 64;

std::size_t pictures_at_once(const Image& picture) {
    return static_cast<std::size_t>(std::max(1, pixels_at_once / (picture.width * picture.height)));
}

/// 8-bit RGB → [n, 3, h, w] in [−1, 1].
Tensor scaled(std::span<const Image> pictures) {
    std::vector<Tensor> rows;
    for (const auto& picture : pictures)
        rows.push_back(torch::from_blob(const_cast<std::uint8_t*>(picture.data.data()),
                                        {picture.height, picture.width, 3}, torch::kByte));
    return torch::stack(rows).permute({0, 3, 1, 2}).to(torch::kFloat).contiguous().div_(127.5).sub_(1);
}

Tensor normalised(const Tensor& features) {
    return features / (features.square().sum(1, true).sqrt() + least_norm);
}

/// One tensor [n, channels, h, w] a layer.
using Features = std::vector<Tensor>;

Features row(const Features& features, std::size_t index) {
    Features list;
    for (const auto& layer : features) list.push_back(layer[static_cast<std::int64_t>(index)]);
    return list;
}

}  // namespace

struct Lpips::Parts {
    const Net& net;
    Tensor shift, scale;  ///< of the input, as [1, 3, 1, 1]
    std::vector<std::vector<Step>> slices;
    std::vector<Tensor> weights;  ///< of the channels of each layer's features
    std::unique_ptr<const LoadedFile> source;

    Parts(const std::string& path, const Safetensors& file) : Parts(Builder(path, file)) {}

    explicit Parts(Builder builder)
        : net(builder.net()),
          shift(builder.tensor("scaling_layer.shift", {1, 3, 1, 1})),
          scale(builder.tensor("scaling_layer.scale", {1, 3, 1, 1})) {
        for (std::size_t i = 0; i < net.slices.size(); ++i) {
            slices.push_back(builder.slice(net, i));
            weights.push_back(builder.channel_weights(i));
        }
    }

    Features features(std::span<const Image> pictures) const {
        Features list;
        auto h = (scaled(pictures) - shift) / scale;
        for (const auto& slice : slices) {
            for (const auto& step : slice) h = step(h);
            list.push_back(normalised(h));
        }
        return list;
    }

    /// [channels, h, w] a layer of each picture.
    std::vector<Features> features_of_each(std::span<const Image> pictures) const {
        std::vector<Features> rows;
        const auto batch = pictures.empty() ? 1 : pictures_at_once(pictures.front());
        for (std::size_t first = 0; first < pictures.size(); first += batch) {
            const auto some = pictures.subspan(first, std::min(batch, pictures.size() - first));
            const auto together = features(some);
            for (std::size_t i = 0; i < some.size(); ++i) rows.push_back(row(together, i));
        }
        return rows;
    }

    /// The features of one picture each, without the leading n.
    std::vector<double> compare(const Features& a, const Features& b) const {
        std::vector<double> parts;
        for (std::size_t i = 0; i < weights.size(); ++i)
            parts.push_back(((a[i] - b[i]).square_() * weights[i][0]).sum(0).mean().item<double>());
        return parts;
    }

    void expect_comparable(const Image& a, const Image& b) const {
        if (a.width != b.width || a.height != b.height)
            throw Error(
                fmt::format("LPIPS compares pictures of one size, but these are {} × {} and {} × {} pixels.",
                            a.width, a.height, b.width, b.height));
        if (std::min(a.width, a.height) < net.least_side)
            throw Error(
                fmt::format("LPIPS with {} needs pictures of at least {} × {} pixels, but these are {} × {}.",
                            net.name, net.least_side, net.least_side, a.width, a.height));
    }
};

Lpips::Lpips(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Lpips::~Lpips() = default;

std::shared_ptr<const Lpips> Lpips::load(const std::string& path) {
    auto source = std::make_unique<const LoadedFile>(path);  // notes which file it is before that is read
    const auto file = read_safetensors(path);
    auto parts = std::make_unique<Parts>(path, file);
    parts->source = std::move(source);
    return std::shared_ptr<const Lpips>(new Lpips(std::move(parts)));
}

const std::string& Lpips::net() const { return parts_->net.name; }
const std::string& Lpips::file_hash() const { return parts_->source->hash(); }
int Lpips::least_side() const { return parts_->net.least_side; }

std::vector<double> Lpips::layer_distances(const Image& a, const Image& b) const {
    torch::NoGradGuard no_grad;
    parts_->expect_comparable(a, b);
    return parts_->compare(row(parts_->features({&a, 1}), 0), row(parts_->features({&b, 1}), 0));
}

double Lpips::distance(const Image& a, const Image& b) const {
    const auto parts = layer_distances(a, b);
    return std::accumulate(parts.begin(), parts.end(), 0.0);
}

std::vector<double> Lpips::distances(const std::vector<Image>& pictures,
                                     std::span<const PicturePair> pairs) const {
    torch::NoGradGuard no_grad;
    for (const auto& picture : pictures) parts_->expect_comparable(pictures.front(), picture);
    const auto rows = parts_->features_of_each(pictures);
    std::vector<double> list;
    for (const auto& [a, b] : pairs) {
        const auto parts = parts_->compare(rows[a], rows[b]);
        list.push_back(std::accumulate(parts.begin(), parts.end(), 0.0));
    }
    return list;
}

std::string find_lpips_weights(const std::string& chosen) {
    if (!chosen.empty()) return chosen;
    if (const char* path = std::getenv("MODESCOPE_LPIPS")) return path;
    throw Error(fmt::format(
        "LPIPS needs a file of weights, by --weights or the environment's MODESCOPE_LPIPS; {}.", recipe));
}

const char* name_of(PairProtocol protocol) {
    return protocol == PairProtocol::consecutive ? "consecutive pairs" : "all pairs";
}

std::vector<PicturePair> pairs_of(int samples, PairProtocol protocol) {
    std::vector<PicturePair> pairs;
    for (int i = 0; i + 1 < samples; ++i)
        for (int j = i + 1; j < samples && (protocol == PairProtocol::all || j == i + 1); ++j)
            pairs.emplace_back(i, j);
    return pairs;
}

double diversity(const Lpips& lpips, const std::vector<Image>& samples, PairProtocol protocol) {
    const auto list = lpips.distances(samples, pairs_of(static_cast<int>(samples.size()), protocol));
    return std::accumulate(list.begin(), list.end(), 0.0) / static_cast<double>(list.size());
}

DiversityScore summarise(std::span<const double> diversities) {
    const auto n = static_cast<double>(diversities.size());
    DiversityScore score{.conditions = static_cast<int>(diversities.size())};
    score.mean = std::accumulate(diversities.begin(), diversities.end(), 0.0) / n;
    if (diversities.size() < 2) return score;
    double squares = 0;
    for (const auto value : diversities) squares += (value - score.mean) * (value - score.mean);
    score.interval = 1.96 * std::sqrt(squares / (n - 1) / n);
    return score;
}

}  // namespace modescope
