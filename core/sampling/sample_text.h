#pragma once

#include <span>

#include "core/base/png_text.h"
#include "core/sampling/sampler.h"

namespace modescope {

/// What a picture file says of the samples in it, so that they can be made again: Title, Description,
/// Software, Noise (to_text() of each, separated by "; "), Model (file name), Model SHA-256, Model steps,
/// Configuration, Task, Data and Size. Hashes the model's file when that was not done yet.
PictureText sample_text(const Sampler& model, std::span<const NoiseRecipe> noises);

/// A picture's file name in a folder of samples: "seed-4127.png" where a seed says it all, else
/// "sample-3.png" for the third one.
std::string sample_file_name(const NoiseRecipe& noise, std::size_t index);

}  // namespace modescope
