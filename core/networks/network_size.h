#pragma once

#include <cstdint>

#include "core/training/spec.h"

namespace modescope {

/// How large the networks of a spec are, and what they cost.
struct NetworkSize {
    /// Parameters of all three networks of network.kind, whether the objective needs them or not.
    std::int64_t generator = 0, discriminator = 0, predictor = 0;
    /// Multiply-adds of G as it samples (batch norms folded): of `encoder` once for each condition, of
    /// `decoder` once for each sample.
    std::int64_t encoder = 0, decoder = 0;
    /// Bytes that one step of G and D holds at once, estimated: the parameters, gradients and three moments
    /// of each network that learns, G's moving average, P's parameters, and what backward needs of the
    /// forward passes: of G's step (training.conditions × K samples through G and D) or of D's (its real
    /// and its fake batch), whichever is more. The forward passes are measured with a few samples and
    /// extended to the spec's numbers.
    std::int64_t step_memory = 0;
};

/// Builds the networks and runs them on a few random conditions; takes seconds and some GB at the paper's
/// sizes. The spec must have passed check().
NetworkSize measure_networks(const Spec& spec);

}  // namespace modescope
