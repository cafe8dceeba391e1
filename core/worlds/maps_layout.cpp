#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/worlds/maps_parts.h"
#include "core/worlds/rendering.h"

namespace modescope::maps {

namespace {

// Outlines are drawn this much larger and then thinned out, so that they fall between pixels.
constexpr int oversampling = 4;

// All lengths are in parts of the picture's side. At 64 pixels streets are four pixels wide and houses
// at least four.
constexpr double street_width = 0.0625;
constexpr double main_street_width = 0.09;
constexpr double least_block = 0.19;
constexpr double least_house = 0.07;
constexpr double setback = 0.024;

using Point = cv::Point2d;
using Box = cv::Rect2d;

/// Plan coordinates, in which streets are straight, → the picture: turned and bent a little.
struct Bend {
    double angle;
    Point swing, phase;

    explicit Bend(Rng& rng)
        : angle(rng.uniform(-0.3, 0.3)),
          swing{rng.uniform(-0.045, 0.045), rng.uniform(-0.045, 0.045)},
          phase{rng.uniform(0, CV_2PI), rng.uniform(0, CV_2PI)} {}

    Point operator()(Point plan) const {
        const double x = plan.x - 0.5 + swing.x * std::sin(4.5 * plan.y + phase.x);
        const double y = plan.y - 0.5 + swing.y * std::sin(4.5 * plan.x + phase.y);
        return {0.5 + std::cos(angle) * x - std::sin(angle) * y,
                0.5 + std::sin(angle) * x + std::cos(angle) * y};
    }
};

/// Draws shapes given in plan coordinates.
class Pen {
public:
    Pen(int size, const Bend& bend)
        : size_(size), bend_(bend), canvas_(size * oversampling, size * oversampling, uchar(Land)) {}

    void polygon(const std::vector<Point>& corners, Class label) {
        std::vector<cv::Point> points;
        for (const Point& corner : corners) {
            const Point place = bend_(corner) * canvas_.cols;
            points.emplace_back(cvRound(place.x), cvRound(place.y));
        }
        cv::fillPoly(canvas_, std::vector<std::vector<cv::Point>>{points}, cv::Scalar(label));
    }

    /// With sides that follow the bend.
    void box(const Box& box, Class label) {
        constexpr int steps = 8;
        const std::array<Point, 4> corners = {box.tl(), Point(box.br().x, box.y), box.br(),
                                              Point(box.x, box.br().y)};
        std::vector<Point> outline;
        for (int side = 0; side < 4; ++side) {
            const Point from = corners[side], to = corners[(side + 1) % 4];
            for (int i = 0; i < steps; ++i) outline.push_back(from + (to - from) * (double(i) / steps));
        }
        polygon(outline, label);
    }

    void disc(Point centre, Point radii, Class label) {
        constexpr int steps = 24;
        std::vector<Point> outline;
        for (int i = 0; i < steps; ++i) {
            const double angle = i * CV_2PI / steps;
            outline.emplace_back(centre.x + radii.x * std::cos(angle), centre.y + radii.y * std::sin(angle));
        }
        polygon(outline, label);
    }

    LabelMap labels() const { return middle_labels(canvas_, size_); }

private:
    int size_;
    const Bend& bend_;
    cv::Mat1b canvas_;
};

Box shrunk(const Box& box, double by) {
    return {box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by};
}

/// A river, or a coast where one bank lies outside of the picture.
struct River {
    bool upright;
    double middle, half_width, swing, phase;

    double centre(double along) const { return middle + swing * std::sin(5 * along + phase); }
    /// Distance from the bank, negative in the water.
    double distance(Point plan) const {
        return upright ? std::abs(plan.x - centre(plan.y)) - half_width
                       : std::abs(plan.y - centre(plan.x)) - half_width;
    }
    /// The river with `more` on both sides.
    std::vector<Point> outline(double more) const {
        std::vector<Point> points;
        const auto add = [&](double along, double across) {
            points.push_back(upright ? Point(across, along) : Point(along, across));
        };
        for (double along = -0.4; along < 1.4; along += 0.05) add(along, centre(along) - half_width - more);
        for (double along = 1.4; along > -0.4; along -= 0.05) add(along, centre(along) + half_width + more);
        return points;
    }
};

/// A block between streets, seen with its longer side lying.
struct Plot {
    Box box;
    bool upright;

    explicit Plot(const Box& box) : box(box), upright(box.height > box.width) {}

    double length() const { return upright ? box.height : box.width; }
    double depth() const { return upright ? box.width : box.height; }
    Box part(double along, double across, double length, double depth) const {
        return upright ? Box(box.x + across, box.y + along, depth, length)
                       : Box(box.x + along, box.y + across, length, depth);
    }
};

/// Draws a town: streets divide it into blocks, each of which is filled by itself.
class Town {
public:
    Town(int size, Rng& rng) : rng_(rng), bend_(rng), pen_(size, bend_) {
        main_upright_ = rng.chance(0.5);
        if (rng.chance(0.5)) choose_river();
    }

