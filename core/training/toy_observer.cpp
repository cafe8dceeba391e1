#include "core/training/toy_observer.h"

#include <cmath>

namespace modescope {
namespace {

using torch::Tensor;

constexpr int cloud_points = 600;
constexpr int band_points = 41, band_samples = 64;
constexpr int grid_columns = 56, grid_rows = 44;
constexpr int scored_samples = 400;

Tensor column(const Tensor& values) { return values.unsqueeze(1).contiguous(); }

/// Noise whose moments are as exact as n points allow: with one channel, the quantiles of the normal.
Tensor even_noise(int n, std::int64_t channels, at::Generator& random) {
    if (channels > 1) return torch::randn({n, channels}, random);
    const auto probability = (torch::arange(n, torch::kFloat) + 0.5) / n;
    return column(torch::erfinv(2 * probability - 1) * std::sqrt(2.0));
}

}  // namespace

ToyObserver::ToyObserver(const Spec& spec)
    : scorer_(ToyDistribution::named(spec.data.folder), scored_samples, spec.network.noise_channels),
      objective_(spec.objective) {
    auto random = at::detail::createCPUGenerator(7);
    const auto noise = spec.network.noise_channels;
    cloud_x_ = torch::rand({cloud_points, 1}, random).mul_(2).sub_(1);
    cloud_noise_ = torch::randn({cloud_points, noise}, random);
    band_x_ = column(torch::linspace(ToyView::x_min, ToyView::x_max, band_points));
    // The same for every x, so that the bands are smooth.
    band_noise_ = even_noise(band_samples, noise, random).repeat({band_points, 1});
    const auto xs = torch::linspace(ToyView::x_min, ToyView::x_max, grid_columns);
    const auto ys = torch::linspace(ToyView::y_max, ToyView::y_min, grid_rows);
    grid_x_ = column(xs.repeat({grid_rows}));
    grid_y_ = column(ys.repeat_interleave(grid_columns));
}

std::shared_ptr<const ToyView> ToyObserver::look(Trainer& trainer, const ToyScore& score) const {
    torch::NoGradGuard no_grad;
    auto view = std::make_shared<ToyView>();
    view->step = trainer.progress().step;
    view->score = score;
    const auto samples =
        torch::cat({cloud_x_, trainer.averaged_generator().forward(cloud_x_, {cloud_noise_})}, 1);
    view->samples.resize(cloud_points);
    std::copy_n(samples.contiguous().data_ptr<float>(), 2 * cloud_points, view->samples.front().data());
    view->sample_moments = sample_moments(trainer.averaged_generator());
    if (trainer.predictor()) view->predictor = predictor_band(*trainer.predictor());
    if (trainer.discriminator()) view->discriminator = surface(*trainer.discriminator());
    return view;
}

std::vector<Band> ToyObserver::sample_moments(Generator& generator) const {
    const auto samples = generator.forward(band_x_, {band_noise_}).view({band_points, band_samples});
    const auto mean = samples.mean(1), deviation = samples.std(1);
    std::vector<Band> bands;
    for (int i = 0; i < band_points; ++i)
        bands.push_back({band_x_[i].item<float>(), mean[i].item<float>(), deviation[i].item<float>()});
    return bands;
}

std::vector<Band> ToyObserver::predictor_band(Predictor& predictor) const {
    const auto predicted = predictor.forward(band_x_);
    const auto deviation = predicted_deviation(predicted, objective_);
    std::vector<Band> bands;
    for (int i = 0; i < band_points; ++i)
        bands.push_back(
            {band_x_[i].item<float>(), predicted.centre[i].item<float>(), deviation[i].item<float>()});
    return bands;
}

Raster<float> ToyObserver::surface(Discriminator& discriminator) const {
    const auto probability = discriminator.forward(grid_x_, grid_y_).sigmoid().contiguous();
    Raster<float> grid(grid_columns, grid_rows, 1);
    std::copy_n(probability.data_ptr<float>(), grid.data.size(), grid.data.begin());
    return grid;
}

}  // namespace modescope
