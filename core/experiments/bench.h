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

/// One G-and-D step of a preset, and one of its predictor, on the calling thread.
struct StepTiming {
    std::string preset;
    Timing step, predictor;
};
StepTiming time_training(const std::string& preset, double seconds);

/// From a changed drawing to K pictures, as the Paint Studio asks for them.
Timing time_brush_to_tiles(const Sampler& sampler, int tiles, int strokes);

/// Toy steps a second of the four default configurations, trained in turn.
double toy_steps_per_second(double seconds);

}  // namespace modescope
