#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/experiments/compare_cases.h"
#include "core/metrics/lpips.h"

namespace modescope {

/// A model to compare, or the world's own renderings: what a perfect model would draw.
struct Contestant {
    std::string name;                        ///< as shown: "street-64-gan+pmr2"
    std::string path;                        ///< empty for the truth
    std::string hash;                        ///< SHA-256 of what was loaded; "truth"; empty: not known
    std::shared_ptr<const Sampler> sampler;  ///< null for the truth

    std::string configuration() const;  ///< id: "gan+pmr2", "truth"
    std::string label() const;          ///< "GAN + 10·pMR₂"
};
/// Of each its configuration, or where several share one their names.
std::vector<std::string> labels_of(const std::vector<Contestant>& contestants);
/// A file or a shipped model's name; "truth". Loads a file again that is saved meanwhile, for its hash.
/// Throws Error as Sampler::load does.
Contestant open_contestant(const std::string& path_or_name);
/// `samples` pictures from consecutive seeds, the first one `seed`. Throws Error as Sampler::sample does, and
/// for the truth where the case is of no world.
std::vector<Image> draw(const Contestant& contestant, const Cases& cases, const Case& condition, int samples,
                        std::uint64_t seed);

/// Which end of a metric is good; `truth`: the true pictures' own value.
enum class Better { higher, lower, truth };

/// A figure of a model: Σ sum / Σ weight over conditions.
struct Metric {
    std::string id;    ///< as in the JSON: "best_of_k", "entropy_ratio.time_of_day", "coverage@4"
    std::string name;  ///< as shown
    std::string help;  ///< one sentence
    Better better = Better::higher;
    int samples = 0;    ///< of a curve's point: of the first so many samples; 0: of all, a row of the table
    bool part = false;  ///< one factor's share of a metric that stands above it
};
struct Part {
    double sum = 0, weight = 0;  ///< no weight: the condition says nothing
};
using Row = std::vector<Part>;  ///< of one condition, by metric

/// Mean over conditions with its 95 % interval.
struct Estimate {
    double value = 0, low = 0, high = 0;
    int conditions = 0;  ///< that have weight; 0: no figure
    /// One condition says nothing of others; low and high are then the value.
    bool has_interval() const { return conditions > 1; }
};

struct CompareSettings {
    int conditions = 64;
    int samples = 32;                    ///< K, at least 2
    std::shared_ptr<const Lpips> lpips;  ///< null: no LPIPS diversity
    std::string cache;                   ///< folder of earlier measurements; empty: none
};

struct Comparison {
    std::vector<Contestant> contestants;
    std::vector<Metric> metrics;
    std::vector<std::vector<Row>> rows;  ///< by contestant, then condition; as far as measured
    std::vector<std::string> inputs;     ///< names of the conditions, as far as seen
    std::string data;                    ///< Cases::title
    std::string lpips;                   ///< which LPIPS, and which pairs; empty: none
    int conditions = 0, samples = 0;

    bool complete() const;
    int measured() const;  ///< conditions that all contestants have
};

/// Gets the share done and all that is known so far; may return false to stop.
using CompareProgress = std::function<bool(double share, const Comparison& so_far)>;

/// Measures the contestants on the first conditions, the truth of each condition once for all. What was
/// measured before with the same files and settings comes from the cache, in which stopped measurements are
/// kept too; files whose hash is not known are measured anew. Throws Error as sources and LPIPS do, and if
/// the cases' label maps have other classes than those of a model. No threads of its own.
Comparison compare(std::vector<Contestant> contestants, const Cases& cases, const CompareSettings& settings,
                   const CompareProgress& progress = {});

/// By metric. The interval is the 2.5th to 97.5th percentile of 1,000 bootstrap resamples of the conditions,
/// drawn from a generator with a fixed seed: the same rows give the same interval. Two conditions at least.
std::vector<Estimate> estimate(std::span<const Row> rows);

/// A condition and how far apart a metric's values lie on it.
struct Difference {
    int condition = 0;
    double spread = 0;            ///< largest − smallest
    int lowest = 0, highest = 0;  ///< contestants
};
/// All conditions on which two contestants at least have the metric, the largest spread first.
std::vector<Difference> differ_most(const Comparison& comparison, const std::string& metric);

/// Index of a metric, −1 if it was not measured.
int find_metric(const Comparison& comparison, const std::string& id);

/// $XDG_CACHE_HOME/modescope/compare, else ~/.cache/modescope/compare; empty without either.
std::string compare_cache_folder();

}  // namespace modescope
