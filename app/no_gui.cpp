#include "app/gui.h"
#include "core/base/error.h"

namespace modescope {
namespace {

[[noreturn]] void refuse() {
    throw Error(
        "This build has no window (MODESCOPE_GUI=OFF); modescope --help lists what the command line does.");
}

}  // namespace

int open_window(int, char**, const std::string&) { refuse(); }
void take_screenshot(const ScreenshotOptions&) { refuse(); }
Timing time_frames(double) { refuse(); }

}  // namespace modescope
