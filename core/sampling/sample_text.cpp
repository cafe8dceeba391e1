#include "core/sampling/sample_text.h"

#include <fmt/format.h>

#include <filesystem>

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
    return {{"Title", fmt::format("{}, noise {}", spec.objective.label(), noise)},
            {"Description",
             fmt::format("Drawn by the generator of a conditional GAN ({}), not a photo. Model {}, {} steps.",
                         spec.objective.label(), name, model.steps())},
            {"Software", "Modescope " MODESCOPE_VERSION},
            {"Noise", noise},
            {"Model", name},
            {"Model SHA-256", model.file_hash()},
            {"Model steps", fmt::format("{}", model.steps())},
            {"Configuration", spec.objective.id()},
            {"Task", spec.data.task},
            {"Data", spec.data.source},
            {"Size", fmt::format("{}", spec.data.size)}};
}

std::string sample_file_name(const NoiseRecipe& noise, std::size_t index) {
    return noise.is_plain() && noise.scale == 1 ? fmt::format("seed-{}.png", noise.parts.front().seed)
                                                : fmt::format("sample-{}.png", index + 1);
}

}  // namespace modescope
