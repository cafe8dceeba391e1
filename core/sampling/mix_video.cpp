#include "core/sampling/mix_video.h"

#include <algorithm>
#include <cmath>

#include "core/base/picture_file.h"
#include "core/base/video_file.h"

namespace modescope {

MixPoint walk(std::size_t ends, double t) {
    const double way = t - std::floor(t);
    if (ends < 4) return {1 - std::abs(1 - 2 * way), 0.5};
    const int leg = static_cast<int>(4 * way);
    const double along = 4 * way - leg;
    switch (leg) {
        case 0:
            return {along, 0};
        case 1:
            return {1, along};
        case 2:
            return {1 - along, 1};
        default:
            return {0, 1 - along};
    }
}

bool write_mix_video(const Sampler& sampler, const MixVideo& video,
                     const std::function<bool(double share)>& progress) {
    const int enlarged = (video.least_side + sampler.size() - 1) / sampler.size();
    const int factor = std::max(1, enlarged) * (sampler.size() % 2 == 1 && enlarged % 2 == 1 ? 2 : 1);
    const int side = sampler.size() * factor;
    VideoFile file(video.path, side, side, video.frames_per_second);
    const int frames = static_cast<int>(video.ends.size()) * video.frames_per_leg;
    for (int i = 0; i < frames; ++i) {
        if (!progress(static_cast<double>(i) / frames)) return false;
        const auto [x, y] = walk(video.ends.size(), static_cast<double>(i) / frames);
        const std::vector<NoiseRecipe> noise{between(video.ends, x, y)};
        file.add(contact_sheet(sampler.sample(video.condition, noise), 1, factor));
    }
    file.finish();
    progress(1);
    return true;
}

}  // namespace modescope
