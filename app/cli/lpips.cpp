#include "core/metrics/lpips.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/base/picture_file.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string a, b, weights, json;
};

void compare(const Options& options) {
    use_threads(physical_cores());
    const auto a = read_image(options.a), b = read_image(options.b);
    const auto lpips = Lpips::load(find_lpips_weights(options.weights));
    const auto distance = lpips->distance(a, b);
    if (options.json != "-") fmt::print("{:.4f}  LPIPS v{}, {}\n", distance, lpips->version(), lpips->net());
    write_json(options.json, {{"distance", distance},
                              {"layers", lpips->layer_distances(a, b)},
                              {"net", lpips->net()},
                              {"version", lpips->version()}});
}

}  // namespace

void add_lpips(CLI::App& app) {
    auto* command =
        app.add_subcommand("lpips", "Measure how different two pictures look: learned perceptual distance.");
    auto options = std::make_shared<Options>();
    command->add_option("a", options->a, "A picture")->required();
    command->add_option("b", options->b, "Another one of the same size")->required();
    command->add_option("--weights", options->weights,
                        "LPIPS weights (.safetensors); without it the file that MODESCOPE_LPIPS names");
    add_json_option(*command, options->json);
    command->callback([options] { compare(*options); });
}

}  // namespace modescope::cli
