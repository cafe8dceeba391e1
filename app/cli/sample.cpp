#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <span>

#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/base/picture_file.h"
#include "core/folders/folder.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sample_text.h"
#include "core/sampling/sampler.h"
#include "core/tasks/condition_file.h"

namespace modescope::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string model, input, mask, out = "samples";
    std::vector<std::string> recipes;
    int k = 8;
    std::uint64_t seed = 1, layout = 1;
    double scale = 1;
};

std::vector<NoiseRecipe> noises_of(const Options& options) {
    std::vector<NoiseRecipe> noises;
    for (const auto& text : options.recipes) noises.push_back(parse_recipe(text));
    for (int i = 0; noises.size() < static_cast<std::size_t>(options.k) && options.recipes.empty(); ++i)
        noises.emplace_back(options.seed + static_cast<std::uint64_t>(i));
    for (auto& noise : noises) noise.scale *= options.scale;
    return noises;
}

Condition condition(const Options& options, const Sampler& sampler, const std::string& input) {
    const auto settings = task_settings(sampler.spec().data);
    if (!options.mask.empty() && (input.empty() || settings.task != Task::inpainting))
        throw Error("--mask says where the hole of --input is, for a model of inpainting; leave it out.");
    if (!input.empty()) return read_condition(settings, sampler.classes(), input, options.mask);
    if (!sampler.world())
        throw Error(
            fmt::format("{} was trained on a folder: give it a picture with --input.", options.model));
    Rng rng(options.layout);
    return draw_example(*sampler.world(), settings, rng).pair.x;
}

void draw(const Sampler& sampler, const Condition& x, const std::vector<NoiseRecipe>& noises,
          const std::string& folder) {
    const auto pictures = sampler.sample(x, noises);
    std::error_code error;
    fs::create_directories(folder, error);
    const auto names = sample_file_names(noises);
    for (std::size_t i = 0; i < pictures.size(); ++i)
        write_png(fmt::format("{}/{}", folder, names[i]), pictures[i],
                  sample_text(sampler, std::span(noises).subspan(i, 1)));
    auto sheet = pictures;
    sheet.insert(sheet.begin(), picture_of(x, sampler.task(), sampler.classes(), sampler.size()));
    write_png(folder + "/sheet.png", contact_sheet(sheet, static_cast<int>(sheet.size()), 2),
              sample_text(sampler, noises));
    fmt::print("{} pictures and {}/sheet.png\n", pictures.size(), folder);
}

/// One bad picture does not cost the others; it is told at the end.
void draw_folder(const Options& options, const Sampler& sampler, const std::vector<NoiseRecipe>& noises) {
    std::vector<std::string> problems;
    const auto inputs = pictures_in(options.input);
    if (inputs.empty())
        throw Error(fmt::format("{} holds no pictures; choose another --input.", options.input));
    for (const auto& name : inputs) {
        try {
            const auto input = (fs::path(options.input) / name).string();
            draw(sampler, condition(options, sampler, input), noises,
                 (fs::path(options.out) / name).string());
        } catch (const Error& error) {
            problems.emplace_back(error.what());
        }
    }
    if (!problems.empty())
        throw Error(fmt::format("{} of {} pictures were left out. {}", problems.size(), inputs.size(),
                                fmt::join(problems, " ")));
}

void sample(const Options& options) {
    use_threads(physical_cores());
    const auto noises = noises_of(options);
    const auto sampler = Sampler::load(find_model(options.model));
    std::error_code ignored;
    if (fs::is_directory(options.input, ignored)) return draw_folder(options, *sampler, noises);
    draw(*sampler, condition(options, *sampler, options.input), noises, options.out);
}

}  // namespace

void add_sample(CLI::App& app) {
    auto* command = app.add_subcommand("sample", "Draw pictures for one condition from a trained model.");
    auto options = std::make_shared<Options>();
    command->add_option("model", options->model, "A checkpoint or the name of a shipped model")->required();
    auto* input = command
                      ->add_option("--input", options->input,
                                   "The condition: a label picture in the classes' colours or grey with "
                                   "their numbers, a picture to translate or enlarge, or one with a hole to "
                                   "fill; or a folder of such pictures, each of which gets a folder in "
                                   "--out; without it a random one of the model's world")
                      ->type_name("PATH");
    command
        ->add_option("--mask", options->mask,
                     "Picture that is white in the hole (inpainting); else a centred square")
        ->type_name("FILE");
    command->add_option("--layout", options->layout, "Seed of the random condition")
        ->check(problem_of_seed)
        ->capture_default_str()
        ->excludes(input);
    auto* k = command->add_option("--k", options->k, "Number of pictures")
                  ->check(CLI::Range(1, 4096))
                  ->capture_default_str();
    auto* seed = command->add_option("--seed", options->seed, "Seed of the first picture's noise")
                     ->check(problem_of_seed)
                     ->capture_default_str();
    command
        ->add_option("--recipe", options->recipes,
                     "Noise of one picture, instead of --k and --seed: 4127, a mixture 0.8*4127+0.6*4130, a "
                     "neighbour 4127~0.3*99, with levels frozen to another seed 4127|0,2@7; as the pictures' "
                     "own text says")
        ->type_name("TEXT")
        ->allow_extra_args(false)
        ->excludes(k)
        ->excludes(seed);
    command->add_option("--noise", options->scale, "Factor of the noise: 0 none, 1 as trained")
        ->check(CLI::Range(0.0, 10.0))
        ->capture_default_str();
    command->add_option("--out", options->out, "Folder for the pictures")->capture_default_str();
    command->callback([options] { sample(*options); });
}

}  // namespace modescope::cli
