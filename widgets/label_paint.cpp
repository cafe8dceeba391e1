#include "widgets/label_paint.h"

#include <QRegion>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

namespace modescope {
namespace {

QRect bounds(const LabelMap& map) { return {0, 0, map.width, map.height}; }

QRect spanned(QPoint corner, QPoint opposite) {
    return {QPoint(std::min(corner.x(), opposite.x()), std::min(corner.y(), opposite.y())),
            QPoint(std::max(corner.x(), opposite.x()), std::max(corner.y(), opposite.y()))};
}

QRect paint_run(LabelMap& map, const PixelRun& run, std::uint8_t label, const Locks& locked) {
    if (run.y < 0 || run.y >= map.height) return {};
    int first = map.width, last = -1;
    for (int x = std::max(0, run.left); x <= std::min(map.width - 1, run.right); ++x) {
        std::uint8_t& pixel = map.at(x, run.y);
        if (pixel == label || locked[pixel]) continue;
        pixel = label;
        first = std::min(first, x);
        last = x;
    }
    return last < 0 ? QRect() : QRect(first, run.y, last - first + 1, 1);
}

int brush_inset(int size, int y) {
    int left = 0;
    while (!brush_covers(size, left, y)) ++left;
    return left;
}

/// The pixels of row y whose centres lie between two positions.
PixelRun run_between(int y, double left, double right) {
    return {y, static_cast<int>(std::ceil(left - 0.5)), static_cast<int>(std::ceil(right - 0.5)) - 1};
}

/// Where the polygon's edges cross the height y, ascending.
std::vector<double> crossings(const QPolygonF& corners, double y) {
    std::vector<double> found;
    for (qsizetype i = 0; i < corners.size(); ++i) {
        const QPointF a = corners[i], b = corners[(i + 1) % corners.size()];
        if ((a.y() <= y) != (b.y() <= y))
            found.push_back(a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x()));
    }
    std::ranges::sort(found);
    return found;
}

PixelRun run_around(const LabelMap& map, QPoint at) {
    const auto label = map.at(at.x(), at.y());
    PixelRun run{at.y(), at.x(), at.x()};
    while (run.left > 0 && map.at(run.left - 1, run.y) == label) --run.left;
    while (run.right + 1 < map.width && map.at(run.right + 1, run.y) == label) ++run.right;
    return run;
}

/// The first pixel of every run of `label` in row y that touches `run` from above or below.
void push_neighbours(const LabelMap& map, const PixelRun& run, int y, std::uint8_t label,
                     std::vector<QPoint>& open) {
    if (y < 0 || y >= map.height) return;
    for (int x = run.left; x <= run.right; ++x)
        if (map.at(x, y) == label && (x == run.left || map.at(x - 1, y) != label)) open.emplace_back(x, y);
}

}  // namespace

QRect paint(LabelMap& map, const Region& region, std::uint8_t label, const Locks& locked) {
    QRect changed;
    for (const PixelRun& run : region) changed |= paint_run(map, run, label, locked);
    return changed;
}

QPoint brush_origin(QPointF position, int size) {
    const double half = (size - 1) / 2.0;
    return {static_cast<int>(std::floor(position.x() - half)),
            static_cast<int>(std::floor(position.y() - half))};
}

bool brush_covers(int size, int x, int y) {
    const double dx = x + 0.5 - size / 2.0;
    const double dy = y + 0.5 - size / 2.0;
    return dx * dx + dy * dy <= size * size / 4.0;
}

QPainterPath brush_outline(int size) {
    QRegion region;
    for (int y = 0; y < size; ++y) {
        const int inset = brush_inset(size, y);
        region += QRect(inset, y, size - 2 * inset, 1);
    }
    QPainterPath path;
    path.addRegion(region);
    return path.simplified();
}

/// A brush is convex and each step is one pixel, so every row of the whole is one run.
Region line_region(QPoint from, QPoint to, int size) {
    const QPoint way = to - from;
    const int steps = std::max({std::abs(way.x()), std::abs(way.y()), 1});
    const int top = std::min(from.y(), to.y());
    Region region;
    for (int y = top; y < top + std::abs(way.y()) + size; ++y)
        region.push_back({y, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()});
    for (int row = 0; row < size; ++row) {
        const int inset = brush_inset(size, row);
        for (int i = 0; i <= steps; ++i) {
            const QPoint at = (QPointF(from) + QPointF(way) * (static_cast<double>(i) / steps)).toPoint();
            PixelRun& run = region[at.y() + row - top];
            run.left = std::min(run.left, at.x() + inset);
            run.right = std::max(run.right, at.x() + size - 1 - inset);
        }
    }
    return region;
}

Region rectangle_region(QPoint corner, QPoint opposite) {
    const QRect area = spanned(corner, opposite);
    Region region;
    for (int y = area.top(); y <= area.bottom(); ++y) region.push_back({y, area.left(), area.right()});
    return region;
}

Region ellipse_region(QPoint corner, QPoint opposite) {
    const QRect area = spanned(corner, opposite);
    const QPointF centre = QRectF(area).center();
    Region region;
    for (int y = area.top(); y <= area.bottom(); ++y) {
        const double height = (y + 0.5 - centre.y()) / (area.height() / 2.0);
        const double half = area.width() / 2.0 * std::sqrt(std::max(0.0, 1 - height * height));
        region.push_back(run_between(y, centre.x() - half, centre.x() + half));
    }
    return region;
}

Region polygon_region(const QPolygonF& corners) {
    const QRect area = corners.boundingRect().toAlignedRect();
    Region region;
    for (int y = area.top(); y <= area.bottom(); ++y) {
        const auto edges = crossings(corners, y + 0.5);
        for (std::size_t i = 0; i + 1 < edges.size(); i += 2)
            region.push_back(run_between(y, edges[i], edges[i + 1]));
    }
    return region;
}

Region connected_region(const LabelMap& map, QPoint start) {
    if (!bounds(map).contains(start)) return {};
    const std::uint8_t label = map.at(start.x(), start.y());
    std::vector<bool> seen(map.data.size());
    std::vector<QPoint> open{start};
    Region region;
    while (!open.empty()) {
        const QPoint at = open.back();
        open.pop_back();
        const auto row = static_cast<std::size_t>(at.y()) * map.width;
        if (seen[row + at.x()]) continue;
        const PixelRun run = run_around(map, at);
        std::fill_n(seen.begin() + row + run.left, run.right - run.left + 1, true);
        region.push_back(run);
        push_neighbours(map, run, run.y - 1, label, open);
        push_neighbours(map, run, run.y + 1, label, open);
    }
    return region;
}

LabelMap crop(const LabelMap& map, QRect area) {
    LabelMap result(area.width(), area.height());
    for (int y = 0; y < area.height(); ++y)
        std::copy_n(&map.at(area.left(), area.top() + y), area.width(), &result.at(0, y));
    return result;
}

void paste(LabelMap& map, QPoint where, const LabelMap& patch) {
    for (int y = 0; y < patch.height; ++y)
        std::copy_n(&patch.at(0, y), patch.width, &map.at(where.x(), where.y() + y));
}

QRect difference(const LabelMap& a, const LabelMap& b) {
    QRect changed;
    for (int y = 0; y < a.height; ++y)
        for (int x = 0; x < a.width; ++x)
            if (a.at(x, y) != b.at(x, y)) changed |= QRect(x, y, 1, 1);
    return changed;
}

}  // namespace modescope
