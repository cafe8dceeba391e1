#pragma once

namespace modescope {

/// How far a predictor is from the truth, in standard deviations of the data (mean σ).
struct PredictorError {
    double centre = 0;     ///< mean |μ̂ − μ| / mean σ
    double deviation = 0;  ///< mean |σ̂ − σ| / mean σ
};

}  // namespace modescope
