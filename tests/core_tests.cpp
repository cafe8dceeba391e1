// Runs one class of core's tests: core_tests NAME [Qt Test arguments].
#include <QCoreApplication>
#include <QTest>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "core/base/machine.h"

namespace modescope {

std::unique_ptr<QObject> losses_test();
std::unique_ptr<QObject> loss_rules_test();
std::unique_ptr<QObject> remedies_test();
std::unique_ptr<QObject> layers_test();
std::unique_ptr<QObject> networks_test();
std::unique_ptr<QObject> network_kinds_test();
std::unique_ptr<QObject> network_size_test();
std::unique_ptr<QObject> trainer_test();
std::unique_ptr<QObject> training_steps_test();
std::unique_ptr<QObject> averages_test();
std::unique_ptr<QObject> run_test();
std::unique_ptr<QObject> checkpoint_test();
std::unique_ptr<QObject> spec_test();
std::unique_ptr<QObject> toy_test();
std::unique_ptr<QObject> sampler_test();
std::unique_ptr<QObject> failure_test();
std::unique_ptr<QObject> file_test();
std::unique_ptr<QObject> lpips_test();
std::unique_ptr<QObject> event_file_test();
std::unique_ptr<QObject> safetensors_test();
std::unique_ptr<QObject> folders_test();
std::unique_ptr<QObject> folder_classes_test();
std::unique_ptr<QObject> folder_pairs_test();
std::unique_ptr<QObject> palette_test();
std::unique_ptr<QObject> maps_test();
std::unique_ptr<QObject> presets_test();
std::unique_ptr<QObject> damage_test();
std::unique_ptr<QObject> kill_test();

namespace {

const std::map<std::string, std::unique_ptr<QObject> (*)()> tests{
    {"losses", losses_test},
    {"loss_rules", loss_rules_test},
    {"remedies", remedies_test},
    {"layers", layers_test},
    {"networks", networks_test},
    {"network_kinds", network_kinds_test},
    {"network_size", network_size_test},
    {"trainer", trainer_test},
    {"training_steps", training_steps_test},
    {"averages", averages_test},
    {"run", run_test},
    {"spec", spec_test},
    {"toy", toy_test},
    {"checkpoint", checkpoint_test},
    {"sampler", sampler_test},
    {"failure", failure_test},
    {"file", file_test},
    {"lpips", lpips_test},
    {"event_file", event_file_test},
    {"safetensors", safetensors_test},
    {"folders", folders_test},
    {"folder_classes", folder_classes_test},
    {"folder_pairs", folder_pairs_test},
    {"palette", palette_test},
    {"maps", maps_test},
    {"presets", presets_test},
    {"damage", damage_test},
    {"kill", kill_test},
};

}  // namespace
}  // namespace modescope

int main(int argc, char** argv) {
    const auto test = modescope::tests.find(argc > 1 ? argv[1] : "");
    if (test == modescope::tests.end()) {
        std::fputs("usage: core_tests NAME [Qt Test arguments]; NAME is one of", stderr);
        for (const auto& [name, make] : modescope::tests) std::fprintf(stderr, " %s", name.c_str());
        std::fputs("\n", stderr);
        return 2;
    }
    QCoreApplication app(argc, argv);
    // The networks are tiny; a second thread only costs.
    modescope::use_threads(1);
    const auto object = test->second();
    argv[1] = argv[0];
    return QTest::qExec(object.get(), argc - 1, argv + 1);
}
