#include "core/training/toy_timeline.h"

#include <algorithm>
#include <cmath>

namespace modescope {
namespace {

constexpr float range = 4, levels = 65535;

std::uint16_t pack(float value) {
    const float share = (std::clamp(value, -range, range) + range) / (2 * range);
    return std::isfinite(value) ? static_cast<std::uint16_t>(std::lround(share * levels)) : 0;
}

float unpack(std::uint16_t value) { return static_cast<float>(value) / levels * 2 * range - range; }

std::vector<std::uint16_t> pack(const std::vector<Band>& bands, std::vector<float>& x) {
    std::vector<std::uint16_t> packed;
    packed.reserve(2 * bands.size());
    x.clear();
    for (const auto& band : bands) {
        x.push_back(band.x);
        packed.push_back(pack(band.centre));
        packed.push_back(pack(band.deviation));
    }
    return packed;
}

std::vector<Band> unpack(const std::vector<std::uint16_t>& packed, const std::vector<float>& x) {
    std::vector<Band> bands;
    for (std::size_t i = 0; i + 1 < packed.size(); i += 2)
        bands.push_back({x[i / 2], unpack(packed[i]), unpack(packed[i + 1])});
    return bands;
}

}  // namespace

void ToyTimeline::append(const ToyView& view) {
    while (!looks_.empty() && looks_.back()->step >= view.step) looks_.pop_back();
    if (!looks_.empty() && view.step - looks_.back()->step < least_distance_) return;
    Look look{.step = view.step, .score = view.score};
    sample_x_.clear();
    look.samples.reserve(view.samples.size());
    for (const auto& [x, y] : view.samples) {
        sample_x_.push_back(x);
        look.samples.push_back(pack(y));
    }
    look.moments = pack(view.sample_moments, moments_x_);
    if (!view.predictor.empty()) look.predictor = pack(view.predictor, predictor_x_);
    surface_width_ = std::max(surface_width_, view.discriminator.width);
    surface_height_ = std::max(surface_height_, view.discriminator.height);
    look.surface.reserve(view.discriminator.data.size());
    for (const float p : view.discriminator.data)
        look.surface.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(p, 0.0f, 1.0f) * 255)));
    looks_.push_back(std::make_shared<const Look>(std::move(look)));
    if (looks_.size() > most) thin_out();
}

void ToyTimeline::thin_out() {
    std::vector<std::shared_ptr<const Look>> kept;
    for (std::size_t i = 0; i < looks_.size(); i += 2) kept.push_back(std::move(looks_[i]));
    looks_ = std::move(kept);
    const auto mean_distance = looks_.back()->step / static_cast<std::int64_t>(looks_.size());
    least_distance_ = std::max(2 * least_distance_, mean_distance);
}

std::shared_ptr<const ToyView> ToyTimeline::at(std::int64_t step) const {
    if (looks_.empty()) return nullptr;
    auto after = std::ranges::upper_bound(looks_, step, {}, [](const auto& look) { return look->step; });
    const auto& found = after == looks_.begin() ? *after : *std::prev(after);
    auto view = std::make_shared<ToyView>();
    view->samples.reserve(found->samples.size());
    view->step = found->step;
    view->score = found->score;
    for (std::size_t i = 0; i < found->samples.size(); ++i)
        view->samples.push_back({sample_x_[i], unpack(found->samples[i])});
    view->sample_moments = unpack(found->moments, moments_x_);
    view->predictor = unpack(found->predictor, predictor_x_);
    if (!found->surface.empty()) {
        view->discriminator = Raster<float>(surface_width_, surface_height_, 1);
        std::ranges::transform(found->surface, view->discriminator.data.begin(),
                               [](std::uint8_t p) { return static_cast<float>(p) / 255; });
    }
    return view;
}

std::size_t ToyTimeline::bytes() const {
    std::size_t sum = 0;
    for (const auto& look : looks_)
        sum += sizeof(Look) + look->surface.capacity() +
               2 * (look->samples.capacity() + look->moments.capacity() + look->predictor.capacity());
    return sum;
}

}  // namespace modescope
