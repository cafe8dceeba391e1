#pragma once

#include <string>

#include "core/experiments/bench.h"

namespace modescope {

/// The window's entry points for the command line; this header is free of Qt. In a build without the
/// window each throws Error that says so.

/// Opens the window, on a drawing if a file is named, and returns the exit code when it is closed.
int open_window(int argc, char** argv, const std::string& drawing);

struct ScreenshotOptions {
    std::string lab;                 ///< id of the page
    std::string model;               ///< painted with on the page "paint"; empty: the first shipped one
    double after = 5;                ///< seconds of life before the picture
    std::string path;                ///< .png
    std::string scheme;              ///< "dark" or "light"
    int width = 1440, height = 860;  ///< logical pixels
    double scale = 1;                ///< device pixels per logical pixel
};
/// Needs no display.
void take_screenshot(const ScreenshotOptions& options);

/// Gaps between the window's frames while the toy's panels train, for that long. Needs no display.
Timing time_frames(double seconds);

/// What going back and forth in the toy's trainings asks of the window.
struct ScrubTiming {
    int panels = 0, steps = 0;
    Timing frames;                   ///< of one step of the timeline until it is painted, ms
    double timelines_megabytes = 0;  ///< of all panels' pasts
    double megabytes = 0;            ///< of the whole process, while scrubbing
    double per_second() const { return frames.median > 0 ? 1000 / frames.median : 0; }
};
/// Six panels with every one of 5,000 steps, shown in turn in the whole window. Needs no display.
ScrubTiming time_scrubbing(int frames);

/// What painting asks of the window.
struct PaintTiming {
    int strokes = 0, resamples = 0;
    Timing stalls;                              ///< how late the window's events were meanwhile, ms
    double megabytes_early = 0, megabytes = 0;  ///< resident, after a tenth and after all
};
/// Paints with synthetic strokes in the Paint Studio of the shipped models, while its tiles are drawn, then
/// resamples, waiting for each. Needs no display.
PaintTiming time_painting(int strokes, int resamples);

/// What a first look at many models asks of the Compare page.
struct CompareTiming {
    int models = 0, conditions = 0, samples = 0;
    double first_pictures = 0, all_pictures = 0;  ///< ms since the page was chosen, models read included
    double figures_seconds = 0;                   ///< until the last figure
};
/// Six variants of the model and the truth. With LPIPS where MODESCOPE_LPIPS names its weights. Needs no
/// display.
CompareTiming time_comparing(const std::string& model);

}  // namespace modescope
