#include "app/cli/run.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "app/cli/commands.h"
#include "app/gui.h"
#include "core/base/error.h"
#include "core/base/failure.h"
#include "core/version.h"

namespace {

constexpr int bad_input = 2, internal_error = 1;

/// CLI11's message is already one sentence; only its end and where to look are missing.
int refuse(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);
    std::string command = "modescope";
    for (const auto* sub : app.get_subcommands()) command += " " + sub->get_name();
    fmt::print(stderr, "{}. See {} --help.\n", error.what(), command);
    return bad_input;
}

/// Anything else is rather a mistyped command.
std::string is_drawing(const std::string& word) {
    if (std::filesystem::path(word).extension() == ".modescope") return CLI::ExistingFile(word);
    return fmt::format("There is no command and no drawing (*.modescope) \"{}\"", word);
}

void add_commands(CLI::App& app) {
    using namespace modescope::cli;
    add_train(app);
    add_check(app);
    add_sample(app);
    add_evaluate(app);
    add_compare(app);
    add_lpips(app);
    add_export(app);
    add_world(app);
    add_reproduce(app);
    add_bench(app);
    add_quiz_score(app);
    add_presets(app);
    add_info(app);
    add_demo(app);
    add_screenshot(app);
}

}  // namespace

int modescope::cli::run(int argc, char** argv) {
    CLI::App app("See what a conditional GAN does with its noise. Without a command the window opens.",
                 "modescope");
    app.set_version_flag("--version", "Modescope " MODESCOPE_VERSION);
    app.require_subcommand(0, 1);
    // OpenCV describes there what it cannot decode; one sentence of ours does.
    std::cerr.rdbuf(nullptr);
    add_commands(app);
    std::string drawing;
    app.add_option("drawing", drawing, "Drawing to open in the window")->check(is_drawing);
    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty()) return open_window(argc, argv, drawing);
    } catch (const CLI::ParseError& error) {
        return refuse(app, error);
    } catch (const Error& error) {
        fmt::print(stderr, "{}\n", error.what());
        return bad_input;
    } catch (const std::exception& error) {
        const bool mendable = is_out_of_memory(error);
        fmt::print(stderr, "{}{}\n", mendable ? "" : "An internal error: ", sentence_of(error));
        return mendable ? bad_input : internal_error;
    }
    return 0;
}
