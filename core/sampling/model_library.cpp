#include "core/sampling/model_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/base/error.h"
#include "core/training/spec.h"

namespace modescope {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> folders() {
    if (const char* chosen = std::getenv("MODESCOPE_MODELS")) return {chosen};
    std::vector<fs::path> list;
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    if (!error) list.push_back(program.parent_path().parent_path() / "share" / "modescope" / "models");
    list.emplace_back(MODESCOPE_SOURCE_MODELS);
    return list;
}

/// So that Street, the world to begin with, comes first.
std::size_t preset_rank(const std::string& name) {
    const auto list = presets();
    return std::ranges::find_if(list, [&](const Preset& preset) { return name.starts_with(preset.id); }) -
           list.begin();
}

std::vector<ModelFile> models_in(const fs::path& folder) {
    std::vector<ModelFile> list;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".safetensors")
            list.push_back({entry.path().string(), entry.path().stem().string()});
    std::ranges::sort(list, {}, [](const ModelFile& m) { return std::pair(preset_rank(m.name), m.name); });
    return list;
}

}  // namespace

std::vector<ModelFile> shipped_models() {
    for (const auto& folder : folders())
        if (auto list = models_in(folder); !list.empty()) return list;
    return {};
}

std::string model_name(const std::string& path) {
    const auto file = fs::absolute(path);
    const auto stem = file.stem().string();
    if (stem != "model" && stem != "checkpoint") return stem;
    return fmt::format("run {}", file.parent_path().filename().string());
}

std::string find_model(const std::string& path_or_name) {
    std::error_code ignored;
    const bool is_folder = fs::is_directory(path_or_name, ignored);
    if (const auto inside = fs::path(path_or_name) / "model.safetensors";
        is_folder && fs::exists(inside, ignored))
        return inside.string();
    if (!is_folder && fs::exists(path_or_name, ignored)) return path_or_name;
    std::vector<std::string> names;
    for (const auto& model : shipped_models()) {
        if (model.name == path_or_name) return model.path;
        names.push_back(model.name);
    }
    throw Error(fmt::format("There is no file, no run and no shipped model \"{}\"; the shipped ones are {}.",
                            path_or_name, fmt::join(names, ", ")));
}

}  // namespace modescope
