#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/image.h"

namespace modescope {

/// Indices of two pictures of a list.
using PicturePair = std::pair<int, int>;

/// Learned perceptual distance, version 0.1 (Zhang et al., "The Unreasonable Effectiveness of Deep Features
/// as a Perceptual Metric", CVPR 2018): squared differences of channel-normalised features, weighted per
/// channel, averaged over positions and summed over layers. 0 for equal pictures, near 1 for unrelated ones.
/// Always say which net a number is of. Methods may be called from any thread.
class Lpips {
public:
    /// A safetensors file with the names of the lpips package's state_dict; alex, squeeze (SqueezeNet 1.1)
    /// or vgg (VGG16), whichever the file holds. Throws Error naming the file and what it lacks.
    static std::shared_ptr<const Lpips> load(const std::string& path);
    ~Lpips();

    const std::string& net() const;  ///< "alex", "squeeze" or "vgg"
    std::string version() const { return "0.1"; }
    /// SHA-256 of the file, which tells weights of one net apart; as Sampler::file_hash(), and empty as that.
    const std::string& file_hash() const;
    /// Smaller pictures have no features in the deepest layer.
    int least_side() const;

    /// RGB pictures of one size. Other sizes, and sides below least_side(), throw Error.
    double distance(const Image& a, const Image& b) const;
    /// The distance's part from each layer, the first layer first.
    std::vector<double> layer_distances(const Image& a, const Image& b) const;
    /// One distance for each pair; the features of each picture are computed once.
    std::vector<double> distances(const std::vector<Image>& pictures,
                                  std::span<const PicturePair> pairs) const;

private:
    struct Parts;
    explicit Lpips(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// `chosen` unless it is empty, else the file that the environment's MODESCOPE_LPIPS names. Without either
/// throws Error that says how to make one.
std::string find_lpips_weights(const std::string& chosen = {});

/// Which samples of one condition are compared.
enum class PairProtocol {
    consecutive,  ///< each with the next, as BicycleGAN: 20 samples make 19 pairs
    all,          ///< each with every other
};
const char* name_of(PairProtocol protocol);
std::vector<PicturePair> pairs_of(int samples, PairProtocol protocol);

/// Diversity of one condition: mean distance over the protocol's pairs of at least two samples.
double diversity(const Lpips& lpips, const std::vector<Image>& samples, PairProtocol protocol);

/// Diversity of a model: over conditions.
struct DiversityScore {
    double mean = 0;
    /// The mean ± this is the 95 % interval over conditions (1.96 standard errors); none for one condition.
    std::optional<double> interval;
    int conditions = 0;
};
/// Of the conditions' diversities, at least one.
DiversityScore summarise(std::span<const double> diversities);

}  // namespace modescope
