#include "core/networks/networks.h"

#include <algorithm>

#include "core/networks/mlp.h"
#include "core/networks/network_kinds.h"
#include "core/networks/pix2pix.h"
#include "core/worlds/world.h"

namespace modescope {
namespace {

using torch::Tensor;

/// Channels of x and y.
struct Channels {
    std::int64_t x, y;
};

Channels channels(const Spec& spec) {
    if (spec.data.source == "toy") return {1, 1};
    return {static_cast<std::int64_t>(find_world(spec.data.source).classes().size()), 3};
}

/// One architecture of the table. `noisy` tells G's trunk from P's.
struct Row {
    std::string kind;
    bool bounded;  ///< outputs are pictures in [−1, 1]
    std::shared_ptr<Trunk> (*trunk)(const Spec&, bool noisy, std::int64_t outputs, at::Generator&);
    std::shared_ptr<Discriminator> (*discriminator)(const Spec&, at::Generator&);
};

std::shared_ptr<Trunk> mlp_trunk(const Spec& spec, bool noisy, std::int64_t outputs, at::Generator& random) {
    return make_mlp_trunk(spec.network.features, noisy ? spec.network.noise_channels : 0, outputs, random);
}

std::shared_ptr<Discriminator> mlp_discriminator(const Spec& spec, at::Generator& random) {
    return make_mlp_discriminator(spec.network.features, random);
}

std::shared_ptr<Trunk> unet(const Spec& spec, bool noisy, std::int64_t outputs, at::Generator& random) {
    return make_unet(spec.network, spec.data.size, noisy ? spec.network.noise_levels : 0, channels(spec).x,
                     outputs, random);
}

std::shared_ptr<Discriminator> patch_gan(const Spec& spec, at::Generator& random) {
    return make_patch_gan(spec.network, channels(spec).x, channels(spec).y, random);
}

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        {"mlp", false, mlp_trunk, mlp_discriminator},
        {"pix2pix", true, unet, patch_gan},
    };
    return rows;
}

const Row& row(const Spec& spec) { return *std::ranges::find(table(), spec.network.kind, &Row::kind); }

template <class Map>
void copy_by_name(const Map& to, const Map& from) {
    for (const auto& item : from) to[item.key()].copy_(item.value());
}

/// log σ̂² outside these bounds would make exp() overflow or the likelihood explode.
constexpr double log_dispersion_min = -8, log_dispersion_max = 2;

}  // namespace

Generator::Generator(std::shared_ptr<Trunk> trunk, bool bounded)
    : trunk_(register_module("trunk", std::move(trunk))), bounded_(bounded) {}

Tensor Generator::forward(const Tensor& x, const Noise& noise) { return decode(trunk_->encode(x), noise); }

Tensor Generator::decode(const std::vector<Tensor>& features, const Noise& noise) {
    const auto out = trunk_->decode(features, noise);
    return bounded_ ? out.tanh() : out;
}

Noise Generator::draw_noise(std::int64_t rows, at::Generator& random) const {
    Noise noise;
    for (auto shape : trunk_->noise_shapes()) {
        shape.insert(shape.begin(), rows);
        noise.push_back(torch::randn(shape, random));
    }
    return noise;
}

Predictor::Predictor(std::shared_ptr<Trunk> trunk, bool bounded)
    : trunk_(register_module("trunk", std::move(trunk))), bounded_(bounded) {}

Prediction Predictor::forward(const Tensor& x) {
    const auto parts = trunk_->decode(trunk_->encode(x), {}).chunk(2, 1);
    return {bounded_ ? parts[0].tanh() : parts[0], parts[1].clamp(log_dispersion_min, log_dispersion_max)};
}

std::shared_ptr<Generator> build_generator(const Spec& spec, at::Generator& random) {
    return std::make_shared<Generator>(row(spec).trunk(spec, true, channels(spec).y, random),
                                       row(spec).bounded);
}

std::shared_ptr<Predictor> build_predictor(const Spec& spec, at::Generator& random) {
    return std::make_shared<Predictor>(row(spec).trunk(spec, false, 2 * channels(spec).y, random),
                                       row(spec).bounded);
}

Networks build_networks(const Spec& spec, at::Generator& random) {
    Networks networks{.generator = build_generator(spec, random)};
    if (spec.objective.needs_discriminator()) networks.discriminator = row(spec).discriminator(spec, random);
    if (spec.objective.needs_predictor()) networks.predictor = build_predictor(spec, random);
    return networks;
}

std::vector<std::string> network_kinds() {
    std::vector<std::string> kinds;
    for (const auto& row : table()) kinds.push_back(row.kind);
    return kinds;
}

void copy_state(torch::nn::Module& to, const torch::nn::Module& from) {
    torch::NoGradGuard no_grad;
    copy_by_name(to.named_parameters(), from.named_parameters());
    copy_by_name(to.named_buffers(), from.named_buffers());
}

std::int64_t count_parameters(const torch::nn::Module& module) {
    std::int64_t count = 0;
    for (const auto& parameter : module.parameters()) count += parameter.numel();
    return count;
}

}  // namespace modescope
