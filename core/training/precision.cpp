#include "core/training/precision.h"

#include <ATen/autocast_mode.h>

namespace modescope {
namespace {

namespace autocast = at::autocast;

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)

void enable(torch::DeviceType device, bool on) {
    autocast::set_autocast_dtype(device, at::kBFloat16);
    autocast::set_autocast_enabled(device, on);
}

#else

void enable(torch::DeviceType device, bool on) {
    if (device == torch::kCUDA) {
        autocast::set_autocast_gpu_dtype(at::kBFloat16);
        autocast::set_enabled(on);
    } else {
        autocast::set_autocast_cpu_dtype(at::kBFloat16);
        autocast::set_cpu_enabled(on);
    }
}

#endif

}  // namespace

Bfloat16::Bfloat16(bool on, torch::Device device) : on_(on), device_(device.type()) {
    if (!on_) return;
    autocast::increment_nesting();
    enable(device_, true);
}

Bfloat16::~Bfloat16() {
    if (!on_) return;
    enable(device_, false);
    // Weights that were cast are kept for the next layer that uses them, and must not outlive a step.
    if (autocast::decrement_nesting() == 0) autocast::clear_cache();
}

}  // namespace modescope
