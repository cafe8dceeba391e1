#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "app/gui.h"

namespace modescope::cli {

void add_screenshot(CLI::App& app) {
    auto* command =
        app.add_subcommand("screenshot", "Open a lab without a display, let it live, and save its picture.");
    auto options = std::make_shared<ScreenshotOptions>();
    options->scheme = "dark";
    command->add_option("out", options->path, "Picture to write (.png)")->required();
    command->add_option("--lab", options->lab, "Which page")
        ->required()
        ->check(CLI::IsMember({"toy", "paint", "quiz", "compare", "train"}));
    command->add_option("--model", options->model, "Model to paint with: a file or a shipped one's name");
    command->add_option("--after", options->after, "Seconds before the picture")
        ->check(CLI::Range(0.0, 3600.0))
        ->capture_default_str();
    command->add_option("--scheme", options->scheme, "dark or light")
        ->check(CLI::IsMember({"dark", "light"}))
        ->capture_default_str();
    command->add_option("--width", options->width, "Width in logical pixels")
        ->check(CLI::Range(640, 8000))
        ->capture_default_str();
    command->add_option("--height", options->height, "Height in logical pixels")
        ->check(CLI::Range(480, 8000))
        ->capture_default_str();
    command->add_option("--scale", options->scale, "Device pixels per logical pixel")
        ->check(CLI::Range(1.0, 4.0))
        ->capture_default_str();
    command->callback([options] {
        take_screenshot(*options);
        fmt::print("{}\n", options->path);
    });
}

}  // namespace modescope::cli
