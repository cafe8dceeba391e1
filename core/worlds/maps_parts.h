#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "core/worlds/world.h"

/// What the files maps*.cpp share; for them only.
namespace modescope::maps {

/// Indices of the classes and factors in the world's tables.
enum Class { Land, Road, MainRoad, Water, Park, Trees, Building, Parking, ClassCount };
enum FactorIndex { TimeOfDay, SunDirection, Season, RoofColour, WaterTint, ParkingState, FactorCount };

/// Which values mean what, where the code must know.
enum Time { Day, Dusk, Night };
enum Side { FromLeft, FromRight };
enum Occupancy { Full, Empty };

LabelMap draw_layout(int size, Rng& rng);

/// A place of a parking lot where one car fits.
struct Bay {
    int car = 0;                  ///< 0: not in a bay; else which car stands here, 1 …
    float across = 0, along = 0;  ///< position in the bay, 0 … 1
};

/// What of a label map the renderings in all styles need. Refers to the layout's pixels. Lengths are in
/// units: one 64th of the picture.
struct Scene {
    explicit Scene(const LabelMap& layout);

    /// A length in whole pixels, at least one.
    int pixels(double units) const;
    /// Where a row's or column's middle lies, in units.
    float units(int pixel) const;
    Bay bay(int row, int column) const;

    int width;
    int height;
    double unit;  ///< pixels of one unit

    cv::Mat1b labels;
    cv::Mat1f inset;        ///< distance from the outline of the own class's region
    cv::Mat1f elevation;    ///< above the ground: what casts shadows and is in them
    cv::Mat2f slope;        ///< of roofs and crowns, rightwards and downwards; walls are none
    cv::Mat1f openness;     ///< 0 … 1: how much of the sky a place sees
    cv::Mat1f centre_line;  ///< 0 … 1, on main roads
    cv::Mat1f tone;         ///< −1 … 1: soft texture; the same all over a roof
    cv::Mat1b bays;         ///< 255 where a bay fits whole into its parking lot
    cv::Mat1b skylights;    ///< 255 in roof windows
    cv::Mat1f lamps;        ///< light of street lamps and windows that falls on a place at night
};

/// The picture without its random part: float, 0 … 1. Factors other than the time of day and the sun's
/// direction change only the pixels that they decide, so that each can be read by itself.
cv::Mat3f shade(const Scene& scene, const Style& style);

/// The factor that decides a place besides those that change everything; no_factor if there is none.
std::uint8_t decider(const Scene& scene, int row, int column);

}  // namespace modescope::maps
