#include "core/training/data.h"

#include "core/worlds/toy.h"
#include "core/worlds/world.h"

namespace modescope {
namespace {

using torch::Tensor;

std::uint64_t stream(std::uint64_t seed, Split split) {
    return Rng::at(seed, 1000 + static_cast<std::uint64_t>(split)).next();
}

class ToyData : public Data {
public:
    explicit ToyData(std::uint64_t seed) : seed_(seed) {}

    Batch batch(Split split, std::int64_t first, std::int64_t count) const override {
        auto x = torch::empty({count, 1}), y = torch::empty({count, 1});
        auto* xs = x.data_ptr<float>();
        auto* ys = y.data_ptr<float>();
        for (std::int64_t i = 0; i < count; ++i) {
            auto rng = Rng::at(stream(seed_, split), first + i);
            const double at = rng.uniform(-1, 1);
            xs[i] = static_cast<float>(at);
            ys[i] = static_cast<float>(distribution_.draw(at, rng));
        }
        return {x, y};
    }

private:
    std::uint64_t seed_;
    ToyDistribution distribution_ = ToyDistribution::y_shape();
};

class WorldData : public Data {
public:
    WorldData(const World& world, int size, std::uint64_t seed) : world_(world), size_(size), seed_(seed) {}

    Batch batch(Split split, std::int64_t first, std::int64_t count) const override {
        std::vector<Tensor> x, y;
        for (std::int64_t i = 0; i < count; ++i) {
            auto rng = Rng::at(stream(seed_, split), first + i);
            const auto layout = world_.layout(size_, rng);
            x.push_back(to_one_hot(layout, static_cast<std::int64_t>(world_.classes().size())));
            y.push_back(to_tensor(world_.render(layout, world_.draw_style(rng), rng)));
        }
        return {torch::cat(x), torch::cat(y)};
    }

private:
    const World& world_;
    int size_;
    std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<Data> make_data(const Spec& spec) {
    const auto seed = static_cast<std::uint64_t>(spec.training.seed);
    if (spec.data.source == "toy") return std::make_unique<ToyData>(seed);
    return std::make_unique<WorldData>(find_world(spec.data.source), static_cast<int>(spec.data.size), seed);
}

Tensor to_one_hot(const LabelMap& labels, std::int64_t classes) {
    const auto bytes = torch::from_blob(const_cast<std::uint8_t*>(labels.data.data()),
                                        {1, 1, labels.height, labels.width}, torch::kByte);
    return bytes.eq(torch::arange(classes, torch::kByte).view({1, classes, 1, 1})).to(torch::kFloat);
}

LabelMap to_labels(const Tensor& one_hot) {
    const auto classes = one_hot.argmax(0).to(torch::kByte).contiguous();
    LabelMap labels(static_cast<int>(classes.size(1)), static_cast<int>(classes.size(0)));
    std::copy_n(classes.data_ptr<std::uint8_t>(), labels.data.size(), labels.data.begin());
    return labels;
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
