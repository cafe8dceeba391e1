#include "core/worlds/world.h"

#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "core/base/picture_file.h"

namespace modescope::cli {
namespace {

constexpr int renderings = 7;

struct Options {
    std::string world, out;
    int n = 16, size = 64;
    std::uint64_t seed = 1;
};

void draw(const Options& options) {
    const auto& world = find_world(options.world);
    Rng rng(options.seed);
    std::vector<Image> pictures;
    for (int i = 0; i < options.n; ++i) {
        const auto layout = world.layout(options.size, rng);
        pictures.push_back(colour_labels(world.classes(), layout.labels));
        for (int k = 0; k < renderings; ++k)
            pictures.push_back(world.render(layout, world.draw_style(rng), rng));
    }
    write_image(options.out, contact_sheet(pictures, renderings + 1, options.size <= 128 ? 2 : 1));
    fmt::print("{}: {} layouts of {}, each with {} renderings\n", options.out, options.n, world.name(),
               renderings);
}

}  // namespace

void add_world(CLI::App& app) {
    auto* command = app.add_subcommand("world", "Draw random layouts of a world and renderings of each.");
    auto options = std::make_shared<Options>();
    command->add_option("world", options->world, "The world's id, such as street")->required();
    command->add_option("out", options->out, "Picture to write (.png, .jpg)")->required();
    command->add_option("--n", options->n, "Layouts")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--size", options->size, "Side in pixels")
        ->check(CLI::Range(16, 1024))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Seed")->check(problem_of_seed)->capture_default_str();
    command->callback([options] { draw(*options); });
}

}  // namespace modescope::cli
