#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/predictor_error.h"
#include "core/metrics/world_score.h"
#include "core/objective/objective.h"
#include "core/training/toy_view.h"

namespace modescope {

/// What one training of a toy configuration showed.
struct ToyTrial {
    ToyScore score;
    /// Mean |F(ỹ | x) − ½|, F the true distribution: 0 where every sample is a median, ¼ for true samples.
    double median_gap = 0;
    double squared_error = 0;  ///< E(ỹ − y)², measured
    /// E(ỹ − y)² − (noise + bias² + variance), all from draws of their own; independent repetitions.
    std::vector<double> decomposition_gaps;
    /// At even distances in the first tenth of the training: W1, and the mean since the last of the loss
    /// beside the GAN's (the only loss, where there is one).
    std::vector<double> early_w1, early_loss;
    std::optional<PredictorError> predictor;
};

/// One configuration of the toy, trained with several seeds and measured against the exact truth.
struct ToyResult {
    Objective objective;
    std::vector<ToyTrial> trials;  ///< by seed
    ToyScore mean;                 ///< over the seeds
};

/// One configuration of an image task; every model of it was trained with another seed.
struct ImageResult {
    std::string preset;
    std::string configuration;  ///< Objective::id()
    std::vector<WorldScore> scores;
    std::vector<std::int64_t> steps;        ///< that each model was trained for
    std::vector<PredictorError> predictor;  ///< empty without one
    std::vector<double> lpips;              ///< LPIPS diversity of each model; empty without its weights
};

/// `share` done of the part, and what is worked on.
using ShowProgress = std::function<void(double share, const std::string& what)>;

/// The loss configurations that the toy compares (paper, section 5.1 and appendix).
std::vector<Objective> toy_configurations();
/// Trains every configuration for `steps` with the seeds 1 … `seeds`, as many at once as there are cores.
/// `progress` is told on threads of its own, one at a time.
std::vector<ToyResult> reproduce_toy(int seeds, std::int64_t steps, const ShowProgress& progress);

/// The image tasks of the claims, small enough for one machine, and the configurations compared in each: GAN,
/// GAN + ℓ and GAN + pMR₂.
const std::vector<std::string>& image_presets();
std::vector<Objective> image_configurations(const std::string& preset);

struct ImageEffort {
    int layouts = 24, samples = 32;  ///< per model
    std::string lpips;               ///< weights for the diversity; empty: without
    std::function<bool()> stopped;   ///< asked while a model trains; true saves it and ends all with Error
};
/// Measures the shipped models of the image presets; those that are missing are left out.
std::vector<ImageResult> measure_shipped_models(const ImageEffort& effort, const ShowProgress& progress);
/// Trains every image preset with every configuration and the seeds 1 … `seeds`, each in a folder of
/// `directory`, and measures them. What is there is not trained again, a started run goes on. Throws Error.
std::vector<ImageResult> reproduce_images(const std::string& directory, int seeds, const ImageEffort& effort,
                                          const ShowProgress& progress);

}  // namespace modescope
