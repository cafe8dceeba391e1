#include "core/experiments/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/experiments/compare_cache.h"
#include "core/metrics/sample_score.h"
#include "core/sampling/model_library.h"
#include "core/version.h"

namespace modescope {
namespace {

constexpr int resamples = 1000;
constexpr int most_reloads = 3;
constexpr std::uint64_t bootstrap_seed = 20190216;
constexpr const char* truth_name = "truth";

/// 1, 2, 4 … and K itself.
std::vector<int> curve_samples(int samples) {
    std::vector<int> points;
    for (int k = 1; k < samples; k *= 2) points.push_back(k);
    points.push_back(samples);
    return points;
}

/// Of a metric's curve, which those that spread samples apart begin with two; 0: it has none.
int least_samples(const std::string& metric) {
    if (metric == "coverage" || metric == "best_of_k") return 1;
    return metric == "deviation" || metric == "lpips" ? 2 : 0;
}

std::string name_of(const Lpips& lpips) {
    return fmt::format("LPIPS {}, {}, {}", lpips.version(), lpips.net(), name_of(PairProtocol::consecutive));
}

std::string point_id(const std::string& metric, int samples) { return fmt::format("{}@{}", metric, samples); }

/// The metrics that this source and these settings give, in the order of the rows.
std::vector<Metric> metrics_of(const Cases& cases, const CompareSettings& settings, bool targets) {
    std::vector<Metric> list{{"deviation", "per-pixel σ",
                              "Mean standard deviation of a pixel over the samples of one input.",
                              Better::truth}};
    if (cases.world) {
        list.push_back({"noise_sensitivity", "noise sensitivity",
                        "Variance of the samples over the true variance: 0, the noise is ignored; 1, as "
                        "varied as the truth.",
                        Better::truth});
        list.push_back({"coverage", "coverage",
                        "Share of the possible values of what the input hides that the samples show.",
                        Better::higher});
        list.push_back({"entropy_ratio", "entropy ratio",
                        "How evenly the samples show these values: 1 as the truth, 0 always the same one.",
                        Better::higher});
        for (const auto& factor : cases.world->factors())
            list.push_back({"entropy_ratio." + factor.id, factor.name,
                            fmt::format("The entropy ratio of {} alone.", factor.name), Better::higher, 0,
                            true});
        list.push_back({"validity", "valid", "Share of samples that are true renderings in some style.",
                        Better::higher});
        list.push_back({"match", "true pixels", "Share of pixels that agree with the nearest true rendering.",
                        Better::higher});
        list.push_back(
            {"mean_error", "|μ̃ − μ|", "Distance of the samples' mean from the true mean.", Better::lower});
        list.push_back({"deviation_error", "|σ̃ − σ|",
                        "Distance of the samples' standard deviation from the true one.", Better::lower});
    }
    if (targets)
        list.push_back({"best_of_k", "best of K",
                        "Mean |y − ỹ| of the sample that is nearest to a true picture.", Better::lower});
    if (settings.lpips)
        list.push_back(
            {"lpips", "LPIPS diversity",
             fmt::format("Mean perceptual distance of samples of one input ({}).", name_of(*settings.lpips)),
             Better::truth});
    const auto table = list;
    for (const auto& metric : table)
        if (const auto least = least_samples(metric.id); least > 0)
            for (const int k : curve_samples(settings.samples))
                if (k >= least)
                    list.push_back({point_id(metric.id, k), metric.name, metric.help, metric.better, k});
    return list;
}

/// Mean over pixels of the standard deviation (n − 1) of the first pictures, for growing numbers of them.
class RunningDeviation {
public:
    void add(const Image& picture) {
        sums_.resize(picture.data.size());
        squares_.resize(picture.data.size());
        for (std::size_t k = 0; k < picture.data.size(); ++k) {
            const double value = picture.data[k] / 255.0;
            sums_[k] += value;
            squares_[k] += value * value;
        }
        ++count_;
    }

    double mean() const {
        double total = 0;
        for (std::size_t k = 0; k < sums_.size(); ++k)
            total += std::sqrt(std::max(0.0, (squares_[k] - sums_[k] * sums_[k] / count_) / (count_ - 1)));
        return total / static_cast<double>(sums_.size());
    }

private:
    std::vector<double> sums_, squares_;
    int count_ = 0;
};

/// The figures of one contestant on one condition, by the metrics' ids.
class Measurement {
public:
    Measurement(const std::vector<Metric>& metrics, Row& row) : metrics_(metrics), row_(row) {
        row_.assign(metrics.size(), {});
    }

