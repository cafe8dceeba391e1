#include <cmath>

#include "core/worlds/faces_parts.h"

namespace modescope::faces {
namespace {

/// A round outline of bumps.
Contour curls(Point centre, float rx, float ry, int count) {
    constexpr int steps = 7;
    Contour outline;
    for (int i = 0; i < count * steps; ++i) {
        const float angle = static_cast<float>(CV_2PI) * i / (count * steps);
        const float bump = 0.90f + 0.10f * std::abs(std::sin(0.5f * count * angle));
        outline.push_back(centre + Point(bump * rx * std::cos(angle), bump * ry * std::sin(angle)));
    }
    return outline;
}

HaircutShape side_part() {
    const Contour over =
        smooth({{-1.00f, 0.16f},  {-1.00f, 0.16f},  {-1.09f, -0.25f}, {-1.08f, -0.72f}, {-0.76f, -1.12f},
                {-0.20f, -1.28f}, {0.42f, -1.25f},  {0.90f, -1.00f},  {1.10f, -0.55f},  {1.07f, -0.15f},
                {1.00f, 0.16f},   {1.00f, 0.16f},   {0.91f, -0.24f},  {0.80f, -0.50f},  {0.40f, -0.50f},
                {-0.10f, -0.52f}, {-0.50f, -0.66f}, {-0.50f, -0.66f}, {-0.80f, -0.50f}, {-0.91f, -0.24f}});
    return {{}, {over}, true};
}

HaircutShape quiff() {
    const Contour over = smooth({{-0.99f, 0.10f},
                                 {-0.99f, 0.10f},
                                 {-1.07f, -0.35f},
                                 {-1.04f, -0.80f},
                                 {-0.80f, -1.16f},
                                 {-0.42f, -1.38f},
                                 {0.20f, -1.52f},
                                 {0.82f, -1.46f},
                                 {1.14f, -1.16f},
                                 {1.06f, -0.76f},
                                 {1.05f, -0.30f},
                                 {0.99f, 0.10f},
                                 {0.99f, 0.10f},
                                 {0.90f, -0.30f},
                                 {0.74f, -0.58f},
                                 {0.20f, -0.68f},
                                 {-0.40f, -0.56f},
                                 {-0.78f, -0.60f},
                                 {-0.90f, -0.30f}});
    return {{}, {over}, true};
}

HaircutShape long_hair() {
    const Contour back =
        symmetric({{0, -1.15f}, {0.85f, -0.95f}, {1.18f, -0.20f}, {1.24f, 0.70f}, {1.20f, 1.50f}});
    const Contour over = symmetric({{0, -1.26f},
                                    {0.52f, -1.20f},
                                    {0.98f, -0.86f},
                                    {1.20f, -0.25f},
                                    {1.26f, 0.50f},
                                    {1.38f, 1.20f},
                                    {1.30f, 1.95f},
                                    {1.30f, 1.95f},
                                    {0.62f, 1.95f},
                                    {0.62f, 1.95f},
                                    {0.82f, 1.10f},
                                    {0.96f, 0.50f},
                                    {0.90f, -0.10f},
                                    {0.62f, -0.50f},
                                    {0, -0.74f},
                                    {0, -0.74f}});
    return {{back}, {over}, false};
}

HaircutShape bob() {
    const Contour back = symmetric({{0, -1.10f}, {0.90f, -0.90f}, {1.14f, 0}, {1.10f, 0.90f}});
    const Contour over = symmetric({{0, -1.28f},
                                    {0.56f, -1.21f},
                                    {1.02f, -0.85f},
                                    {1.22f, -0.20f},
                                    {1.28f, 0.40f},
                                    {1.24f, 0.92f},
                                    {1.00f, 0.98f},
                                    {1.00f, 0.98f},
                                    {0.84f, 0.62f},
                                    {0.95f, 0.20f},
                                    {0.88f, -0.42f},
                                    {0.88f, -0.42f},
                                    {0, -0.47f}});
    return {{back}, {over}, false};
}

HaircutShape bun() {
    const Contour over = symmetric({{0, -1.23f},
                                    {0.52f, -1.17f},
                                    {0.95f, -0.86f},
                                    {1.09f, -0.40f},
                                    {1.00f, 0.06f},
                                    {1.00f, 0.06f},
                                    {0.90f, -0.30f},
                                    {0.62f, -0.56f},
                                    {0, -0.66f}});
    return {{superellipse({0, -1.28f}, 0.44f, 0.33f)}, {over}, true};
}

HaircutShape curly() {
    return {{curls({0, -0.38f}, 1.42f, 1.08f, 15)}, {curls({0, -0.92f}, 0.98f, 0.44f, 9)}, true};
}

HaircutShape space_buns() {
    const Contour over = symmetric({{0, -1.23f},
                                    {0.52f, -1.17f},
                                    {0.97f, -0.86f},
                                    {1.10f, -0.40f},
                                    {1.02f, 0.15f},
                                    {1.02f, 0.15f},
                                    {0.90f, -0.12f},
                                    {0.88f, -0.42f},
                                    {0.50f, -0.46f},
                                    {0, -0.54f}});
    const Contour bun = superellipse({0.80f, -1.18f}, 0.46f, 0.38f);
    return {{bun, moved(bun, {-1.60f, 0})}, {over}, true};
}

HaircutShape wavy() {
    const Contour back = symmetric({{0, -1.10f}, {0.90f, -0.90f}, {1.16f, 0}, {1.16f, 1.20f}});
    const Contour over =
        smooth({{-0.80f, 1.30f},  {-1.20f, 1.42f},  {-1.42f, 1.12f},  {-1.28f, 0.78f},  {-1.42f, 0.42f},
                {-1.24f, 0.08f},  {-1.30f, -0.30f}, {-1.08f, -0.80f}, {-0.56f, -1.18f}, {0.10f, -1.30f},
                {0.68f, -1.16f},  {1.12f, -0.76f},  {1.28f, -0.26f},  {1.24f, 0.10f},   {1.42f, 0.44f},
                {1.28f, 0.80f},   {1.42f, 1.14f},   {1.20f, 1.42f},   {0.80f, 1.30f},   {0.80f, 1.30f},
                {0.94f, 0.80f},   {0.88f, 0.40f},   {0.96f, 0.06f},   {0.78f, -0.40f},  {0.20f, -0.58f},
                {-0.36f, -0.76f}, {-0.36f, -0.76f}, {-0.80f, -0.36f}, {-0.96f, 0.06f},  {-0.88f, 0.40f},
                {-0.94f, 0.80f},  {-0.80f, 1.30f}});
    return {{back}, {over}, false};
}

}  // namespace

const HaircutShape& haircut_shape(int haircut) {
    static const std::array<HaircutShape, haircut_count> shapes = {
        side_part(), quiff(), long_hair(), bob(), bun(), curly(), space_buns(), wavy()};
    return shapes[haircut];
}

}  // namespace modescope::faces
