#pragma once

#include <QImage>
#include <QString>

#include "app/labs/tile_engine.h"
#include "core/base/image.h"

namespace modescope {

/// The drawing and under it a row of tiles for each model, enlarged without smoothing. The models, seeds
/// and noise scale are inside as PNG text, so that the sheet can be made again.
QImage tile_sheet(const TileResult& result);

/// Writes a PNG; nothing is left of it when that fails. Returns a sentence for the person, empty if all
/// is well.
QString save_sheet(const QImage& sheet, const QString& path);

}  // namespace modescope
