#pragma once

#include <QStringList>
#include <functional>

#include "app/labs/paint/paint_document_file.h"
#include "core/experiments/compare_cases.h"

namespace modescope {

/// As many can be looked at and measured, of a world's endless ones.
inline constexpr int most_inputs = 4096;

/// Where the inputs of the Compare page come from.
struct InputSource {
    enum class Kind { held_out, drawing, files, folder };

    Kind kind = Kind::held_out;
    /// As a model takes them; may read many files. Throws Error that says what cannot be used.
    std::function<Cases(const Sampler& model)> find = own_cases;
    QStringList paths = {};  ///< of files, or of the folder
};

/// One input; label maps are scaled to the models' size.
InputSource drawing_input(const PaintDrawing& drawing);
InputSource file_inputs(const QStringList& paths);
/// For models that were trained on a folder its held-out pairs, if it has that layout; else its pictures.
InputSource folder_inputs(const QString& path);
/// What was dropped: one folder, or files.
InputSource dropped_inputs(const QStringList& paths);

}  // namespace modescope
