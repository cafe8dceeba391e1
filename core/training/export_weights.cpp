#include "core/training/export_weights.h"

#include "core/networks/networks.h"
#include "core/training/checkpoint.h"
#include "core/training/safetensors.h"
#include "core/version.h"

namespace modescope {
namespace {

/// Built from the spec, so that only weights that fit it are passed on.
std::shared_ptr<Generator> averaged_generator(const Checkpoint& checkpoint) {
    auto unused = at::detail::createCPUGenerator();
    const auto limit = weight_limit(checkpoint);
    auto generator = build_generator(checkpoint.spec, unused);
    get(checkpoint, module_tensors("average.", *generator));
    return generator;
}

}  // namespace

ExportedWeights export_weights(const std::string& path, const std::string& out, bool half) {
    const auto checkpoint = read_checkpoint(path);
    const auto generator = averaged_generator(checkpoint);
    const auto configuration = checkpoint.spec.objective.id();
    Safetensors file{.metadata = {{"format", "modescope generator 1"},
                                  {"program", "Modescope " MODESCOPE_VERSION},
                                  {"spec", to_json(checkpoint.spec).dump()},
                                  {"configuration", configuration},
                                  {"step", std::to_string(checkpoint.steps())}}};
    for (const auto& [name, tensor] : module_tensors("generator.", *generator))
        file.tensors[name] = half && tensor.is_floating_point() ? tensor.to(torch::kHalf) : tensor;
    write_safetensors(out, file);
    return {configuration, checkpoint.steps(), count_parameters(*generator),
            static_cast<std::int64_t>(file.tensors.size())};
}

}  // namespace modescope
