#include "app/cli/run.h"

int main(int argc, char** argv) { return modescope::cli::run(argc, argv); }