    void set(const std::string& id, double sum, double weight = 1) {
        const auto metric = std::ranges::find(metrics_, id, &Metric::id);
        if (metric != metrics_.end()) row_[metric - metrics_.begin()] = {sum, weight};
    }

private:
    const std::vector<Metric>& metrics_;
    Row& row_;
};

/// Over the factors that can be seen, each as much as any other.
Part mean_coverage(const World& world, std::span<const Reading> readings) {
    Part mean;
    for (std::size_t f = 0; f < world.factors().size(); ++f)
        if (const auto share = coverage(world, f, readings)) {
            mean.sum += *share;
            mean.weight += 1;
        }
    return mean;
}

void measure_truth(Measurement& row, const World& world, const Case& condition, const WorldTruth& truth,
                   const std::vector<Image>& pictures, const std::vector<Reading>& readings) {
    const auto score = score_condition(world, *condition.source, truth, pictures, readings);
    Part entropy;
    for (std::size_t f = 0; f < score.factors.size(); ++f) {
        if (!score.factors[f].seen) continue;
        row.set("entropy_ratio." + world.factors()[f].id, score.factors[f].entropy_ratio);
        entropy.sum += score.factors[f].entropy_ratio;
        entropy.weight += 1;
    }
    row.set("entropy_ratio", entropy.sum, entropy.weight);
    row.set("noise_sensitivity", score.variance, score.true_variance);
    row.set("validity", score.validity);
    row.set("match", score.match);
    row.set("mean_error", score.mean_error);
    row.set("deviation_error", score.deviation_error);
    const auto covered = mean_coverage(world, readings);
    row.set("coverage", covered.sum, covered.weight);
    for (const int k : curve_samples(static_cast<int>(readings.size()))) {
        const auto first = mean_coverage(world, std::span(readings).first(k));
        row.set(point_id("coverage", k), first.sum, first.weight);
    }
}

void measure_pictures(Measurement& row, const Case& condition, const std::vector<Image>& pictures) {
    const auto points = curve_samples(static_cast<int>(pictures.size()));
    RunningDeviation deviation;
    double nearest = 1;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const int k = static_cast<int>(i) + 1;
        deviation.add(pictures[i]);
        if (condition.target) nearest = std::min(nearest, mean_difference(*condition.target, pictures[i]));
        if (std::ranges::find(points, k) == points.end()) continue;
        if (k > 1) row.set(point_id("deviation", k), deviation.mean());
        if (condition.target) row.set(point_id("best_of_k", k), nearest);
    }
    row.set("deviation", deviation.mean());
    if (condition.target) row.set("best_of_k", nearest);
}

/// Of the first samples, for growing numbers of them, and of all.
void measure_diversity(Measurement& row, const Lpips& lpips, const std::vector<Image>& pictures) {
    const auto pairs = pairs_of(static_cast<int>(pictures.size()), PairProtocol::consecutive);
    const auto distances = lpips.distances(pictures, pairs);
    const auto mean = [&](std::size_t count) {
        return std::accumulate(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(count),
                               0.0) /
               static_cast<double>(count);
    };
    for (const int k : curve_samples(static_cast<int>(pictures.size())))
        if (k >= least_samples("lpips")) row.set(point_id("lpips", k), mean(k - 1));
    row.set("lpips", mean(distances.size()));
}

/// What a measurement depends on besides the condition's number.
std::string cache_key(const Contestant& contestant, const Cases& cases, const Comparison& comparison,
                      const CompareSettings& settings) {
    std::string ids;
    for (const auto& metric : comparison.metrics) ids += metric.id + " ";
    const auto lpips = settings.lpips ? comparison.lpips + " " + settings.lpips->file_hash() : "";
    return fmt::format("Modescope {}\n{}\n{}\n{} samples\n{}\n{}", MODESCOPE_VERSION, contestant.hash,
                       cases.id, settings.samples, lpips, ids);
}

std::string names_of(const Palette& classes) {
    std::vector<std::string> names;
    for (const auto& item : classes) names.push_back(item.name);
    return shown(fmt::format("{}", fmt::join(names, ", ")));
}

/// A class is but a number to a network, so a model would take another palette's for its own.
void check_classes(const Contestant& contestant, const Cases& cases) {
    if (!contestant.sampler || cases.settings.task != Task::labels) return;
    const auto& known = contestant.sampler->classes();
    if (known == cases.classes) return;
    throw Error(
        fmt::format("{} knows the classes {}, but {} has {}; choose inputs that have the model's classes.",
                    contestant.name, names_of(known), cases.title, names_of(cases.classes)));
}

/// The measuring of one comparison.
class Measuring {
public:
    Measuring(std::vector<Contestant> contestants, const Cases& cases, const CompareSettings& settings)
        : cases_(cases), settings_(settings) {
        const int count = std::min(settings.conditions, cases.count);
        const bool targets = count > 0 && cases.at(0).target.has_value();
        result_ = {.contestants = std::move(contestants),
                   .metrics = metrics_of(cases, settings, targets),
                   .data = cases.title,
                   .conditions = count,
                   .samples = settings.samples};
        if (settings.lpips) result_.lpips = name_of(*settings.lpips);
        load();
    }

