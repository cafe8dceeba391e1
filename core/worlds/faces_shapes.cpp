#include "core/worlds/faces_shapes.h"

#include <algorithm>
#include <cmath>

namespace modescope::faces {
namespace {

constexpr float pi = 3.14159265f;

/// Sums up signed areas: the running sum along a row is how much of each pixel lies inside.
class Areas {
public:
    explicit Areas(cv::Size size) : sums_(size.height, size.width + 2, 0.0f) {}

    void add(const Contour& outline) {
        for (std::size_t i = 0; i < outline.size(); ++i)
            add_edge(outline[i], outline[(i + 1) % outline.size()]);
    }

    cv::Mat1f cover() const {
        cv::Mat1f cover(sums_.rows, sums_.cols - 2);
        for (int y = 0; y < cover.rows; ++y) {
            float sum = 0;
            for (int x = 0; x < cover.cols; ++x) cover(y, x) = rounded(std::abs(sum += sums_(y, x)));
        }
        return cover;
    }

private:
    /// Slivers that nobody sees would only blur what lies inside, outside or on the border.
    static float rounded(float share) {
        constexpr float sliver = 1.0f / 64;
        return share < sliver ? 0 : share > 1 - sliver ? 1 : share;
    }

    void add_edge(Point top, Point bottom) {
        const float sign = top.y < bottom.y ? 1.0f : -1.0f;
        if (top.y > bottom.y) std::swap(top, bottom);
        const int last = std::min(sums_.rows, static_cast<int>(std::ceil(bottom.y)));
        for (int y = std::max(0, static_cast<int>(top.y)); y < last; ++y) {
            const float from = std::max(top.y, static_cast<float>(y));
            const float to = std::min(bottom.y, static_cast<float>(y + 1));
            if (from >= to) continue;
            const auto x = [&](float at) {
                const float way = (at - top.y) / (bottom.y - top.y);
                return std::clamp(top.x + way * (bottom.x - top.x), 0.0f, sums_.cols - 2.0f);
            };
            const auto [left, right] = std::minmax({x(from), x(to)});
            add_piece(sums_[y], left, right, sign * (to - from));
        }
    }

    /// A piece of an edge within one row of pixels.
    static void add_piece(float* row, float left, float right, float height) {
        for (int x = static_cast<int>(left); x == static_cast<int>(left) || x < right; ++x) {
            const float from = std::max(left, static_cast<float>(x));
            const float to = std::min(right, static_cast<float>(x + 1));
            const float part = right > left ? height * (to - from) / (right - left) : height;
            const float beyond = part * (0.5f * (from + to) - x);
            row[x] += part - beyond;
            row[x + 1] += beyond;
        }
    }

    cv::Mat1f sums_;
};

cv::Rect box_around(const Contour& outline, int size) {
    const auto [left, right] = std::ranges::minmax(outline, {}, &Point::x);
    const auto [top, bottom] = std::ranges::minmax(outline, {}, &Point::y);
    return cv::Rect(cv::Point(cvFloor(left.x), cvFloor(top.y)),
                    cv::Point(cvCeil(right.x), cvCeil(bottom.y))) &
           cv::Rect(0, 0, size, size);
}

float signed_power(float base, float exponent) {
    return std::copysign(std::pow(std::abs(base), exponent), base);
}

}  // namespace

Contour superellipse(Point centre, float rx, float ry, float n) {
    constexpr int corners = 40;
    Contour outline;
    for (int i = 0; i < corners; ++i) {
        const float angle = 2 * pi * i / corners;
        outline.push_back(centre + Point(rx * signed_power(std::cos(angle), 2 / n),
                                         ry * signed_power(std::sin(angle), 2 / n)));
    }
    return outline;
}

Contour smooth(const Contour& knots) {
    constexpr int steps = 6;
    const std::size_t count = knots.size();
    Contour outline;
    for (std::size_t i = 0; i < count; ++i) {
        const Point a = knots[(i + count - 1) % count], b = knots[i], c = knots[(i + 1) % count],
                    d = knots[(i + 2) % count];
        if (b == c) continue;
        for (int step = 0; step < steps; ++step) {
            const float t = static_cast<float>(step) / steps;
            outline.push_back(
                b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * b - a - 3 * c + d))));
        }
    }
    return outline;
}

Contour stroke(Point from, Point control, Point to, float width) {
    constexpr int steps = 10, cap = 4;
    Contour outline;
    // There and back again, always on the left of the way, with half a circle round the end.
    for (int side = 0; side < 2; ++side, std::swap(from, to)) {
        Point normal;
        for (int step = 0; step <= steps; ++step) {
            const float t = static_cast<float>(step) / steps;
            const Point at = (1 - t) * (1 - t) * from + 2 * t * (1 - t) * control + t * t * to;
            const Point along = (1 - t) * (control - from) + t * (to - control);
            const float length = std::max(1e-6f, std::hypot(along.x, along.y));
            normal = Point(along.y, -along.x) * (0.5f * width / length);
            outline.push_back(at + normal);
        }
        for (int step = 1; step < cap; ++step) {
            const float angle = pi * step / cap;
            outline.push_back(to + std::cos(angle) * normal + std::sin(angle) * Point(-normal.y, normal.x));
        }
    }
    return outline;
}

Contour symmetric(const Contour& half) {
    Contour knots = half;
    for (auto knot = half.rbegin(); knot != half.rend(); ++knot)
        if (knot->x != 0) knots.emplace_back(-knot->x, knot->y);
    return smooth(knots);
}

Contour moved(Contour outline, Point by) {
    for (auto& point : outline) point += by;
    return outline;
}

Mask cover(const Contour& outline, int size) {
    Contour pixels = outline;
    for (auto& point : pixels) point *= static_cast<float>(size) / 64;
    const cv::Rect box = box_around(pixels, size);
    Areas areas(box.size());
    areas.add(moved(pixels, -Point(box.tl())));
    return {box, areas.cover()};
}

Mask inside(const Mask& mask, const Mask& of) {
    const cv::Rect box = mask.box & of.box;
    if (box.empty()) return {};
    return {box, mask.cover(box - mask.box.tl()).mul(of.cover(box - of.box.tl()))};
}

Mask outside(const Mask& mask, const Mask& of) {
    Mask rest{mask.box, mask.cover.clone()};
    const cv::Rect box = mask.box & of.box;
    if (box.empty()) return rest;
    cv::Mat1f common = rest.cover(box - mask.box.tl());
    common = common.mul(1 - of.cover(box - of.box.tl()));
    return rest;
}

}  // namespace modescope::faces
