#pragma once

#include <torch/torch.h>

#include <memory>

#include "core/base/image.h"
#include "core/training/spec.h"

namespace modescope {

/// Pairs of a training: x [n, …], y [n, …].
struct Batch {
    torch::Tensor x, y;
};

/// Independent sequences of pairs: D's and G's, the predictor's, and two that no training sees.
enum class Split { train, predictor, validation, held_out };

/// An endless, random-access sequence of pairs: pair i of a split is always the same, so that all
/// configurations of a seed see the same batches and a checkpoint only needs the position.
class Data {
public:
    virtual ~Data() = default;
    virtual Batch batch(Split split, std::int64_t first, std::int64_t count) const = 0;
};

std::unique_ptr<Data> make_data(const Spec& spec);

/// One-hot classes [1, classes, h, w].
torch::Tensor to_one_hot(const LabelMap& labels, std::int64_t classes);
/// The class of each pixel of [classes, h, w].
LabelMap to_labels(const torch::Tensor& one_hot);
/// [1, 3, h, w] in [−1, 1].
torch::Tensor to_tensor(const Image& image);
/// [3, h, w] in [−1, 1] → 8 bit; values outside are clipped.
Image to_image(const torch::Tensor& picture);

}  // namespace modescope
