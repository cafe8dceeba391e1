#pragma once

#include <string>
#include <vector>

#include "core/sampling/sampler.h"

namespace modescope {

/// Durations in milliseconds.
struct Timing {
    double median = 0, p95 = 0, max = 0;
    int count = 0;
};

Timing summarise(std::vector<double> milliseconds);

/// Steps of a preset on the calling thread; figures without steps are of networks it does not have.
struct StepTiming {
    std::string preset;
    Timing generator, discriminator, predictor;
    double peak_megabytes = 0;  ///< of the whole process's memory meanwhile
    double waiting = 0;         ///< share of the time spent waiting for data
    /// Median of a D step and a G step.
    double both() const { return generator.median + discriminator.median; }
};
/// At least two steps of each kind, and more while the seconds last. What trains on a folder gets one of
/// rendered pictures, written to `scratch` in the layout and size of the preset's real data.
StepTiming time_training(Spec spec, double seconds, const std::string& scratch);

/// From a changed drawing to K pictures, and what makes that fast. All in turn for every stroke, so that
/// their ratios hold on a busy machine too.
struct TileTiming {
    Timing tiles;         ///< as the Paint Studio asks for them
    Timing plain;         ///< the same net in eval mode, the batch of K through every layer
    Timing encoder_once;  ///< plain, but what knows no noise runs once
    Timing phases;        ///< and upsampling is one small convolution for each output phase
    /// How many times the tiles are faster than the plain forward, by the medians.
    double ratio() const { return plain.median / tiles.median; }
};
/// The model must be a U-Net that takes a world's label maps; else throws Error. The pictures of both ways
/// are compared first.
TileTiming time_brush_to_tiles(const Sampler& sampler, int tiles, int strokes);

/// `count` models that differ a little from one, written to a folder under names of its preset.
void write_variants(const std::string& model, int count, const std::string& folder);

/// Toy steps a second of the four default configurations, trained in turn.
double toy_steps_per_second(double seconds);

}  // namespace modescope
