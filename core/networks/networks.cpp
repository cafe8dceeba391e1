#include "core/networks/networks.h"

#include <algorithm>

#include "core/networks/glcic.h"
#include "core/networks/mlp.h"
#include "core/networks/network_kinds.h"
#include "core/networks/pix2pix.h"
#include "core/networks/srgan.h"
#include "core/training/data.h"

namespace modescope {
namespace {

using torch::Tensor;

bool inpaints(const Spec& spec) {
    return spec.data.source != "toy" && find_task(spec.data.task) == Task::inpainting;
}

std::int64_t condition_channels(const Spec& spec) { return pair_shape(spec).x.front(); }
std::int64_t target_channels(const Spec& spec) { return pair_shape(spec).y.front(); }

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
    return make_unet(spec.network, spec.data.size, noisy ? spec.network.noise_levels : 0,
                     condition_channels(spec), outputs, random);
}

std::shared_ptr<Discriminator> patch_gan(const Spec& spec, at::Generator& random) {
    return make_patch_gan(spec.network, condition_channels(spec), target_channels(spec), random);
}

std::shared_ptr<Trunk> srgan(const Spec& spec, bool noisy, std::int64_t outputs, at::Generator& random) {
    return make_srgan(spec.network, spec.data.size / spec.data.scale, spec.data.scale, noisy, outputs,
                      random);
}

std::shared_ptr<Discriminator> srgan_discriminator(const Spec& spec, at::Generator& random) {
    return make_srgan_discriminator(spec.network, random);
}

std::shared_ptr<Trunk> glcic(const Spec& spec, bool noisy, std::int64_t outputs, at::Generator& random) {
    return make_glcic(spec.network, spec.data.size, noisy, outputs, random);
}

std::shared_ptr<Discriminator> glcic_discriminator(const Spec& spec, at::Generator& random) {
    return make_glcic_discriminator(spec.network, spec.data.size, spec.data.hole_box, random);
}

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        {"mlp", false, mlp_trunk, mlp_discriminator},
        {"pix2pix", true, unet, patch_gan},
        {"srgan", true, srgan, srgan_discriminator},
        {"glcic", true, glcic, glcic_discriminator},
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

/// `out` [B·K, …] in the hole of x [B, 4, h, w] and `known` [B, …] around it.
Tensor fill_hole(const Tensor& x, const Tensor& out, const Tensor& known) {
    const auto b = x.size(0);
    const auto in_hole = x.narrow(1, 3, 1).ne(0).unsqueeze(1);
    return torch::where(in_hole, out.unflatten(0, {b, out.size(0) / b}), known.unsqueeze(1)).flatten(0, 1);
}

Tensor picture_of(const Tensor& x) { return x.narrow(1, 0, 3); }

OutputForm form_of(const Spec& spec) { return {.bounded = row(spec).bounded, .fills_hole = inpaints(spec)}; }

}  // namespace

Generator::Generator(std::shared_ptr<Trunk> trunk, OutputForm form)
    : trunk_(register_module("trunk", std::move(trunk))), form_(form) {}

Tensor Generator::forward(const Tensor& x, const Noise& noise) { return decode(encode(x), noise); }

std::vector<Tensor> Generator::encode(const Tensor& x) {
    auto features = trunk_->encode(x);
    if (form_.fills_hole) features.push_back(x);
    return features;
}

Tensor Generator::decode(const std::vector<Tensor>& features, const Noise& noise) {
    auto out = trunk_->decode(features, noise);
    if (form_.bounded) out = out.tanh();
    return form_.fills_hole ? fill_hole(features.back(), out, picture_of(features.back())) : out;
}

Noise Generator::draw_noise(std::int64_t rows, at::Generator& random, torch::Device device) const {
    Noise noise;
    for (auto shape : trunk_->noise_shapes()) {
        shape.insert(shape.begin(), rows);
        noise.push_back(torch::randn(shape, random).to(device));
    }
    return noise;
}

Predictor::Predictor(std::shared_ptr<Trunk> trunk, OutputForm form)
    : trunk_(register_module("trunk", std::move(trunk))), form_(form) {}

Prediction Predictor::forward(const Tensor& x) {
    const auto parts = trunk_->decode(trunk_->encode(x), {}).chunk(2, 1);
    Prediction p{form_.bounded ? parts[0].tanh() : parts[0],
                 parts[1].clamp(log_dispersion_min, log_dispersion_max)};
    if (!form_.fills_hole) return p;
    const auto known = picture_of(x);
    return {fill_hole(x, p.centre, known),
            fill_hole(x, p.log_dispersion, torch::full_like(known, log_dispersion_min))};
}

PairShape pair_shape(const Spec& spec) {
    if (spec.data.source == "toy") return {{1}, {1}};
    const auto task = find_task(spec.data.task);
    const auto size = spec.data.size, side = task == Task::super_resolution ? size / spec.data.scale : size;
    const auto channels = task == Task::labels       ? std::ssize(classes_of(spec.data))
                          : task == Task::inpainting ? 4
                                                     : 3;
    return {{channels, side, side}, {3, size, size}};
}

std::shared_ptr<Generator> build_generator(const Spec& spec, at::Generator& random) {
    return std::make_shared<Generator>(row(spec).trunk(spec, true, target_channels(spec), random),
                                       form_of(spec));
}

std::shared_ptr<Discriminator> build_discriminator(const Spec& spec, at::Generator& random) {
    return row(spec).discriminator(spec, random);
}

std::shared_ptr<Predictor> build_predictor(const Spec& spec, at::Generator& random) {
    return std::make_shared<Predictor>(row(spec).trunk(spec, false, 2 * target_channels(spec), random),
                                       form_of(spec));
}

Networks build_networks(const Spec& spec, at::Generator& random) {
    Networks networks{.generator = build_generator(spec, random)};
    if (spec.objective.needs_discriminator()) networks.discriminator = build_discriminator(spec, random);
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
