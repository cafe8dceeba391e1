#pragma once

#include <QFile>
#include <QString>
#include <chrono>

#include "core/training/run.h"

namespace modescope {

/// Trains a model of Street at 32 × 32 for two steps and puts it there. It draws rubbish, but different
/// rubbish for each layout and noise.
inline void make_tiny_model(const QString& folder, const QString& path, const char* objective) {
    constexpr std::chrono::milliseconds patience(30000);
    Spec spec = preset_spec("street-64");
    spec.objective = parse_objective(objective);
    spec.objective.samples = 2;
    for (const char* assignment :
         {"data.size=32", "network.downs=4", "network.features=4", "network.widest=2",
          "network.noise_channels=4", "network.discriminator_features=4", "network.discriminator_layers=2",
          "training.steps=2", "training.predictor_steps=2", "training.batch=2", "training.conditions=2"})
        set_field(spec, assignment);
    const QString directory = folder + "/run-" + objective;
    Run run(spec, {.directory = directory.toStdString()});
    run.run_to(2);
    run.wait(patience);
    run.finish();
    run.wait(patience);
    if (!QFile::copy(directory + "/model.safetensors", path))
        qFatal("%s was not trained: %s", qUtf8Printable(path), run.status().message.c_str());
}

}  // namespace modescope
