#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/error.h"
#include "core/training/spec.h"

namespace modescope::cli {

/// Each adds one subcommand with its options; its callback does the work and throws Error for bad input.
void add_bench(CLI::App& app);
void add_check(CLI::App& app);
void add_compare(CLI::App& app);
void add_demo(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_export(CLI::App& app);
void add_info(CLI::App& app);
void add_lpips(CLI::App& app);
void add_presets(CLI::App& app);
void add_quiz_score(CLI::App& app);
void add_reproduce(CLI::App& app);
void add_sample(CLI::App& app);
void add_screenshot(CLI::App& app);
void add_train(CLI::App& app);
void add_world(CLI::App& app);

/// The tables as text for help and lists.
std::string describe_presets();
std::string describe_keys(const Spec& spec);
std::string describe_terms();

/// From here on Ctrl-C and SIGTERM do not end the program: it asks for them and saves first.
void catch_interrupts();
/// Whether one came since the last call.
bool take_interrupt();

/// A check for options: empty if the text may be a seed; CLI11 would take a negative one for a huge one.
std::string problem_of_seed(const std::string& text);
/// `--json [FILE]`: without FILE, standard output.
CLI::Option* add_json_option(CLI::App& command, std::string& path);
/// A file for `--json`; "-" is standard output.
void write_json(const std::string& path, const nlohmann::json& json);

/// One line on standard error that overwrites itself on a terminal, with the time left; plain lines, at
/// most one every ten seconds, when piped.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine();
    void show(double share, const std::string& what);
    /// What comes now takes another time than what was: the time left is reckoned from here on.
    void restart_clock() { first_share_ = -1; }
    /// A line of its own that stays.
    void note(const std::string& text);

private:
    bool terminal_;
    double started_ = 0, shown_ = 0;
    double first_share_ = -1;  ///< at `started_`, for a resumed run begins in the middle; −1: not yet known
    bool open_ = false;
};

}  // namespace modescope::cli
