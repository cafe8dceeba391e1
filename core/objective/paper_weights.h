#pragma once

#include <cstdint>
#include <string>

#include "core/objective/objective.h"

namespace modescope {

/// Weight of a term beside the GAN loss with which the paper trained a preset (pix2pix-cityscapes,
/// pix2pix-maps, srgan-celeba, glcic-celeba); 1 for what it does not give and for any other preset.
double paper_weight(const std::string& preset, Term term, Distribution distribution);

/// ν with which the paper trained a preset with that term and its predictor; 0 for any other preset.
double paper_min_noise(const std::string& preset, Term term, Distribution distribution);

/// K with which the paper trained a preset with that term; 0 for any other preset.
std::int64_t paper_samples(const std::string& preset, Term term);

}  // namespace modescope
