#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "core/worlds/world.h"

/// What the files street*.cpp share; for them only.
namespace modescope::street {

/// Indices of the classes and factors in the world's tables.
enum Class { Sky, Road, Sidewalk, Building, Tree, Car, LaneMarking, Person, ClassCount };
enum FactorIndex { TimeOfDay, BuildingColour, TreeSeason, CarColour, Clothes, FactorCount };

/// The factor that decides the colour of a class, TimeOfDay where only the time does.
constexpr std::array<FactorIndex, ClassCount> factor_of_class = {
    TimeOfDay, TimeOfDay, TimeOfDay, BuildingColour, TreeSeason, CarColour, TimeOfDay, Clothes};

LabelMap draw_layout(int size, Rng& rng);

/// What of a label map the renderings in all styles need. Refers to the layout's pixels.
struct Scene {
    explicit Scene(const LabelMap& layout);

    /// A length in whole pixels, at least one.
    int pixels(double units) const;

    int width;
    int height;
    double unit;    ///< pixels of one 64th of the picture; sizes of details are in units
    cv::Size cell;  ///< of the grid of windows, which hangs at the picture's top left corner
    cv::Rect pane;  ///< the window in the first cell

    cv::Mat1b labels;
    cv::Mat1b windows;        ///< 0 outside of panes, else 1 + a pattern number 0 … 3
    cv::Mat1b trunks;         ///< 255 in tree trunks
    cv::Mat1b oncoming;       ///< 255 in cars that face the viewer
    cv::Mat1f volume;         ///< of tree crowns: −1 turned away from the light … 1 towards it
    cv::Mat1f shadow;         ///< 0 … 1, of things and walls
    cv::Mat1f inset;          ///< distance from the outline of cars, in pixels
    cv::Mat2f place;          ///< position in the bounding box of the own car or person, 0 … 1
    std::vector<float> roof;  ///< per column how far down the sky reaches, 0 … 1
};

/// The picture without its random part: float, 0 … 1. Factors other than the time of day change
/// the pixels of their own class only, so that each can be read by itself.
cv::Mat3f shade(const Scene& scene, const Style& style);

}  // namespace modescope::street
