#include "widgets/label_paint.h"

#include <QRegion>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

namespace modescope {
namespace {

QRect bounds(const LabelMap& map) { return {0, 0, map.width, map.height}; }

bool relabel(LabelMap& map, int x, int y, std::uint8_t label) {
    std::uint8_t& pixel = map.at(x, y);
    return std::exchange(pixel, label) != label;
}

/// A horizontal run of one label, found by the flood fill.
struct Run {
    int left, right, y;  ///< both ends belong to it
};

Run run_around(const LabelMap& map, QPoint at, std::uint8_t label) {
    Run run{at.x(), at.x(), at.y()};
    while (run.left > 0 && map.at(run.left - 1, run.y) == label) --run.left;
    while (run.right + 1 < map.width && map.at(run.right + 1, run.y) == label) ++run.right;
    return run;
}

/// The first pixel of every run of `label` in row y that touches `run` from above or below.
void push_neighbours(const LabelMap& map, const Run& run, int y, std::uint8_t label,
                     std::vector<QPoint>& open) {
    if (y < 0 || y >= map.height) return;
    for (int x = run.left; x <= run.right; ++x)
        if (map.at(x, y) == label && (x == run.left || map.at(x - 1, y) != label)) open.emplace_back(x, y);
}

}  // namespace

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
        int left = 0;
        while (!brush_covers(size, left, y)) ++left;
        region += QRect(left, y, size - 2 * left, 1);
    }
    QPainterPath path;
    path.addRegion(region);
    return path.simplified();
}

QRect stamp(LabelMap& map, QPoint origin, int size, std::uint8_t label) {
    QRect changed;
    const QRect area = QRect(origin, QSize(size, size)) & bounds(map);
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x)
            if (brush_covers(size, x - origin.x(), y - origin.y()) && relabel(map, x, y, label))
                changed |= QRect(x, y, 1, 1);
    return changed;
}

QRect stamp_line(LabelMap& map, QPoint from, QPoint to, int size, std::uint8_t label) {
    const QPoint way = to - from;
    const int steps = std::max({std::abs(way.x()), std::abs(way.y()), 1});
    QRect changed;
    for (int i = 0; i <= steps; ++i) {
        const QPointF at = QPointF(from) + QPointF(way) * (static_cast<double>(i) / steps);
        changed |= stamp(map, at.toPoint(), size, label);
    }
    return changed;
}

QRect flood_fill(LabelMap& map, QPoint start, std::uint8_t label) {
    if (!bounds(map).contains(start) || map.at(start.x(), start.y()) == label) return {};
    const std::uint8_t old = map.at(start.x(), start.y());
    std::vector<QPoint> open{start};
    QRect changed;
    while (!open.empty()) {
        const QPoint at = open.back();
        open.pop_back();
        if (map.at(at.x(), at.y()) != old) continue;
        const Run run = run_around(map, at, old);
        for (int x = run.left; x <= run.right; ++x) map.at(x, run.y) = label;
        changed |= QRect(run.left, run.y, run.right - run.left + 1, 1);
        push_neighbours(map, run, run.y - 1, old, open);
        push_neighbours(map, run, run.y + 1, old, open);
    }
    return changed;
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
