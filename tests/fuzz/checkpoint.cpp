#include "core/training/checkpoint.h"

#include "core/sampling/sampler.h"
#include "core/training/trainer.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/scratch.h"

namespace modescope::fuzz {
namespace {

/// Larger pictures only take longer.
constexpr int largest_drawn = 64;

void draw(const Sampler& sampler) {
    if (sampler.size() > largest_drawn) return;
    const std::uint64_t seeds[]{1, 2};
    const auto condition = blank_condition(sampler.spec());
    promise(sampler.sample(condition, seeds).size() == 2, "there is a picture for each seed");
    sampler.predict(condition);
}

}  // namespace

std::string checkpoint(std::string_view bytes) {
    return message_of([&] {
        const auto path = put_tensors("checkpoint.safetensors", bytes);
        const auto read = read_checkpoint(path);
        read.steps();
        promise_json(read.spec);
        if (read.spec.data.source == "toy")
            Trainer(read).step(StepKind::both);
        else
            draw(*Sampler::load(path));
    });
}

}  // namespace modescope::fuzz
