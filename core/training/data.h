#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "core/base/bad_file.h"
#include "core/base/image.h"
#include "core/tasks/condition.h"
#include "core/tasks/palette.h"
#include "core/training/spec.h"

namespace modescope {

/// Pairs of a training: x [n, …], y [n, …].
struct Batch {
    torch::Tensor x, y;
};

/// The pairs of a training as tensors on the CPU. Pictures are read and decoded ahead on threads of their
/// own, as long as batches are asked for in order. One thread at a time.
class Data {
public:
    virtual ~Data() = default;
    /// Pairs first, first + stride, … of a split.
    virtual Batch batch(Split split, std::int64_t first, std::int64_t count, std::int64_t stride = 1) = 0;
    /// Time that batch() has waited for reading, in ms.
    virtual double waited_ms() const { return 0; }
    /// The files met so far that cannot be used; others took their places.
    virtual std::vector<BadFile> bad_files() const { return {}; }
};

/// Throws Error naming the folder or file that cannot be used.
std::unique_ptr<Data> make_data(const Spec& spec);
/// Where the pictures of a spec come from; not for the toy.
std::unique_ptr<PairSource> open_pairs(const Spec& spec);
/// The classes of label maps; empty where there are none.
Palette classes_of(const DataSpec& data);

/// What a network sees of a condition: one-hot classes, the picture, or the known picture (0 in the hole)
/// and the mask; [1, channels, h, w].
torch::Tensor to_tensor(const Condition& condition, Task task, std::int64_t classes);
/// [1, 3, h, w] in [−1, 1].
torch::Tensor to_tensor(const Image& image);
/// [3, h, w] in [−1, 1] → 8 bit; values outside are clipped.
Image to_image(const torch::Tensor& picture);

}  // namespace modescope
