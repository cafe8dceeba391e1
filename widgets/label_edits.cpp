#include "widgets/label_edits.h"

#include <algorithm>
#include <array>
#include <vector>

#include "widgets/label_paint.h"

namespace modescope {
namespace {

constexpr std::array<QPoint, 4> sides{QPoint(-1, 0), QPoint(1, 0), QPoint(0, -1), QPoint(0, 1)};

bool inside(const LabelMap& map, QPoint at) { return QRect(0, 0, map.width, map.height).contains(at); }

template <class Visit>
void for_each_pixel(const Region& region, Visit visit) {
    for (const PixelRun& run : region)
        for (int x = run.left; x <= run.right; ++x) visit(QPoint(x, run.y));
}

/// Calls `visit(region)` for each 4-connected region of equal labels.
template <class Visit>
void for_each_region(const LabelMap& map, Visit visit) {
    LabelMap seen(map.width, map.height);
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x) {
            if (seen.at(x, y)) continue;
            const Region region = connected_region(map, {x, y});
            paint(seen, region, 1);
            visit(region);
        }
}

int pixels_of(const Region& region) {
    int sum = 0;
    for (const PixelRun& run : region) sum += run.right - run.left + 1;
    return sum;
}

bool touches_border(const LabelMap& map, const Region& region) {
    return std::ranges::any_of(region, [&](const PixelRun& run) {
        return run.y == 0 || run.y == map.height - 1 || run.left == 0 || run.right == map.width - 1;
    });
}

/// The label that most of the neighbours beyond the region have; its own if it fills the map.
std::uint8_t surrounding(const LabelMap& map, const Region& region) {
    const auto own = map.at(region.front().left, region.front().y);
    std::array<int, 256> touched{};
    for_each_pixel(region, [&](QPoint at) {
        for (const QPoint side : sides)
            if (const QPoint next = at + side; inside(map, next)) ++touched[map.at(next.x(), next.y())];
    });
    touched[own] = 0;
    const auto most = std::ranges::max_element(touched);
    return *most ? static_cast<std::uint8_t>(most - touched.begin()) : own;
}

/// `mask` where also each neighbour of a pixel is considered: it becomes `label` if one of them is.
LabelMap spread(const LabelMap& mask, std::uint8_t label) {
    LabelMap result = mask;
    for (int y = 0; y < mask.height; ++y)
        for (int x = 0; x < mask.width; ++x)
            for (const QPoint side : sides)
                if (const QPoint next = QPoint(x, y) + side;
                    inside(mask, next) && mask.at(next.x(), next.y()) == label)
                    result.at(x, y) = label;
    return result;
}

}  // namespace

LabelMap replace_class(LabelMap map, std::uint8_t from, std::uint8_t to) {
    std::ranges::replace(map.data, from, to);
    return map;
}

LabelMap fill_holes(LabelMap map, std::uint8_t label) {
    LabelMap is_label(map.width, map.height);
    std::ranges::transform(map.data, is_label.data.begin(), [label](auto own) { return own == label; });
    for_each_region(is_label, [&](const Region& region) {
        const bool outside = !is_label.at(region.front().left, region.front().y);
        if (outside && !touches_border(map, region)) paint(map, region, label);
    });
    return map;
}

LabelMap remove_specks(LabelMap map, int least) {
    LabelMap result = map;
    for_each_region(map, [&](const Region& region) {
        if (pixels_of(region) < least) paint(result, region, surrounding(map, region));
    });
    return result;
}

LabelMap grow_mask(const LabelMap& mask) { return spread(mask, 1); }
LabelMap shrink_mask(const LabelMap& mask) { return spread(mask, 0); }

LabelMap invert_mask(LabelMap mask) {
    for (auto& pixel : mask.data) pixel = !pixel;
    return mask;
}

}  // namespace modescope
