#include <opencv2/core/utility.hpp>

#include "app/cli/run.h"
#include "core/base/machine.h"

int main(int argc, char** argv) {
    modescope::limit_memory_pools();
    cv::setNumThreads(1);  // threads that share a picture of 64 × 64 take longer than one alone
    return modescope::cli::run(argc, argv);
}
