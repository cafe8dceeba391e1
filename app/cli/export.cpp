#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "core/sampling/model_library.h"
#include "core/training/export_weights.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string model, out;
    bool half = false;
};

void write_weights(const Options& options) {
    const auto weights = export_weights(find_model(options.model), options.out, options.half);
    fmt::print("{}: {} after {} steps, {} parameters in {} tensors\n", options.out, weights.configuration,
               weights.step, weights.parameters, weights.tensors);
}

}  // namespace

void add_export(CLI::App& app) {
    auto* command = app.add_subcommand(
        "export", "Write the generator's averaged weights alone as safetensors, for other programs.");
    auto options = std::make_shared<Options>();
    command->add_option("model", options->model, "A checkpoint or the name of a shipped model")->required();
    command->add_option("--out", options->out, "File to write (.safetensors)")->required();
    command->add_flag("--half", options->half, "16-bit floats, half the size");
    command->callback([options] { write_weights(*options); });
}

}  // namespace modescope::cli
