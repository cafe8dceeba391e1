#pragma once

#include <QFile>
#include <QFileInfo>
#include <QString>
#include <chrono>

#include "core/training/run.h"

namespace modescope {

/// A file by that name which holds no model.
inline void make_damaged_model(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write("no model at all") < 0)
        qFatal("%s cannot be written", qUtf8Printable(path));
}

/// Trains a model at 32 × 32 for two steps, in `folder`, and puts it there. It draws rubbish, but different
/// rubbish for each condition and noise.
inline void make_tiny_model(const QString& folder, const QString& path, const char* objective,
                            const char* preset = "street-64") {
    constexpr std::chrono::milliseconds patience(30000);
    Spec spec = preset_spec(preset);
    spec.objective = parse_objective(objective);
    spec.objective.samples = 2;
    for (const char* assignment :
         {"data.size=32", "network.downs=4", "network.features=4", "network.widest=2",
          "network.noise_channels=4", "network.noise_levels=2", "network.discriminator_features=4",
          "network.discriminator_layers=2", "training.steps=2", "training.predictor_steps=2",
          "training.batch=2", "training.conditions=2"})
        set_field(spec, assignment);
    if (spec.network.kind == "srgan") spec.network.blocks = 1;
    const QString directory = folder + "/run-" + QFileInfo(path).completeBaseName();
    Run run(spec, {.directory = directory.toStdString()});
    run.run_to(2);
    run.wait(patience);
    run.finish();
    run.wait(patience);
    if (!QFile::copy(directory + "/model.safetensors", path))
        qFatal("%s was not trained: %s", qUtf8Printable(path), run.status().message.c_str());
}

}  // namespace modescope