    LabelMap labels() {
        // Larger than the picture, as it is turned.
        divide({-0.3, -0.3, 1.6, 1.6}, 0);
        for (const Box& block : blocks_) fill(block);
        for (const Box& street : streets_)
            if (!beside_river(street)) pen_.box(street, Road);
        if (has_river_) draw_river();
        for (const Box& street : main_streets_) pen_.box(street, MainRoad);
        if (rng_.chance(0.3)) draw_roundabout(crossings_.front());
        return pen_.labels();
    }

private:
    /// Rivers cross the main street, coasts run beside it.
    void choose_river() {
        has_river_ = true;
        const bool coast = rng_.chance(0.3);
        const double shore = rng_.uniform(0.1, 0.22);
        river_.upright = coast == main_upright_;
        river_.half_width = coast ? 0.4 : rng_.uniform(0.05, 0.085);
        river_.middle = coast ? (rng_.chance(0.5) ? shore - 0.4 : 1.4 - shore) : rng_.uniform(0.2, 0.8);
        river_.swing = rng_.uniform(0.02, 0.06);
        river_.phase = rng_.uniform(0, CV_2PI);
    }

    void divide(const Box& land, int level) {
        const bool upright = level == 0 ? main_upright_ : land.width > land.height;
        const double side = upright ? land.width : land.height;
        const double street = level == 0 ? main_street_width : street_width;
        const bool large_enough = side >= 2 * least_block + street;
        if (!large_enough || (side < 0.6 && rng_.chance(0.1))) {
            blocks_.push_back(land);
            return;
        }
        const double room = side - street;
        const double first = std::clamp(room * rng_.uniform(0.38, 0.62), least_block, room - least_block);
        const auto part = [&](double from, double length) {
            return upright ? Box(land.x + from, land.y, length, land.height)
                           : Box(land.x, land.y + from, land.width, length);
        };
        (level == 0 ? main_streets_ : streets_).push_back(part(first, street));
        if (level == 1) crossings_.push_back(crossing(land, first + street / 2));
        divide(part(0, first), level + 1);
        divide(part(first + street, room - first), level + 1);
    }

    /// Where a street that starts at the main street meets it.
    Point crossing(const Box& land, double along) const {
        const Box& main = main_streets_.front();
        return main_upright_ ? Point(main.x + main.width / 2, land.y + along)
                             : Point(land.x + along, main.y + main.height / 2);
    }

    bool wet(const Box& box) const {
        constexpr double bank = 0.08;
        if (!has_river_) return false;
        const std::array<Point, 5> points = {box.tl(), Point(box.br().x, box.y), box.br(),
                                             Point(box.x, box.br().y), 0.5 * (box.tl() + box.br())};
        return std::ranges::any_of(points, [&](Point point) { return river_.distance(point) < bank; });
    }

    /// A street along the river would leave slivers of land between them.
    bool beside_river(const Box& street) const {
        const bool upright = street.height > street.width;
        if (!has_river_ || upright != river_.upright) return false;
        const double start = upright ? street.y : street.x, length = std::max(street.width, street.height);
        for (double way = 0; way <= 1; way += 0.25) {
            const double along = start + way * length;
            const Point place = upright ? Point(street.x, along) : Point(along, street.y);
            if (std::abs(river_.distance(place)) < 0.19) return true;
        }
        return false;
    }

    /// Things that reach into the river or its bank are left out.
    void place(const Box& box, Class label) {
        if (!wet(box)) pen_.box(box, label);
    }

    Point anywhere(const Box& box) {
        return {box.x + box.width * rng_.uniform(), box.y + box.height * rng_.uniform()};
    }

    void tree(Point centre) {
        const double radius = rng_.uniform(0.028, 0.042);
        pen_.disc(centre, {radius, radius}, Trees);
    }

    /// `density` of them in a box whose sides are a tenth.
    void trees(const Box& box, double density) {
        const int count = static_cast<int>(density * 100 * box.area() + rng_.uniform());
        for (int i = 0; i < count; ++i) tree(anywhere(shrunk(box, 0.03)));
    }

    void fill(const Box& block) {
        const Point centre = 0.5 * (block.tl() + block.br());
        if (has_river_ && river_.distance(centre) < 0.12) return riverside(block);
        // After a green block comes a built one, so that few pictures lack buildings.
        constexpr double green = 0.24;
        const double kind = rng_.uniform(after_green_ ? green : 0, 1);
        after_green_ = kind < green;
        if (kind < 0.18) return park(block);
        if (kind < green) return wood(block);
        if (kind < 0.40) return shop(block);
        if (kind < 0.62 && std::min(block.width, block.height) > 0.24) return court(block);
        if (kind < 0.76) return slabs(block);
        houses(block);
    }

