#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/png_text.h"
#include "core/sampling/sampler.h"

namespace modescope {

/// What a picture file says of the samples in it, so that they can be made again: Title, Description,
/// Software, Noise (to_text() of each, separated by "; "), Model (file name), Model steps, Configuration,
/// Task, Data, Size and, unless it is unknown, Model SHA-256. Hashes the model's file when that was not done
/// yet.
PictureText sample_text(const Sampler& model, std::span<const NoiseRecipe> noises);

/// The pictures' file names in a folder of these samples, each another: "seed-4127.png" where a seed says it
/// all and no earlier sample has the same, else "sample-3.png" for the third one.
std::vector<std::string> sample_file_names(std::span<const NoiseRecipe> noises);

}  // namespace modescope