    Comparison run(const CompareProgress& progress) {
        bool go_on = !progress || progress(share(), result_);
        for (int i = 0; go_on && i < result_.conditions; ++i) go_on = measure(i, progress);
        store();
        return std::move(result_);
    }

private:
    bool missing(std::size_t contestant, int condition) const {
        return static_cast<int>(result_.rows[contestant].size()) <= condition;
    }

    double share() const {
        std::size_t done = 0;
        for (const auto& rows : result_.rows) done += rows.size();
        const auto all = result_.rows.size() * static_cast<std::size_t>(result_.conditions);
        return all == 0 ? 1 : static_cast<double>(done) / static_cast<double>(all);
    }

    /// False: stopped.
    bool measure(int index, const CompareProgress& progress) {
        const auto condition = cases_.at(index);
        if (result_.inputs.size() <= static_cast<std::size_t>(index)) result_.inputs.resize(index + 1);
        result_.inputs[index] = condition.name;
        std::optional<WorldTruth> truth;
        for (std::size_t c = 0; c < result_.contestants.size(); ++c) {
            if (!missing(c, index)) continue;
            if (cases_.world && !truth) truth.emplace(truth_of(*cases_.world, *condition.source));
            result_.rows[c].push_back(row(result_.contestants[c], condition, truth));
            changed_.insert(c);
            if (progress && !progress(share(), result_)) return false;
        }
        return true;
    }

    Row row(const Contestant& contestant, const Case& condition,
            const std::optional<WorldTruth>& truth) const {
        const auto pictures = draw(contestant, cases_, condition, settings_.samples, condition.seed);
        Row row;
        Measurement measurement(result_.metrics, row);
        measure_pictures(measurement, condition, pictures);
        if (truth)
            measure_truth(measurement, *cases_.world, condition, *truth, pictures,
                          read_all(truth->reader, pictures));
        if (settings_.lpips) measure_diversity(measurement, *settings_.lpips, pictures);
        return row;
    }

    std::string key(std::size_t contestant) const {
        return cache_key(result_.contestants[contestant], cases_, result_, settings_);
    }
    /// What was measured of an unknown file would be found again for another one.
    bool cached(std::size_t contestant) const {
        return !settings_.cache.empty() && !cases_.id.empty() &&
               !result_.contestants[contestant].hash.empty() &&
               (!settings_.lpips || !settings_.lpips->file_hash().empty());
    }

    void load() {
        result_.rows.resize(result_.contestants.size());
        for (std::size_t c = 0; c < result_.rows.size(); ++c) {
            if (!cached(c)) continue;
            auto& rows = result_.rows[c];
            rows = load_rows(settings_.cache, key(c), result_.metrics.size());
            rows.resize(std::min(rows.size(), static_cast<std::size_t>(result_.conditions)));
            // Their names are known when the measuring gets there; whoever looks before needs some.
            while (result_.inputs.size() < rows.size())
                result_.inputs.push_back(fmt::format("input {}", result_.inputs.size() + 1));
        }
    }

    /// Only what grew, so that a longer measurement in the cache is never replaced by its beginning.
    void store() const {
        for (const auto c : changed_)
            if (cached(c)) store_rows(settings_.cache, key(c), result_.rows[c]);
    }

    const Cases& cases_;
    const CompareSettings& settings_;
    Comparison result_;
    std::set<std::size_t> changed_;
};

double ratio(const Part& part) { return part.sum / part.weight; }

Part total(std::span<const Row> rows, std::size_t metric) {
    Part sum;
    for (const auto& row : rows) {
        sum.sum += row[metric].sum;
        sum.weight += row[metric].weight;
    }
    return sum;
}

/// Nearest-rank percentile.
double percentile(std::vector<double>& values, double share) {
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    std::ranges::nth_element(values, values.begin() + rank);
    return values[rank];
}

void add_intervals(std::vector<Estimate>& estimates, std::span<const Row> rows) {
    Rng rng(bootstrap_seed);
    std::vector<std::vector<double>> values(estimates.size());
    for (int i = 0; i < resamples; ++i) {
        std::vector<Part> sums(estimates.size());
        for (std::size_t draw = 0; draw < rows.size(); ++draw) {
            const auto& row = rows[rng.index(static_cast<int>(rows.size()))];
            for (std::size_t m = 0; m < row.size(); ++m) {
                sums[m].sum += row[m].sum;
                sums[m].weight += row[m].weight;
            }
        }
        for (std::size_t m = 0; m < sums.size(); ++m)
            if (sums[m].weight > 0) values[m].push_back(ratio(sums[m]));
    }
    for (std::size_t m = 0; m < estimates.size(); ++m) {
        if (values[m].empty()) continue;
        estimates[m].low = percentile(values[m], 0.025);
        estimates[m].high = percentile(values[m], 0.975);
    }
}

/// A training saves its model every few minutes; then what was loaded has no hash any more.
std::shared_ptr<const Sampler> load_with_hash(const std::string& path) {
    std::error_code ignored;
    auto sampler = Sampler::load(path);
    for (int i = 0; i < most_reloads && sampler->file_hash().empty(); ++i) {
        if (!std::filesystem::is_regular_file(path, ignored)) break;  // it is gone, or was a pipe
        sampler = Sampler::load(path);
    }
    return sampler;
}

}  // namespace

