#pragma once

#include <torch/torch.h>

namespace modescope {

/// While it lives, the convolutions and products that this thread starts on that device compute in bfloat16
/// (autocast): weights stay float32, results may be bfloat16. Does nothing if `on` is false.
class Bfloat16 {
public:
    Bfloat16(bool on, torch::Device device);
    ~Bfloat16();
    Bfloat16(const Bfloat16&) = delete;
    Bfloat16& operator=(const Bfloat16&) = delete;

private:
    bool on_;
    torch::DeviceType device_;
};

}  // namespace modescope
