#pragma once

#include <memory>
#include <optional>

#include "core/networks/networks.h"
#include "core/training/checkpoint.h"
#include "core/training/data.h"
#include "core/training/optimiser.h"
#include "core/training/run_types.h"

namespace modescope {

/// One training and everything it needs to go on: networks, optimisers, random generators, position
/// in the data. Belongs to one thread. Throws Diverged before a step that is not finite is applied,
/// so that the state stays the last good one.
class Trainer {
public:
    explicit Trainer(const Spec& spec);
    /// Goes on exactly where the checkpoint was saved. Throws Error naming the file.
    explicit Trainer(const Checkpoint& checkpoint);
    ~Trainer();

    const Spec& spec() const { return spec_; }
    Progress progress() const;
    /// Trains the predictor while it is not ready, then G and D.
    LogRow step(StepKind kind);
    /// Changes a live field. Throws Error for another one.
    void retune(const std::string& key, const FieldValue& value);

    Checkpoint checkpoint() const;
    /// Without optimisers and D: G's average, P, by choice in half precision; for sampling only.
    Checkpoint inference_checkpoint(bool half) const;

    /// G with averaged weights, in eval mode; sample from this one, never from the one that trains.
    Generator& averaged_generator() { return *average_; }
    Discriminator* discriminator() { return networks_.discriminator.get(); }
    Predictor* predictor() { return networks_.predictor.get(); }
    const Data& data() const { return *data_; }

private:
    struct PredictorTraining;

    LogRow predictor_step();
    LogRow adversarial_step(StepKind kind);
    double validate_predictor();
    void finish_predictor();
    double discriminator_step(const Batch& batch);
    /// D's logits, with instance noise on y.
    torch::Tensor judge(const torch::Tensor& x, const torch::Tensor& y);
    void generator_step(const Batch& batch, LogRow& row);
    LossInputs loss_inputs(const Batch& batch);
    void update_average();
    Batch next_batch();
    double learning_rate() const;
    nlohmann::json provenance() const;
    /// Everything a checkpoint restores by name, aliasing the live tensors.
    NamedTensors state() const;

    Spec spec_;
    at::Generator noise_random_;
    std::unique_ptr<Data> data_;
    Networks networks_;
    std::shared_ptr<Generator> average_;
    torch::Tensor average_parameters_;
    std::unique_ptr<Optimiser> generator_optimiser_, discriminator_optimiser_;
    std::unique_ptr<PredictorTraining> predictor_training_;  ///< null without P
    std::int64_t step_ = 0, predictor_step_ = 0, position_ = 0;
};

}  // namespace modescope
