#include "core/worlds/toy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>

#include "core/base/error.h"
#include "core/base/text.h"

namespace modescope {
namespace {

using Components = std::vector<Component>;

/// Beyond it a normal adds nothing, and erfc() of it is slow.
constexpr double out_of_sight = 8;

double normal_density(double y, const Component& c) {
    const double t = (y - c.mean) / c.deviation;
    if (std::abs(t) > out_of_sight) return 0;
    return std::exp(-t * t / 2) / (c.deviation * std::sqrt(2 * std::numbers::pi));
}

double density_of(double y, const Components& components) {
    double sum = 0;
    for (const auto& c : components) sum += c.weight * normal_density(y, c);
    return sum;
}

double share_below(double y, const Components& components) {
    double sum = 0;
    for (const auto& c : components)
        sum += c.weight * std::erfc((c.mean - y) / (c.deviation * std::numbers::sqrt2)) / 2;
    return sum;
}

double quantile(double probability, const Components& components, double low, double high) {
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (share_below(middle, components) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// All at once, between the lines of a table: for mixtures of many normals.
std::vector<double> tabled_quantiles(const Components& parts, int n, double low, double high) {
    constexpr int rows = 600;
    const double step = (high - low) / (rows - 1);
    std::vector<double> values;
    double below = 0, next = share_below(low, parts);
    for (int row = 0; row < rows; ++row) {
        below = next;
        next = share_below(low + (row + 1) * step, parts);
        for (double p; static_cast<int>(values.size()) < n &&
                       (p = (static_cast<double>(values.size()) + 0.5) / n) <= next;)
            values.push_back(low +
                             step * (row + (next > below ? std::max(0.0, p - below) / (next - below) : 0)));
    }
    values.resize(static_cast<std::size_t>(n), high);
    return values;
}

Component together(std::span<const Component> parts) {
    Component all{0, 0, 0};
    double square = 0;
    for (const auto& part : parts) {
        all.weight += part.weight;
        all.mean += part.weight * part.mean;
        square += part.weight * (part.mean * part.mean + part.deviation * part.deviation);
    }
    all.mean /= all.weight;
    all.deviation = std::sqrt(std::max(0.0, square / all.weight - all.mean * all.mean));
    return all;
}

/// Ascending; of two normals alike, nearer than two deviations, the sum has one peak.
Components modes_of(Components parts) {
    std::ranges::sort(parts, {}, &Component::mean);
    Components modes;
    for (const auto& part : parts) {
        const bool apart =
            modes.empty() || part.mean - modes.back().mean > part.deviation + modes.back().deviation;
        if (apart)
            modes.push_back(part);
        else
            modes.back() = together(std::array{modes.back(), part});
    }
    return modes;
}

// --- named shapes

constexpr double s = 0.05;  ///< the paper's

Components y_branches(double x, double deviation) {
    if (x < 0) return {{1, 0, deviation}};
    return {{0.5, x, deviation}, {0.5, -x, deviation}};
}

Components fork_branches(double x) {
    if (x < 0) return {{1, 0, s}};
    return {{1.0 / 3, -x, s}, {1.0 / 3, 0, s}, {1.0 / 3, x, s}};
}

Components ring_branches(double x) {
    const double y = 0.9 * std::sqrt(std::max(0.0, 1 - x * x));
    return {{0.5, -y, s}, {0.5, y, s}};
}

Components line_branches(double x) { return {{1, 0.7 * x, s}}; }

Components cross_branches(double x) { return {{0.5, -0.8 * std::abs(x), s}, {0.5, 0.8 * std::abs(x), s}}; }

Components fan_branches(double x) { return {{1, 0, 0.03 + 0.11 * (x + 1)}}; }

// --- points

constexpr double reach = 0.06, blur = 0.025, bin = 0.02, lowest = -1.25;
constexpr int columns = 401, bins = 126;

struct Column {
    Components parts, branches;
};

/// Of points that ascend by x: those within reach, or the nearest where there are fewer.
std::span<const ToyPoint> around(double x, std::span<const ToyPoint> points) {
    auto first = std::ranges::lower_bound(points, x - reach, {}, &ToyPoint::x);
    auto last = std::ranges::upper_bound(points, x + reach, {}, &ToyPoint::x);
    while (last - first < static_cast<std::ptrdiff_t>(least_toy_points)) {
        const bool can_left = first != points.begin(), can_right = last != points.end();
        if (!can_left && !can_right) break;
        if (can_left && (!can_right || x - std::prev(first)->x <= last->x - x))
            --first;
        else
            ++last;
    }
    return {first, last};
}

/// Nearer points weigh more, so that p(y | x) has no steps along x.
Components binned(double x, std::span<const ToyPoint> points) {
    double rim = reach;
    for (const auto& point : points) rim = std::max(rim, 1.01 * std::abs(point.x - x));
    std::vector<double> weight(bins), sum(bins);
    double all = 0;
    for (const auto& point : points) {
        const auto i =
            static_cast<std::size_t>(std::clamp(static_cast<int>((point.y - lowest) / bin), 0, bins - 1));
        const double share = 1 - std::pow((point.x - x) / rim, 2);
        weight[i] += share;
        sum[i] += share * point.y;
        all += share;
    }
    Components parts;
    for (std::size_t i = 0; i < weight.size(); ++i)
        if (weight[i] > 0) parts.push_back({weight[i] / all, sum[i] / weight[i], blur});
    return parts;
}

/// What a normal of σ = 0.06 around one bin adds to each of the others.
const std::array<double, bins>& smoothing() {
    static const auto table = [] {
        constexpr double smooth = 0.06;
        std::array<double, bins> falls{};
        for (std::size_t i = 0; i < falls.size(); ++i)
            falls[i] = std::exp(-std::pow(bin / smooth * static_cast<double>(i), 2) / 2);
        return falls;
    }();
    return table;
}

/// Up to a factor, at the bins' centres.
std::array<double, bins> smoothed(const Components& parts) {
    std::array<double, bins> density{};
    for (const auto& part : parts) {
        const int centre = std::clamp(static_cast<int>((part.mean - lowest) / bin), 0, bins - 1);
        for (int i = 0; i < bins; ++i)
            density[static_cast<std::size_t>(i)] +=
                part.weight * smoothing()[static_cast<std::size_t>(std::abs(i - centre))];
    }
    return density;
}

/// The y of the gaps between heaps, ascending.
std::vector<double> gaps_of(const Components& parts) {
    constexpr double deep = 0.5;
    std::vector<double> gaps;
    double peak = 0, valley = 0, valley_y = 0;  // of the heap being walked over, and since its peak
    double y = lowest - bin / 2;
    for (const double d : smoothed(parts)) {
        y += bin;
        if (d < valley) valley = d, valley_y = y;
        if (valley < deep * std::min(peak, d)) {
            gaps.push_back(valley_y);
            peak = valley = d;
        }
        if (d >= peak) peak = valley = d;
    }
    return gaps;
}

Components branches_of(const Components& parts) {
    constexpr double least_share = 0.05;
    auto gaps = gaps_of(parts);
    gaps.push_back(1e9);
    Components branches;
    auto first = parts.begin();
    for (const double gap : gaps) {
        const auto last = std::find_if(first, parts.end(), [&](const Component& c) { return c.mean > gap; });
        if (first != last) branches.push_back(together({first, last}));
        first = last;
    }
    std::erase_if(branches, [&](const Component& c) { return c.weight < least_share; });
    return branches;
}

std::vector<Column> columns_of(std::span<const ToyPoint> points) {
    std::vector<ToyPoint> sorted(points.begin(), points.end());
    std::ranges::sort(sorted, {}, [](const ToyPoint& p) { return std::pair(p.x, p.y); });
    std::vector<Column> table;
    for (int i = 0; i < columns; ++i) {
        const double x = 2.0 * i / (columns - 1) - 1;
        auto parts = binned(x, around(x, sorted));
        auto branches = branches_of(parts);
        table.push_back({std::move(parts), std::move(branches)});
    }
    return table;
}

const Column& column_at(const std::vector<Column>& table, double x) {
    const auto i = std::lround((std::clamp(x, -1.0, 1.0) + 1) / 2 * (columns - 1));
    return table[static_cast<std::size_t>(i)];
}

}  // namespace

ToyDistribution::ToyDistribution(AtX components, AtX branches)
    : components_(std::move(components)), branches_(std::move(branches)) {
    if (!branches_) branches_ = [parts = components_](double x) { return modes_of(parts(x)); };
}

ToyDistribution ToyDistribution::y_shape(double deviation) {
    return ToyDistribution([deviation](double x) { return y_branches(x, deviation); });
}

ToyDistribution ToyDistribution::of_points(std::span<const ToyPoint> points) {
    const auto table = std::make_shared<const std::vector<Column>>(columns_of(points));
    return ToyDistribution([table](double x) { return column_at(*table, x).parts; },
                           [table](double x) { return column_at(*table, x).branches; });
}

ToyDistribution ToyDistribution::named(const std::string& text) {
    if (is_points_text(text)) return of_points(points_from_text(text));
    if (text.empty()) return y_shape();
    const auto shapes = toy_shapes();
    const auto found = std::ranges::find(shapes, text, &ToyShape::id);
    if (found == shapes.end())
        throw Error(
            fmt::format("data.toy must be one of {} or points, but is \"{}\"; a CSV file of x,y is given "
                        "with --data FILE.",
                        toy_shape_names(), shown(text)));
    return ToyDistribution(found->components);
}

std::span<const ToyShape> toy_shapes() {
    static const std::vector<ToyShape> list{
        {"y", "one branch that forks into two at x = 0 (the paper's)",
         [](double x) { return y_branches(x, s); }},
        {"fork", "one branch that forks into three", fork_branches},
        {"ring", "an ellipse: two branches that meet at both ends", ring_branches},
        {"line", "one branch, nothing to collapse", line_branches},
        {"cross", "two lines that cross", cross_branches},
        {"fan", "one branch whose noise grows with x", fan_branches}};
    return list;
}

std::string toy_shape_names() {
    std::string names;
    for (const auto& shape : toy_shapes()) names += (names.empty() ? "" : ", ") + shape.id;
    return names;
}

void check_toy(const std::string& text) {
    if (is_points_text(text))
        points_from_text(text);
    else
        ToyDistribution::named(text);
}

double ToyDistribution::density(double x, double y) const { return density_of(y, components(x)); }

double ToyDistribution::cumulative(double x, double y) const { return share_below(y, components(x)); }

double ToyDistribution::mean(double x) const {
    double sum = 0;
    for (const auto& c : components(x)) sum += c.weight * c.mean;
    return sum;
}

double ToyDistribution::variance(double x) const {
    double second_moment = 0;
    for (const auto& c : components(x))
        second_moment += c.weight * (c.mean * c.mean + c.deviation * c.deviation);
    return second_moment - mean(x) * mean(x);
}

std::vector<double> ToyDistribution::quantiles(double x, int n) const {
    constexpr std::size_t few = 4;
    const auto parts = components(x);
    double low = 0, high = 0;
    for (const auto& c : parts) {
        low = std::min(low, c.mean - 8 * c.deviation);
        high = std::max(high, c.mean + 8 * c.deviation);
    }
    if (parts.size() > few) return tabled_quantiles(parts, n, low, high);
    std::vector<double> values;
    for (int i = 0; i < n; ++i) values.push_back(quantile((i + 0.5) / n, parts, low, high));
    return values;
}

double ToyDistribution::draw(double x, Rng& rng) const {
    const auto parts = components(x);
    double u = rng.uniform();
    std::size_t i = 0;
    while (i + 1 < parts.size() && u >= parts[i].weight) u -= parts[i++].weight;
    return parts[i].mean + parts[i].deviation * rng.normal();
}

}  // namespace modescope
