#include "app/cli/run.h"
#include "core/base/machine.h"

int main(int argc, char** argv) {
    modescope::limit_memory_pools();
    modescope::limit_memory();
    modescope::share_no_pictures();
    return modescope::cli::run(argc, argv);
}
