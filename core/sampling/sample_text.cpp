#include "core/sampling/sample_text.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "core/version.h"

namespace modescope {
namespace {

std::string join(std::span<const NoiseRecipe> noises) {
    std::vector<std::string> texts;
    for (const auto& noise : noises) texts.push_back(to_text(noise));
    return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

PictureText sample_text(const Sampler& model, std::span<const NoiseRecipe> noises) {
    const auto& spec = model.spec();
    const auto name = std::filesystem::path(model.path()).filename().string();
    const auto noise = join(noises);
    PictureText text{
        {"Title", fmt::format("{}, noise {}", spec.objective.label(), noise)},
        {"Description",
         fmt::format("Drawn by the generator of a conditional GAN ({}), not a photo. Model {}, {} steps.",
                     spec.objective.label(), name, model.steps())},
        {"Software", "Modescope " MODESCOPE_VERSION},
        {"Noise", noise},
        {"Model", name},
        {"Model steps", fmt::format("{}", model.steps())},
        {"Configuration", spec.objective.id()},
        {"Task", spec.data.task},
        {"Data", spec.data.source},
        {"Size", fmt::format("{}", spec.data.size)}};
    if (!model.file_hash().empty()) text.emplace_back("Model SHA-256", model.file_hash());
    return text;
}

std::vector<std::string> sample_file_names(std::span<const NoiseRecipe> noises) {
    std::vector<std::string> names;
    std::set<std::uint64_t> taken;
    for (const auto& noise : noises) {
        const bool plain = noise.is_plain() && noise.scale == 1;
        // The seed that counts need not be the first part's, which a variation may have replaced.
        const auto seed = plain ? factors_of(noise).front().seed : 0;
        names.push_back(plain && taken.insert(seed).second ? fmt::format("seed-{}.png", seed)
                                                           : fmt::format("sample-{}.png", names.size() + 1));
    }
    return names;
}

}  // namespace modescope
