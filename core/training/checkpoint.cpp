#include "core/training/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/training/safetensors.h"

namespace modescope {
namespace {

using nlohmann::json;
using torch::Tensor;

/// A file also holds optimisers, but a training keeps copies of G and P beside what it saves.
constexpr std::int64_t built_per_saved = 4;

using Metadata = std::map<std::string, std::string>;

std::string text(const Metadata& metadata, const char* key) {
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : found->second;
}

Spec spec_in(const std::string& path, const Metadata& metadata) {
    if (!metadata.contains("spec"))
        throw Error(fmt::format(
            "{} cannot be used as a checkpoint: it holds no Modescope spec; it was made by another program.",
            path));
    try {
        return spec_from_json(read_json(text(metadata, "spec")));
    } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", path, error.what()));
    }
}

}  // namespace

const Tensor& Checkpoint::at(const std::string& name) const {
    const auto found = tensors.find(name);
    if (found == tensors.end())
        throw Error(fmt::format(
            "{} lacks the tensor {}; it does not fit its spec or holds another kind of checkpoint.", origin,
            name));
    return found->second;
}

std::int64_t Checkpoint::steps() const {
    constexpr std::int64_t most = 1'000'000'000'000'000;  // what a stranger's says must not overflow the sum
    std::int64_t sum = 0;
    for (const json* of = &provenance; of->is_object(); of = &of->at("started_from")) {
        if (const auto step = of->find("step"); step != of->end() && step->is_number_integer())
            sum += std::clamp<std::int64_t>(step->get<std::int64_t>(), 0, most - sum);
        if (!of->contains("started_from")) break;
    }
    return sum;
}

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
    write_safetensors(path, {.metadata = {{"format", "modescope 1"},
                                          {"spec", to_json(checkpoint.spec).dump()},
                                          {"provenance", checkpoint.provenance.dump()}},
                             .tensors = checkpoint.tensors});
}

Checkpoint read_checkpoint(const std::string& path) {
    auto file = read_safetensors(path);
    return {.spec = spec_in(path, file.metadata),
            .provenance = read_json(text(file.metadata, "provenance")),
            .tensors = std::move(file.tensors),
            .origin = path};
}

Spec read_spec(const std::string& path) { return spec_in(path, read_safetensors_metadata(path)); }

WeightLimit weight_limit(const Checkpoint& checkpoint) {
    std::int64_t saved = 0;
    for (const auto& [name, tensor] : checkpoint.tensors)
        if (tensor.is_floating_point()) saved += tensor.numel();
    return {built_per_saved * saved,
            fmt::format("{} cannot be used: its spec asks for larger networks than it holds.",
                        checkpoint.origin)};
}

NamedTensors module_tensors(const std::string& prefix, const torch::nn::Module& module) {
    NamedTensors list;
    for (const auto& item : module.named_parameters()) list.emplace_back(prefix + item.key(), item.value());
    for (const auto& item : module.named_buffers()) list.emplace_back(prefix + item.key(), item.value());
    return list;
}

void put(Checkpoint& checkpoint, const NamedTensors& tensors) {
    for (const auto& [name, tensor] : tensors)
        checkpoint.tensors[name] = tensor.detach().to(torch::kCPU).clone().contiguous();
}

void get(const Checkpoint& checkpoint, const NamedTensors& tensors) {
    torch::NoGradGuard no_grad;
    for (auto [name, tensor] : tensors) {
        const auto& saved = checkpoint.at(name);
        if (saved.sizes() != tensor.sizes())
            throw Error(fmt::format("{}: tensor {} is {}, but its spec needs {}.", checkpoint.origin, name,
                                    shape_text(saved), shape_text(tensor)));
        tensor.copy_(saved);
    }
}

bool holds(const Checkpoint& checkpoint, const NamedTensors& tensors) {
    return std::ranges::all_of(tensors, [&](const auto& item) {
        const auto saved = checkpoint.tensors.find(item.first);
        return saved != checkpoint.tensors.end() && saved->second.sizes() == item.second.sizes();
    });
}

}  // namespace modescope
