// What a training keeps in a checkpoint, and how it goes on or starts from one.
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/training/predictor_training.h"
#include "core/training/trainer.h"
#include "core/version.h"

namespace modescope {

using torch::Tensor;

namespace {

void restore(at::Generator& random, const Checkpoint& checkpoint) {
    const auto& state = checkpoint.at("random.noise");
    try {
        random.set_state(state);
    } catch (const c10::Error&) {
        throw Error(fmt::format("{}: tensor random.noise is not the state of a random generator.",
                                checkpoint.origin));
    }
}

/// Steps and pairs count up from 0; others come from damage and would lead into the unknown.
void check_counters(const Tensor& counters, const Checkpoint& checkpoint) {
    constexpr std::int64_t most = 1'000'000'000'000'000;
    if (counters.min().item<std::int64_t>() < 0 || counters.max().item<std::int64_t>() > most)
        throw Error(
            fmt::format("{}: tensor counters does not hold what a training counts.", checkpoint.origin));
}

bool has_predictor(const Checkpoint& checkpoint) {
    const auto first = checkpoint.tensors.lower_bound("predictor.");
    return first != checkpoint.tensors.end() && first->first.starts_with("predictor.");
}

}  // namespace

// The limit lives until the networks are built.
Trainer::Trainer(const Checkpoint& checkpoint, torch::Device device, const Processes& processes)
    : Trainer((weight_limit(checkpoint), checkpoint.spec), device, processes) {
    auto counters = torch::zeros({3}, torch::kLong);
    get(checkpoint, {{"counters", counters}});
    check_counters(counters, checkpoint);
    step_ = counters[0].item<std::int64_t>();
    predictor_step_ = counters[1].item<std::int64_t>();
    position_ = counters[2].item<std::int64_t>();
    if (progress().predictor_ready) predictor_training_.reset();
    get(checkpoint, state());
    restore(noise_random_, checkpoint);
    if (checkpoint.provenance.contains("started_from")) started_from_ = checkpoint.provenance["started_from"];
    if (networks_.predictor && progress().predictor_ready) networks_.predictor->eval();
}

void Trainer::start_from(const Checkpoint& model) {
    get(model, module_tensors("average.", *average_));
    copy_state(*networks_.generator, *average_);
    started_from_ = model.provenance;
    if (networks_.discriminator) {
        const auto tensors = module_tensors("discriminator.", *networks_.discriminator);
        if (holds(model, tensors)) get(model, tensors);
    }
    if (!predictor_training_ || !has_predictor(model)) return;
    get(model, module_tensors("predictor.", *networks_.predictor));
    validate_predictor();
}

NamedTensors Trainer::state() const {
    NamedTensors all;
    const auto add = [&](const NamedTensors& tensors) {
        all.insert(all.end(), tensors.begin(), tensors.end());
    };
    const auto add_optimiser = [&](const std::string& whose, const Optimiser& optimiser) {
        for (const auto& [name, tensor] : optimiser.state())
            all.emplace_back("optimiser." + whose + "." + name, tensor);
    };
    add(module_tensors("generator.", *networks_.generator));
    add(module_tensors("average.", *average_));
    add_optimiser("generator", *generator_optimiser_);
    if (networks_.discriminator) {
        add(module_tensors("discriminator.", *networks_.discriminator));
        add_optimiser("discriminator", *discriminator_optimiser_);
    }
    if (networks_.predictor) add(module_tensors("predictor.", *networks_.predictor));
    if (predictor_training_) {
        add_optimiser("predictor", predictor_training_->optimiser);
        add(module_tensors("best_predictor.", *predictor_training_->best));
        all.emplace_back("best_predictor_loss", predictor_training_->best_loss);
    }
    return all;
}

Checkpoint Trainer::checkpoint() const {
    Checkpoint checkpoint{.spec = spec_, .provenance = provenance()};
    put(checkpoint, state());
    put(checkpoint, {{"counters", torch::tensor({step_, predictor_step_, position_}, torch::kLong)},
                     {"random.noise", noise_random_.get_state()}});
    return checkpoint;
}

nlohmann::json Trainer::provenance() const {
    nlohmann::json provenance = {
        {"program", "Modescope " MODESCOPE_VERSION}, {"libtorch", TORCH_VERSION},
        {"configuration", spec_.objective.id()},     {"step", step_},
        {"predictor_step", predictor_step_},         {"processes", processes_.count()}};
    if (!started_from_.is_null()) provenance["started_from"] = started_from_;
    return provenance;
}

Checkpoint Trainer::inference_checkpoint(bool half) const {
    Checkpoint checkpoint{.spec = spec_, .provenance = provenance()};
    put(checkpoint, module_tensors("average.", *average_));
    if (networks_.predictor) put(checkpoint, module_tensors("predictor.", *networks_.predictor));
    if (half)
        for (auto& [name, tensor] : checkpoint.tensors)
            if (tensor.is_floating_point()) tensor = tensor.to(torch::kHalf);
    return checkpoint;
}

}  // namespace modescope
