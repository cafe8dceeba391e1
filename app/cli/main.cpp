#include <cstdio>
#include <fmt/format.h>
#include "core/base/machine.h"
#include "core/training/run.h"
using namespace modescope;
int main(int argc, char** argv) {
    try {
        auto spec = preset_spec(argv[1]);
        for (int i = 3; i < argc; ++i) set_field(spec, argv[i]);
        Run run(spec, {.directory = argv[2]});
        run.run_to(spec.training.steps);
        std::size_t cursor = 0;
        while (!run.wait(std::chrono::seconds(5))) {
            auto rows = run.log_since(cursor);
            if (rows.empty()) continue;
            auto& row = rows.back();
            std::string text;
            for (auto& [k, v] : row.values) text += fmt::format(" {} {:.4f}", k, v);
            if (row.score) text += fmt::format(" w1 {:.4f} minor {:.2f} valid {:.2f}", row.score->w1, row.score->minor_mode, row.score->valid);
            fmt::print("{}{} {:.1f} ms {}\n", row.predictor ? "P" : "G", row.step, run.status().ms_per_step, text);
            std::fflush(stdout);
        }
        fmt::print("{}\n", run.status().message);
    } catch (const Error& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
}
