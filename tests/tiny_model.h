#pragma once

#include <QFile>
#include <QString>
#include <chrono>

#include "core/training/run.h"

namespace modescope {

/// Trains for two steps a model of 32 × 32 that draws rubbish, but a different one for each layout and noise.
inline void make_tiny_street(const QString& folder, const QString& path, const char* objective) {
    constexpr auto patience = std::chrono::seconds(30);
    Spec spec = preset_spec("street-64");
    spec.objective = parse_objective(objective);
    spec.objective.samples = 2;
    for (const char* assignment :
         {"data.size=32", "network.downs=4", "network.features=4", "network.widest=2",
          "network.noise_channels=4", "network.discriminator_features=4", "network.discriminator_layers=2",
          "training.steps=2", "training.predictor_steps=2", "training.batch=2", "training.conditions=2"})
        set_field(spec, assignment);
    Run run(spec, {.directory = folder.toStdString()});
    run.run_to(2);
    run.wait(patience);
    run.finish();
    run.wait(patience);
    if (!QFile::copy(folder + "/model.safetensors", path))
        qFatal("%s was not trained: %s", qUtf8Printable(path), run.status().message.c_str());
}

}  // namespace modescope
