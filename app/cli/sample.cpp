#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <numeric>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/base/picture_file.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sampler.h"
#include "core/tasks/condition_file.h"

namespace modescope::cli {
namespace {

struct Options {
    std::string model, input, mask, out = "samples";
    int k = 8;
    std::uint64_t seed = 1, layout = 1;
    double scale = 1;
};

Condition condition(const Options& options, const Sampler& sampler) {
    const auto settings = task_settings(sampler.spec().data);
    if (!options.input.empty())
        return read_condition(settings, sampler.classes(), options.input, options.mask);
    if (!sampler.world())
        throw Error(
            fmt::format("{} was trained on a folder: give it a picture with --input.", options.model));
    Rng rng(options.layout);
    return draw_example(*sampler.world(), settings, rng).pair.x;
}

void sample(const Options& options) {
    use_threads(physical_cores());
    const auto sampler = Sampler::load(find_model(options.model));
    const auto x = condition(options, *sampler);
    std::vector<std::uint64_t> seeds(options.k);
    std::iota(seeds.begin(), seeds.end(), options.seed);
    const auto pictures = sampler->sample(x, seeds, options.scale);
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    for (std::size_t i = 0; i < pictures.size(); ++i)
        write_image(fmt::format("{}/seed-{}.png", options.out, seeds[i]), pictures[i]);
    auto sheet = pictures;
    sheet.insert(sheet.begin(), picture_of(x, sampler->task(), sampler->classes(), sampler->size()));
    write_image(options.out + "/sheet.png", contact_sheet(sheet, static_cast<int>(sheet.size()), 2));
    fmt::print("{} pictures and {}/sheet.png\n", pictures.size(), options.out);
}

}  // namespace

void add_sample(CLI::App& app) {
    auto* command = app.add_subcommand("sample", "Draw pictures for one condition from a trained model.");
    auto options = std::make_shared<Options>();
    command->add_option("model", options->model, "A checkpoint or the name of a shipped model")->required();
    command
        ->add_option(
            "--input", options->input,
            "The condition: a label picture in the classes' colours, a picture to translate or enlarge, "
            "or one with a hole to fill; without it a random one of the model's world")
        ->type_name("FILE");
    command
        ->add_option("--mask", options->mask,
                     "Picture that is white in the hole (inpainting); else a centred square")
        ->type_name("FILE");
    command->add_option("--layout", options->layout, "Seed of the random condition")->capture_default_str();
    command->add_option("--k", options->k, "Number of pictures")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the first picture's noise")->capture_default_str();
    command->add_option("--noise", options->scale, "Factor of the noise: 0 none, 1 as trained")
        ->check(CLI::Range(0.0, 10.0))
        ->capture_default_str();
    command->add_option("--out", options->out, "Folder for the pictures")->capture_default_str();
    command->callback([options] { sample(*options); });
}

}  // namespace modescope::cli
