#pragma once

#include <torch/torch.h>

#include <QTest>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/networks/networks.h"
#include "tests/support.h"

/// Networks of every kind at a size that takes milliseconds, and what they are fed with.
namespace modescope {

/// The kinds of networks in the tasks they serve, with the settings that change their structure.
inline const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
    {"toy", {}},
    {"labels", {"network.refine=3"}},
    {"labels, transposed", {"network.refine=0", "network.upsampling=transposed"}},
    {"labels, modulated", {"network.refine=3", "network.modulation=5"}},
    {"labels, modulated, transposed",
     {"network.refine=0", "network.modulation=5", "network.upsampling=transposed"}},
    {"picture", {"data.task=picture"}},
    {"holes", {"data.task=inpainting", "data.hole_box=16"}},
    {"srgan", {"data.task=super-resolution", "network.kind=srgan"}},
    {"srgan, vector", {"data.task=super-resolution", "network.kind=srgan", "network.noise_vector=2"}},
    {"srgan, shuffled",
     {"data.task=super-resolution", "network.kind=srgan", "network.upsampling=transposed"}},
    {"srgan, patches",
     {"data.task=super-resolution", "network.kind=srgan", "network.discriminator_patches=true"}},
    {"glcic", {"data.task=inpainting", "data.hole_box=16", "network.kind=glcic", "network.features=8"}},
    {"glcic, vector",
     {"data.task=inpainting", "data.hole_box=16", "network.kind=glcic", "network.features=8",
      "network.noise_vector=2"}},
};

inline Spec spec_of(const std::string& kind, const std::string& objective = "gan+10*pmr2") {
    if (kind == "toy") return tiny_toy(objective);
    auto spec = tiny_street(objective);
    spec.network.blocks = 2;
    spec.network.discriminator_norm = "batch";
    for (const auto& [name, settings] : kinds)
        for (const auto& setting : settings)
            if (name == kind) set_field(spec, setting);
    return spec;
}

inline void add_kinds() {
    QTest::addColumn<std::string>("kind");
    for (const auto& [name, settings] : kinds) QTest::newRow(name.c_str()) << name;
}

inline Spec fetched_spec() {
    QFETCH(std::string, kind);
    return spec_of(kind);
}

inline std::vector<std::int64_t> rows_of(std::vector<std::int64_t> shape, std::int64_t rows) {
    shape.insert(shape.begin(), rows);
    return shape;
}

inline torch::Tensor uniform(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
    auto random = fixed_random(seed);
    return torch::empty(shape).uniform_(-1, 1, random);
}

/// Masks [rows, 1, side, side] with a hole of 6 × 8 pixels at (4 + 9·row, 10).
inline torch::Tensor holes(std::int64_t rows, std::int64_t side) {
    auto masks = torch::zeros({rows, 1, side, side});
    for (std::int64_t i = 0; i < rows; ++i) masks[i][0].narrow(0, 4 + 9 * i, 6).narrow(1, 10, 8).fill_(1);
    return masks;
}

inline torch::Tensor conditions(const Spec& spec, std::int64_t rows) {
    const auto x = uniform(rows_of(pair_shape(spec).x, rows), 21);
    if (spec.data.source == "toy") return x;
    if (spec.data.task == "labels") return x.eq(x.amax(1, true)).to(torch::kFloat);
    if (spec.data.task != "inpainting") return x;
    const auto masks = holes(rows, spec.data.size);
    return torch::cat({x.narrow(1, 0, 3) * (1 - masks), masks}, 1);
}

inline torch::Tensor pictures(const Spec& spec, std::int64_t rows) {
    return uniform(rows_of(pair_shape(spec).y, rows), 22);
}

/// As after a training, in eval mode: batch norms are not the identity and signals of some strength come
/// through.
inline void ripen(torch::nn::Module& module) {
    torch::NoGradGuard no_grad;
    auto random = fixed_random(5);
    for (auto& item : module.named_buffers()) {
        if (says(item.key(), "running_mean")) item.value().uniform_(-0.5, 0.5, random);
        if (says(item.key(), "running_var")) item.value().uniform_(0.5, 2, random);
    }
    for (auto& item : module.named_parameters()) {
        if (says(item.key(), "norm.weight")) item.value().uniform_(0.5, 1.5, random);
        if (says(item.key(), "norm.bias")) item.value().uniform_(-0.3, 0.7, random);
        if (item.value().dim() == 4) item.value().mul_(5);
    }
    module.eval();
}

inline std::shared_ptr<Generator> trained_generator(const Spec& spec) {
    auto random = fixed_random();
    const auto g = build_generator(spec, random);
    ripen(*g);
    return g;
}

inline Noise noise_of(const Generator& g, std::int64_t rows, std::uint64_t seed = 31) {
    auto random = fixed_random(seed);
    return g.draw_noise(rows, random);
}

}  // namespace modescope