    void park(const Box& block) {
        pen_.box(block, Park);
        const Box inner = shrunk(block, 0.05);
        trees(block, 1.4);
        if (std::min(inner.width, inner.height) > 0.1 && rng_.chance(0.5)) {
            const Point middle = 0.5 * (inner.tl() + inner.br());
            const Point radii{0.5 * inner.width * rng_.uniform(0.5, 0.9),
                              0.5 * inner.height * rng_.uniform(0.5, 0.9)};
            pen_.disc(middle, radii, Water);
        }
    }

    /// Reaches over the street that is left out between two blocks.
    void riverside(const Box& block) {
        after_green_ = true;
        pen_.box(shrunk(block, -street_width / 2), Park);
        trees(block, 1.2);
    }

    void wood(const Box& block) {
        pen_.box(block, Park);
        pen_.box(shrunk(block, 0.04), Trees);
        trees(block, 5);
    }

    /// A large hall beside its parking lot.
    void shop(const Box& block) {
        const Plot plot(shrunk(block, 0.012));
        place(plot.part(0, 0, plot.length(), plot.depth()), Parking);
        const double margin = 0.015;
        const double hall = std::max(least_house, plot.length() * rng_.uniform(0.35, 0.5));
        const double start = rng_.chance(0.5) ? margin : plot.length() - hall - margin;
        place(plot.part(start, margin, hall, plot.depth() - 2 * margin), Building);
    }

    /// A building around a yard, open to one side in some.
    void court(const Box& block) {
        const Box outer = shrunk(block, setback);
        if (wet(outer)) return trees(block, 2);
        pen_.box(outer, Building);
        Box yard = shrunk(outer, least_house);
        if (rng_.chance(0.5)) yard.height += least_house + setback;
        const double kind = rng_.uniform();
        pen_.box(yard, kind < 0.4 ? Land : kind < 0.7 ? Park : Parking);
        if (kind < 0.7) tree(0.5 * (yard.tl() + yard.br()));
    }

    /// Long buildings side by side in green.
    void slabs(const Box& block) {
        pen_.box(shrunk(block, 0.008), Park);
        trees(block, 0.9);
        const Plot plot(shrunk(block, setback));
        const double width = 0.08;
        const int count = std::max(1, static_cast<int>((plot.length() + 0.05) / 0.15));
        const double pitch = plot.length() / count;
        for (int i = 0; i < count; ++i)
            place(plot.part((i + 0.5) * pitch - width / 2, 0, width, plot.depth()), Building);
    }

    /// One or two rows of houses with gardens.
    void houses(const Box& block) {
        trees(block, 1.0);
        const Plot plot(shrunk(block, setback));
        const bool two = plot.depth() > 2 * least_house + 0.05;
        const double depth = two ? std::min(0.11, (plot.depth() - 0.045) / 2) : plot.depth();
        row(plot, 0, depth);
        if (two) row(plot, plot.depth() - depth, depth);
    }

    void row(const Plot& plot, double across, double depth) {
        double along = 0;
        while (along + least_house <= plot.length() + 1e-9) {
            const double room = plot.length() - along;
            const double length = std::min(room, rng_.uniform(least_house, 0.12));
            house(plot.part(along, across, length, depth));
            along += length + rng_.uniform(0.028, 0.05);
        }
    }

    /// A rectangle or, where it is large enough, an L.
    void house(const Box& box) {
        place(box, Building);
        const double wing = 0.065;
        if (wet(box) || std::min(box.width, box.height) < wing + 0.03 || rng_.chance(0.4)) return;
        const double right = rng_.chance(0.5) ? wing : 0, down = rng_.chance(0.5) ? wing : 0;
        pen_.box({box.x + right, box.y + down, box.width - wing, box.height - wing}, Land);
    }

    /// Between quays, on which streets end, or between green banks.
    void draw_river() {
        const bool quays = rng_.chance(0.5);
        if (quays) pen_.polygon(river_.outline(0.022 + street_width), Road);
        pen_.polygon(river_.outline(quays ? 0.022 : 0.05), Park);
        if (!quays) bank_trees();
        pen_.polygon(river_.outline(0), Water);
    }

    void draw_roundabout(Point centre) {
        if (wet({centre.x, centre.y, 0, 0})) return;
        const double outer = 0.115, inner = 0.05;
        pen_.disc(centre, {outer, outer}, MainRoad);
        pen_.disc(centre, {inner, inner}, Park);
    }

    void bank_trees() {
        for (double along = -0.2; along < 1.2; along += rng_.uniform(0.1, 0.25)) {
            const double side = rng_.chance(0.5) ? 1 : -1;
            const double across = river_.centre(along) + side * (river_.half_width + 0.04);
            tree(river_.upright ? Point(across, along) : Point(along, across));
        }
    }

    Rng& rng_;
    const Bend bend_;
    Pen pen_;
    bool main_upright_ = false;
    bool has_river_ = false;
    River river_{};
    bool after_green_ = false;
    std::vector<Box> blocks_, streets_, main_streets_;
    std::vector<Point> crossings_;
};

}  // namespace

LabelMap draw_layout(int size, Rng& rng) { return Town(size, rng).labels(); }

}  // namespace modescope::maps
