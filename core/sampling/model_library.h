#pragma once

#include <string>
#include <vector>

namespace modescope {

/// A model file that came with the program.
struct ModelFile {
    std::string path;
    std::string name;  ///< file name without the suffix: "street-64-gan+pmr2"
};

/// The *.safetensors of the folder that the environment's MODESCOPE_MODELS names; without it, of the first
/// of these that holds some: the installed share/modescope/models, the source tree's models/. In the order of
/// presets(), then by name.
std::vector<ModelFile> shipped_models();

/// What a model's file is called where it is listed: "street-64-gan+pmr2"; of a run, whose files all have the
/// same names, "run street-64-gan" by its folder.
std::string model_name(const std::string& path);

/// A path to an existing file as it is, the model of a run's folder, else the shipped model of that name.
/// Throws Error naming those there are.
std::string find_model(const std::string& path_or_name);

}  // namespace modescope
