#pragma once

#include <QString>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/folders/folder.h"
#include "core/training/spec.h"

namespace modescope {

/// What a person has chosen for a training, in the order in which the command line takes it.
struct TrainPlan {
    std::string preset = "street-64";
    std::string folder;     ///< of pictures; empty: the preset's own world
    std::string objective;  ///< "gan+pmr2"
    std::vector<std::pair<std::string, std::string>> settings = {};  ///< key and value
    std::string start = {};  ///< the model whose weights it starts from; empty: random ones

    /// What trains as a run of that spec did, from random weights. Throws Error if its preset is not known.
    static TrainPlan of(const Spec& spec);

    /// Adds a setting, or replaces the value of an earlier one.
    void set(const std::string& key, const std::string& value);
    /// The preset, with G and P as in the model it starts from, if that can be read.
    Spec usual() const;
    /// Without the objective and the folder.
    Spec usual_with_settings() const;
    /// G and P as in the model it starts from. Throws Error naming what does not fit. `report` is of the
    /// folder, where there is one.
    Spec spec(const std::optional<FolderReport>& report = {}) const;
    /// The line that trains the same without a window.
    QString command_line(const QString& directory) const;
    /// "street-64-gan+pmr2": what the run's folder is called unless somebody says otherwise.
    QString name() const;
};

}  // namespace modescope
