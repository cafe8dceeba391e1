#include <nlohmann/json.hpp>

#include "core/sampling/sampler.h"
#include "core/training/trainer.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {
namespace {

constexpr std::int64_t largest = 64, most_weights = 300'000;

/// Larger networks and batches only take longer.
Spec small(Spec spec) {
    if (spec.data.size > largest) throw Error("The pictures are larger than is worth trying.");
    auto& training = spec.training;
    for (auto* number : {&training.batch, &training.conditions, &training.predictor_batch})
        *number = std::min<std::int64_t>(*number, 2);
    training.predictor_steps = 2;  // the last one validates P on a hundred pairs
    spec.objective.samples = std::min<std::int64_t>(spec.objective.samples, 3);
    return spec;
}

void trained_model(const Spec& spec, const std::string& path) {
    Trainer trainer(spec);
    trainer.step(StepKind::both);
    write_checkpoint(path, trainer.checkpoint());
    promise(Trainer(read_checkpoint(path)).progress().step == trainer.progress().step,
            "the training resumes");
    write_checkpoint(path, trainer.inference_checkpoint(true));
}

/// Of a spec whose pictures are on somebody else's disk.
void untrained_model(const Spec& spec, const std::string& path) {
    auto random = at::detail::createCPUGenerator(1);
    Checkpoint checkpoint{.spec = spec};
    put(checkpoint, module_tensors("average.", *build_generator(spec, random)));
    if (spec.objective.needs_predictor())
        put(checkpoint, module_tensors("predictor.", *build_predictor(spec, random)));
    write_checkpoint(path, checkpoint);
}

}  // namespace

std::string model(std::string_view bytes) {
    return message_of([&] {
        const auto spec = small(spec_from_json(nlohmann::json::parse(bytes, nullptr, false)));
        const WeightLimit limit(most_weights, "The networks are larger than is worth trying.");
        const auto path = path_of("model.safetensors");
        spec.data.source == "folder" ? untrained_model(spec, path) : trained_model(spec, path);
        if (spec.data.source == "toy") return;
        const std::uint64_t seeds[]{1, 2};
        const auto sampler = Sampler::load(path);
        promise(sampler->sample(blank_condition(spec), seeds).size() == 2,
                "there is a picture for each seed");
        promise(sampler->predict(blank_condition(spec)).has_value() == spec.objective.needs_predictor(),
                "a model with P predicts");
    });
}

}  // namespace modescope::fuzz
