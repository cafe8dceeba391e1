#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/worlds/rendering.h"
#include "core/worlds/street_parts.h"

namespace modescope::street {

namespace {

// Outlines are drawn this much larger and then thinned out, so that they fall between pixels.
constexpr int oversampling = 4;

/// Draws shapes given in parts of the picture's size, from the top left.
class Pen {
public:
    explicit Pen(int size) : size_(size), canvas_(size * oversampling, size * oversampling, uchar(Sky)) {}

    void polygon(const std::vector<cv::Point2d>& corners, Class label) {
        std::vector<cv::Point> points;
        for (const cv::Point2d& corner : corners) points.push_back(scaled(corner));
        cv::fillPoly(canvas_, std::vector<std::vector<cv::Point>>{points}, cv::Scalar(label));
    }

    void box(double left, double top, double right, double bottom, Class label) {
        polygon({{left, top}, {right, top}, {right, bottom}, {left, bottom}}, label);
    }

    void ellipse(cv::Point2d centre, double radius_x, double radius_y, Class label) {
        const cv::Point radii = scaled({radius_x, radius_y});
        cv::ellipse(canvas_, scaled(centre), cv::Size(radii), 0, 0, 360, cv::Scalar(label), cv::FILLED);
    }

    LabelMap labels() const { return middle_labels(canvas_, size_); }

private:
    cv::Point scaled(cv::Point2d point) const {
        return {cvRound(point.x * canvas_.cols), cvRound(point.y * canvas_.rows)};
    }

    int size_;
    cv::Mat1b canvas_;
};

/// The road in perspective. Nearness runs from 0 at the horizon to 1 at the lower edge of the
/// picture, the lane from −1 to 1 between the kerbs.
struct Perspective {
    double horizon;
    double far_x;
    double near_left;
    double near_right;
    double bend;

    explicit Perspective(Rng& rng)
        : horizon(rng.uniform(0.45, 0.56)),
          far_x(rng.uniform(0.36, 0.64)),
          near_left(rng.uniform(-0.22, 0.14)),
          near_right(rng.uniform(0.86, 1.22)),
          bend(rng.chance(0.5) ? rng.uniform(-0.2, 0.2) : 0.0) {}

