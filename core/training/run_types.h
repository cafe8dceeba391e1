#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/training/toy_view.h"

namespace modescope {

/// What one press of "step" trains.
enum class StepKind { both, discriminator, generator };

struct Progress {
    std::int64_t step = 0;  ///< generator steps done
    std::int64_t predictor_step = 0;
    bool predictor_ready = true;  ///< or none is needed
};

/// Names of the values that tell, of 0 … 1, how wide the pictures of a run's grid say the outputs of one
/// input are: the mean per-pixel standard deviation of G's samples, and the one that P says while it learns.
inline constexpr const char *spread_of_samples = "spread", *spread_of_prediction = "sigma";

/// What one step measured; values by name: "d", "g", a term's id, "predictor", "validation", a spread.
struct LogRow {
    std::int64_t step = 0;
    bool predictor = false;  ///< a step of the predictor; `step` then counts those
    double ms = 0;
    std::vector<std::pair<std::string, double>> values;
    std::optional<ToyScore> score;  ///< when it was measured at this step
};

/// A loss or gradient is no longer finite; the state is the one before that step.
struct Diverged : Error {
    using Error::Error;
};

/// Data cannot be read now; the state is the one before that step.
struct DataGone : Error {
    using Error::Error;
};

}  // namespace modescope