std::string Contestant::configuration() const {
    return sampler ? sampler->spec().objective.id() : truth_name;
}

std::string Contestant::label() const {
    return sampler ? sampler->spec().objective.label() : "True pictures";
}

std::vector<std::string> labels_of(const std::vector<Contestant>& contestants) {
    std::vector<std::string> labels;
    for (const auto& contestant : contestants) {
        const auto same = std::ranges::count(contestants, contestant.label(), &Contestant::label);
        labels.push_back(same > 1 ? contestant.name : contestant.label());
    }
    return labels;
}

Contestant open_contestant(const std::string& path_or_name) {
    if (path_or_name == truth_name) return {truth_name, "", truth_name, nullptr};
    const auto path = find_model(path_or_name);
    auto sampler = load_with_hash(path);
    auto hash = sampler->file_hash();
    return {model_name(path), path, std::move(hash), std::move(sampler)};
}

std::vector<Image> draw(const Contestant& contestant, const Cases& cases, const Case& condition, int samples,
                        std::uint64_t seed) {
    if (!contestant.sampler) {
        if (!condition.source)
            throw Error("Only a world's own conditions have true pictures to draw; leave out the truth.");
        return drawn_by(*cases.world, cases.settings)(condition.source->example, samples, seed);
    }
    std::vector<std::uint64_t> seeds(samples);
    std::iota(seeds.begin(), seeds.end(), seed);
    return contestant.sampler->sample(condition.x, seeds);
}

bool Comparison::complete() const {
    return std::ranges::all_of(rows,
                               [&](const auto& list) { return static_cast<int>(list.size()) == conditions; });
}

int Comparison::measured() const {
    std::size_t least = static_cast<std::size_t>(conditions);
    for (const auto& list : rows) least = std::min(least, list.size());
    return static_cast<int>(least);
}

Comparison compare(std::vector<Contestant> contestants, const Cases& cases, const CompareSettings& settings,
                   const CompareProgress& progress) {
    for (const auto& contestant : contestants) check_classes(contestant, cases);
    return Measuring(std::move(contestants), cases, settings).run(progress);
}

std::vector<Estimate> estimate(std::span<const Row> rows) {
    if (rows.empty()) return {};
    std::vector<Estimate> estimates(rows.front().size());
    for (std::size_t m = 0; m < estimates.size(); ++m) {
        const auto sum = total(rows, m);
        const auto count = std::ranges::count_if(rows, [m](const Row& row) { return row[m].weight > 0; });
        if (count > 0) estimates[m] = {ratio(sum), ratio(sum), ratio(sum), static_cast<int>(count)};
    }
    if (rows.size() > 1) add_intervals(estimates, rows);
    return estimates;
}

int find_metric(const Comparison& comparison, const std::string& id) {
    const auto found = std::ranges::find(comparison.metrics, id, &Metric::id);
    return found == comparison.metrics.end() ? -1 : static_cast<int>(found - comparison.metrics.begin());
}

std::vector<Difference> differ_most(const Comparison& comparison, const std::string& metric) {
    const int m = find_metric(comparison, metric);
    std::vector<Difference> list;
    for (int i = 0; m >= 0 && i < comparison.conditions; ++i) {
        std::vector<std::pair<double, int>> values;
        for (std::size_t c = 0; c < comparison.rows.size(); ++c)
            if (const auto& rows = comparison.rows[c];
                static_cast<int>(rows.size()) > i && rows[i][m].weight > 0)
                values.emplace_back(ratio(rows[i][m]), static_cast<int>(c));
        if (values.size() < 2) continue;
        const auto [low, high] = std::ranges::minmax(values);
        list.push_back({i, high.first - low.first, low.second, high.second});
    }
    std::ranges::stable_sort(list, std::greater(), &Difference::spread);
    return list;
}

}  // namespace modescope
