#pragma once

#include <memory>

#include "core/metrics/toy_score.h"
#include "core/training/toy_view.h"
#include "core/training/trainer.h"

namespace modescope {

/// Looks at a toy training: what a panel shows. Uses fixed x and noise of its own, so that points
/// glide while the generator learns, and never touches the training's random numbers.
class ToyObserver {
public:
    explicit ToyObserver(const Spec& spec);

    /// `score` is the last one measured; measuring is dearer than looking.
    std::shared_ptr<const ToyView> look(Trainer& trainer, const ToyScore& score) const;
    ToyScore score(Trainer& trainer) const { return scorer_.score(trainer.averaged_generator()); }

private:
    std::vector<Band> sample_moments(Generator& generator) const;
    std::vector<Band> predictor_band(Predictor& predictor) const;
    Raster<float> surface(Discriminator& discriminator) const;

    ToyScorer scorer_;
    Objective objective_;
    torch::Tensor cloud_x_, cloud_noise_, band_x_, band_noise_, grid_x_, grid_y_;
};

}  // namespace modescope
