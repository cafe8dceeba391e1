#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/networks/networks.h"
#include "core/training/checkpoint.h"
#include "core/training/data.h"
#include "core/training/optimiser.h"
#include "core/training/processes.h"
#include "core/training/run_types.h"

namespace modescope {

/// One training and everything it needs to go on: networks, optimisers, random generators, position
/// in the data. Belongs to one thread. Throws Diverged before a step that is not finite is applied,
/// so that the state stays the last good one.
/// W processes that each have a Trainer of the same spec and step alike train as one process does whose
/// batch, conditions and predictor batch are W times as large, within rounding: pairs and noise are dealt out
/// one by one, so that together they are those of the one. Losses, gradients and batch norms are taken over
/// all processes, and all diverge together.
class Trainer {
public:
    explicit Trainer(const Spec& spec, torch::Device device = torch::kCPU, const Processes& processes = {});
    /// Goes on exactly where the checkpoint was saved. Throws Error naming the file.
    explicit Trainer(const Checkpoint& checkpoint, torch::Device device = torch::kCPU,
                     const Processes& processes = {});
    ~Trainer();

    /// Before the first step: G's weights, and P's where both have one, become those of a trained model, as
    /// for other data of the same kind or more steps. D's do too where the file holds one that is built
    /// alike, as a run's checkpoint does; else D starts afresh. A G or P that is built otherwise throws Error
    /// naming file and tensor.
    void start_from(const Checkpoint& model);

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
    /// What P says of x [B, …] as far as it is trained, as if it was done; the training does not notice.
    Prediction preview_prediction(const torch::Tensor& x);
    Data& data() { return *data_; }
    torch::Device device() const { return device_; }

private:
    struct PredictorTraining;

    void move_networks();
    LogRow predictor_step();
    LogRow adversarial_step(StepKind kind);
    double validation_loss();
    double validate_predictor();
    void finish_predictor();
    /// Averages the gradient over the processes and follows it, if it is finite.
    void descend(Optimiser& optimiser, double learning_rate, const char* whose, std::int64_t step);
    double discriminator_step(const Batch& batch);
    // What the networks say, in float32 whatever they compute in.
    torch::Tensor generate(const torch::Tensor& x, const Noise& noise);
    /// D's logits, with instance noise on y.
    torch::Tensor judge(const torch::Tensor& x, const torch::Tensor& y);
    Prediction predict(Predictor& predictor, const torch::Tensor& x) const;
    bool in_bfloat16() const { return spec_.training.precision == "bfloat16"; }
    /// What the networks are given; their layers keep the memory format of what they get.
    torch::MemoryFormat memory_format() const;
    void generator_step(const Batch& batch, LogRow& row);
    LossInputs loss_inputs(const Batch& batch);
    void log_losses(const std::vector<torch::Tensor>& losses, LogRow& row) const;
    void update_average();
    torch::Tensor to_device(const torch::Tensor& tensor) const;
    Batch draw_batch(Split split, std::int64_t first, std::int64_t count, std::int64_t stride = 1);
    /// This process's `count` of the pairs from `first` on.
    Batch draw_share(Split split, std::int64_t first, std::int64_t count);
    /// For `conditions` of this process, `samples` rows each.
    Noise draw_noise(std::int64_t conditions, std::int64_t samples);
    torch::Tensor own_rows(const torch::Tensor& of_all, std::int64_t conditions) const;
    torch::Tensor mask_of(const torch::Tensor& x) const;
    torch::Tensor share_of_holes(const torch::Tensor& mask) const;
    std::vector<double> mean_losses(const std::vector<torch::Tensor>& losses) const;
    torch::Tensor fit_of_predictor(Predictor& predictor, const Batch& batch) const;
    double learning_rate() const;
    double rate_left() const;  ///< share of the learning rate that has not decayed yet
    /// Whether G's batch norms use their running statistics and leave them as they are.
    bool keeps_statistics() const;
    nlohmann::json provenance() const;
    /// Everything a checkpoint restores by name, aliasing the live tensors.
    NamedTensors state() const;

    Spec spec_;
    torch::Device device_;
    Processes processes_;
    at::Generator noise_random_;  ///< on the CPU, so that the noise is the same on every device
    std::unique_ptr<Data> data_;
    Networks networks_;
    std::shared_ptr<Generator> average_;
    torch::Tensor average_parameters_;
    std::unique_ptr<Optimiser> generator_optimiser_, discriminator_optimiser_;
    std::unique_ptr<PredictorTraining> predictor_training_;  ///< null without P
    std::int64_t step_ = 0, predictor_step_ = 0, position_ = 0;
    nlohmann::json started_from_;  ///< provenance of the model that the weights started from; null without
};

}  // namespace modescope