    double y(double nearness) const { return horizon + (1 - horizon) * nearness; }
    double half_width(double nearness) const {
        return 0.015 + (0.5 * (near_right - near_left) - 0.015) * nearness;
    }
    double x(double nearness, double lane) const {
        const double straight = far_x + (0.5 * (near_left + near_right) - far_x) * nearness;
        return straight + bend * nearness * (1 - nearness) + lane * half_width(nearness);
    }
    cv::Point2d at(double nearness, double lane) const { return {x(nearness, lane), y(nearness)}; }
};

/// A piece of the road's surface between two lanes.
void draw_strip(Pen& pen, const Perspective& street, cv::Vec2d nearness, cv::Vec2d lanes, Class label) {
    constexpr int steps = 12;
    std::vector<cv::Point2d> corners;
    for (int i = 0; i <= steps; ++i) {
        corners.push_back(street.at(nearness[0] + (nearness[1] - nearness[0]) * i / steps, lanes[0]));
    }
    for (int i = steps; i >= 0; --i) {
        corners.push_back(street.at(nearness[0] + (nearness[1] - nearness[0]) * i / steps, lanes[1]));
    }
    pen.polygon(corners, label);
}

void draw_roof(Pen& pen, double left, double right, double top, Rng& rng) {
    const double width = right - left;
    if (rng.chance(0.3)) {
        pen.polygon({{left, top}, {left + width / 2, top - width * 0.4}, {right, top}}, Building);
    } else if (rng.chance(0.35)) {
        pen.box(left + width * 0.25, top - 0.045, right - width * 0.25, top, Building);
    }
}

void draw_skyline(Pen& pen, const Perspective& street, Rng& rng) {
    double left = rng.uniform(-0.1, 0.0);
    while (left < 1) {
        const double width = rng.uniform(0.13, 0.26);
        const double top = street.horizon - rng.uniform(0.14, 0.38);
        if (rng.chance(0.75)) {
            pen.box(left, top, left + width, street.horizon + 0.02, Building);
            draw_roof(pen, left, left + width, top, rng);
        }
        left += width + (rng.chance(0.5) ? rng.uniform(0.02, 0.1) : 0.0);
    }
}

/// A row of houses along one side of the street: edges run to the vanishing point.
void draw_near_houses(Pen& pen, const Perspective& street, bool right_side, Rng& rng) {
    const double outer = right_side ? 1.0 : 0.0;
    const double base = street.horizon + rng.uniform(0.06, 0.13);
    double start = 0;
    for (int house = 0; house < 2; ++house) {
        const double end = start + rng.uniform(0.25, 0.42);
        const double top = street.horizon - rng.uniform(0.22, 0.46);
        const auto corner = [&](double way, double outer_y) {
            return cv::Point2d(outer + (street.far_x - outer) * way,
                               outer_y + (street.horizon - outer_y) * way);
        };
        pen.polygon({corner(start, top), corner(end, top), corner(end, base), corner(start, base)}, Building);
        start = end;
    }
}

void draw_markings(Pen& pen, const Perspective& street, Rng& rng) {
    constexpr int dashes = 6;
    for (int i = 0; i < dashes; ++i) {
        const double from = std::pow((i + 0.15) / dashes, 1.5);
        const double to = std::pow((i + 0.7) / dashes, 1.5);
        draw_strip(pen, street, {from, to}, {-0.055, 0.055}, LaneMarking);
    }
    if (rng.chance(0.4)) {
        draw_strip(pen, street, {0.12, 1}, {-0.92, -0.86}, LaneMarking);
        draw_strip(pen, street, {0.12, 1}, {0.86, 0.92}, LaneMarking);
    }
}

void draw_crossing(Pen& pen, const Perspective& street, Rng& rng) {
    const double from = rng.uniform(0.3, 0.5);
    draw_strip(pen, street, {from - 0.06, from + 0.22}, {-1, 1}, Road);
    for (double lane = -0.9; lane < 0.85; lane += 0.29) {
        draw_strip(pen, street, {from, from + 0.16}, {lane, lane + 0.15}, LaneMarking);
    }
}

void draw_tree(Pen& pen, const cv::Rect2d& box, Rng& rng) {
    const double middle_x = box.x + box.width / 2, bottom = box.y + box.height;
    const double trunk = 0.075 * box.width;
    pen.polygon({{middle_x - trunk, box.y + 0.5 * box.height},
                 {middle_x + trunk, box.y + 0.5 * box.height},
                 {middle_x + 1.3 * trunk, bottom},
                 {middle_x - 1.3 * trunk, bottom}},
                Tree);
    const cv::Point2d crown(middle_x, box.y + 0.36 * box.height);
    const double radius_x = 0.36 * box.width, radius_y = 0.26 * box.height;
    pen.ellipse(crown, radius_x, radius_y, Tree);
    for (int i = 0; i < 7; ++i) {
        const double angle = i * CV_2PI / 7 + rng.uniform(-0.35, 0.35);
        const cv::Point2d offset(0.8 * radius_x * std::cos(angle), 0.8 * radius_y * std::sin(angle));
        const double puff = rng.uniform(0.45, 0.62);
        pen.ellipse(crown + offset, puff * radius_x, puff * radius_x, Tree);
    }
}

void draw_car(Pen& pen, const cv::Rect2d& box, Rng& rng) {
    const auto x = [&](double across) { return box.x + box.width * (0.5 + across / 2); };
    const auto y = [&](double down) { return box.y + box.height * down; };
    const double roof = rng.uniform(0.6, 0.74);
    pen.polygon({{x(-roof), y(0.03)},
                 {x(-0.8 * roof), y(0)},
                 {x(0.8 * roof), y(0)},
                 {x(roof), y(0.03)},
                 {x(0.86), y(0.46)},
                 {x(-0.86), y(0.46)}},
                Car);
    pen.box(x(-0.9), y(0.44), x(0.9), y(0.92), Car);
    pen.box(x(-1), y(0.52), x(1), y(0.88), Car);
    pen.box(x(-0.92), y(0.8), x(-0.5), y(1), Car);
    pen.box(x(0.5), y(0.8), x(0.92), y(1), Car);
}

void draw_person(Pen& pen, const cv::Rect2d& box, Rng& rng) {
    const double middle = box.x + box.width / 2, bottom = box.y + box.height;
    const double half = box.width / 2;
    const double stride = rng.uniform(0.18, 0.65) * half;
    for (double foot : {middle - stride, middle + stride}) {
        pen.polygon({{middle - 0.7 * half, box.y + 0.56 * box.height},
                     {middle + 0.7 * half, box.y + 0.56 * box.height},
                     {foot + 0.34 * half, bottom},
                     {foot - 0.34 * half, bottom}},
                    Person);
    }
    pen.ellipse({middle, box.y + 0.4 * box.height}, half, 0.24 * box.height, Person);
    pen.ellipse({middle, box.y + 0.11 * box.height}, 0.58 * half, 0.11 * box.height, Person);
}

/// Something that stands on the ground.
struct Thing {
    Class label;
    double nearness;
    cv::Rect2d box;
};

/// A lane on either side of the middle.
double random_lane(double least, double most, Rng& rng) {
    const double lane = rng.uniform(least, most);
    return rng.chance(0.5) ? lane : -lane;
}

cv::Rect2d box_on(cv::Point2d foot, double width, double height) {
    return {foot.x - width / 2, foot.y - height, width, height};
}

Thing random_tree(const Perspective& street, Rng& rng) {
    const double nearness = rng.uniform(0.05, 0.36);
    const double x = std::clamp(street.x(nearness, random_lane(1.25, 2.1, rng)), 0.03, 0.97);
    const double height = (0.25 + 0.62 * nearness) * rng.uniform(0.9, 1.15);
    return {Tree, nearness, box_on({x, street.y(nearness)}, height * rng.uniform(0.68, 0.84), height)};
}

Thing random_car(const Perspective& street, Rng& rng) {
    const double nearness = rng.uniform(0.22, 0.82);
    const double width = std::max(0.12, 0.7 * street.half_width(nearness));
    const cv::Point2d foot = street.at(nearness, random_lane(0.42, 0.54, rng));
    return {Car, nearness, box_on(foot, width, width * rng.uniform(0.74, 0.94))};
}

Thing random_person(const Perspective& street, Rng& rng) {
    const double nearness = rng.uniform(0.16, 0.6);
    const double x = std::clamp(street.x(nearness, random_lane(1.06, 1.4, rng)), 0.06, 0.94);
    const double height = 0.14 + 0.3 * nearness;
    return {Person, nearness, box_on({x, street.y(nearness)}, 0.32 * height, height)};
}

/// Things of one class keep apart, as touching ones would be one piece in the label map.
template <class Draw>
void place_apart(std::vector<Thing>& things, int count, Draw random_thing) {
    constexpr int tries = 6;
    for (int i = 0; i < count * tries && count > 0; ++i) {
        const Thing thing = random_thing();
        const bool touching = std::ranges::any_of(things, [&](const Thing& other) {
            return other.label == thing.label && (other.box & thing.box).area() > 0;
        });
        if (touching) continue;
        things.push_back(thing);
        --count;
    }
}

void draw_things(Pen& pen, const Perspective& street, Rng& rng) {
    std::vector<Thing> things;
    place_apart(things, rng.index(4), [&] { return random_tree(street, rng); });
    place_apart(things, rng.chance(0.5) ? 2 : rng.index(4), [&] { return random_car(street, rng); });
    place_apart(things, rng.index(3), [&] { return random_person(street, rng); });
    std::ranges::stable_sort(things, {}, &Thing::nearness);
    for (const Thing& thing : things) {
        if (thing.label == Tree) draw_tree(pen, thing.box, rng);
        if (thing.label == Car) draw_car(pen, thing.box, rng);
        if (thing.label == Person) draw_person(pen, thing.box, rng);
    }
}

}  // namespace

LabelMap draw_layout(int size, Rng& rng) {
    Pen pen(size);
    const Perspective street(rng);
    draw_skyline(pen, street, rng);
    pen.box(0, street.horizon, 1, 1, Sidewalk);
    for (bool right_side : {false, true}) {
        if (rng.chance(0.6)) draw_near_houses(pen, street, right_side, rng);
    }
    draw_strip(pen, street, {0, 1}, {-1, 1}, Road);
    draw_markings(pen, street, rng);
    if (rng.chance(0.3)) draw_crossing(pen, street, rng);
    draw_things(pen, street, rng);
    return pen.labels();
}

}  // namespace modescope::street
