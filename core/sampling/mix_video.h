#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/sampling/sampler.h"

namespace modescope {

struct MixPoint {
    double x = 0, y = 0;  ///< of the unit square, as between() takes them
};
/// A closed walk past all ends at even speed, from the first (t = 0) back to it (t = 1): to the other of two
/// and back, around the corners of four.
MixPoint walk(std::size_t ends, double t);

struct MixVideo {
    std::string path;  ///< .mp4
    Condition condition;
    std::vector<NoiseRecipe> ends;  ///< 2 or 4
    int frames_per_leg = 48;        ///< between neighbouring ends
    double frames_per_second = 24;
    int least_side = 256;  ///< pixels are enlarged by the least whole factor that reaches it
};
/// Writes the walk as a film. `progress` gets the share that is done and says whether to go on; false leaves
/// no file, and write_mix_video() returns false. Throws Error as VideoFile and Sampler::sample.
bool write_mix_video(const Sampler& sampler, const MixVideo& video,
                     const std::function<bool(double share)>& progress);

}  // namespace modescope
