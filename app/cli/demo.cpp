#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "app/cli/commands.h"
#include "app/gui.h"
#include "core/base/file.h"
#include "core/base/machine.h"
#include "core/base/picture_file.h"
#include "core/experiments/reproduce.h"
#include "core/sampling/model_library.h"
#include "core/sampling/sampler.h"

namespace modescope::cli {
namespace {

constexpr int layouts = 3;
constexpr std::int64_t toy_steps = 2000;

/// Gathers the page while the pictures are made.
class Page {
public:
    explicit Page(std::string folder) : folder_(std::move(folder)) {
        std::error_code error;
        std::filesystem::create_directories(folder_, error);
    }

    void text(const std::string& html) { body_ += html + "\n"; }

    std::string picture(const std::string& name, const std::string& caption) {
        const auto path = folder_ + "/" + name;
        body_ += fmt::format("<figure><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>\n",
                             name, caption, caption);
        fmt::print("{}\n", path);
        return path;
    }

    void write() {
        const auto path = folder_ + "/index.html";
        write_file(path, fmt::format(
                             "<!doctype html><meta charset=\"utf-8\"><title>Modescope</title>\n"
                             "<style>body{{font:16px sans-serif;max-width:1100px;margin:2em auto;color:#222}}"
                             "img{{max-width:100%;image-rendering:pixelated}}figure{{margin:1em 0}}"
                             "figcaption{{color:#555}}td,th{{padding:.2em 1em;text-align:right}}</style>\n{}",
                             body_));
        fmt::print("{}\n", path);
    }

private:
    std::string folder_, body_;
};

void add_toy(Page& page) {
    ProgressLine line;
    const auto results =
        reproduce_toy(1, toy_steps, [&](double share, const std::string& what) { line.show(share, what); });
    page.text(fmt::format(
        "<h2>The Y-shaped toy after {} steps</h2><table><tr><th>configuration<th>W₁<th>minor mode<th>valid",
        toy_steps));
    for (const auto& r : results)
        page.text(fmt::format("<tr><td>{}<td>{:.3f}<td>{:.2f}<td>{:.2f}", r.objective.label(), r.mean.w1,
                              r.mean.minor_mode, r.mean.valid));
    page.text(
        "</table><p>W₁: distance to the true distribution. Minor mode: share of samples on the rarer branch; "
        "0.5 is "
        "perfect.</p>");
}

/// Every shipped model on the same conditions with the same noise.
void add_models(Page& page) {
    page.text("<h2>One condition, eight samples</h2>");
    for (const auto& model : shipped_models()) {
        const auto sampler = Sampler::load(model.path);
        if (!sampler->world()) continue;  // it has no conditions of its own
        const auto settings = task_settings(sampler->spec().data);
        const std::vector<std::uint64_t> seeds{1, 2, 3, 4, 5, 6, 7, 8};
        std::vector<Image> pictures;
        for (int i = 0; i < layouts; ++i) {
            auto rng = Rng::at(1, i);
            const auto x = draw_example(*sampler->world(), settings, rng).pair.x;
            pictures.push_back(picture_of(x, settings.task, sampler->classes(), settings.size));
            std::ranges::move(sampler->sample(x, seeds), std::back_inserter(pictures));
        }
        write_image(page.picture(model.name + ".png", sampler->spec().objective.label()),
                    contact_sheet(pictures, static_cast<int>(seeds.size()) + 1, 2));
    }
}

void add_labs([[maybe_unused]] Page& page) {
#ifdef MODESCOPE_GUI
    page.text("<h2>What the window shows</h2>");
    take_screenshot({.lab = "toy",
                     .after = 20,
                     .path = page.picture("toy-lab.png", "Toy Lab after 20 seconds"),
                     .scheme = "dark"});
    take_screenshot({.lab = "paint",
                     .after = 3,
                     .path = page.picture("paint-studio.png", "Paint Studio"),
                     .scheme = "dark"});
#endif
}

void demo(const std::string& folder) {
    use_threads(1);
    Page page(folder);
    page.text("<h1>Modescope</h1><p>Made without a display by <code>modescope demo</code>.</p>");
    add_models(page);
    add_toy(page);
    add_labs(page);
    page.write();
}

}  // namespace

void add_demo(CLI::App& app) {
    auto* command = app.add_subcommand(
        "demo", "Without a display: train the toy, sample the shipped models, write an HTML page.");
    auto folder = std::make_shared<std::string>("demo");
    command->add_option("--out", *folder, "Folder for the page and its pictures")->capture_default_str();
    command->callback([folder] { demo(*folder); });
}

}  // namespace modescope::cli
