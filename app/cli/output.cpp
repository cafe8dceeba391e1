#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "core/base/file.h"

namespace modescope::cli {
namespace {

std::atomic<bool> interrupted{false};

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The share `done` took `elapsed` seconds; `remaining` is the one to come.
std::string time_left(double elapsed, double done, double remaining) {
    if (done <= 0.01 || elapsed < 1) return "";
    const int left = static_cast<int>(elapsed * remaining / done + 0.5);
    return left >= 60 ? fmt::format(", {} min {:02} s left", left / 60, left % 60)
                      : fmt::format(", {} s left", left);
}

}  // namespace

void catch_interrupts() {
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGTERM, [](int) { interrupted = true; });
}

bool take_interrupt() { return interrupted.exchange(false); }

std::string problem_of_seed(const std::string& text) {
    return text.starts_with('-') ? text + " is negative; seeds are 0 or more" : std::string();
}

CLI::Option* add_json_option(CLI::App& command, std::string& path) {
    return command
        .add_option("--json", path, "Also write the figures to this file; without one, to standard output")
        ->type_name("FILE")
        ->expected(0, 1)
        ->default_str("-");
}

void write_json(const std::string& path, const nlohmann::json& json) {
    // Names of files need not be UTF-8, as JSON is.
    const auto text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    if (path == "-")
        fmt::print("{}", text);
    else if (!path.empty())
        write_file(path, text);
}

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO)) {}

ProgressLine::~ProgressLine() {
    if (open_) fmt::print(stderr, "\n");
}

void ProgressLine::note(const std::string& text) {
    fmt::print(stderr, "{}{}\n", open_ ? "\r\033[K" : "", text);
    open_ = false;
}

void ProgressLine::show(double share, const std::string& what) {
    constexpr double terminal_pause = 0.1, pipe_pause = 10;
    const double t = now();
    if (first_share_ < 0) {
        first_share_ = share;
        started_ = t;
    }
    if (t - shown_ < (terminal_ ? terminal_pause : pipe_pause)) return;
    shown_ = t;
    const auto text = fmt::format("{:3.0f} %{}  {}", share * 100,
                                  time_left(t - started_, share - first_share_, 1 - share), what);
    fmt::print(stderr, "{}", terminal_ ? "\r\033[K" + text : text + "\n");
    std::fflush(stderr);
    open_ = terminal_;
}

}  // namespace modescope::cli
