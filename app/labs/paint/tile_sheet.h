#pragma once

#include <QImage>
#include <QString>

#include "app/labs/tile_engine.h"

namespace modescope {

// Pictures as files. Functions of a result alone, for any thread; the first one of a large model takes a
// second, because its file is hashed. Every picture has sample_text() inside as PNG text. Those that write
// return a sentence for the person, empty if all is well, and leave no half file.

/// The drawing and under it a row of tiles for each model, enlarged without smoothing.
QImage tile_sheet(const TileResult& result);
QString save_sheet(const TileResult& result, const QString& path);
/// One tile of the main model, as it was drawn.
QString save_tile(const TileResult& result, int index, const QString& path);
/// Where save_all() replaces nothing: the chosen folder if it is empty, else a new one of that name in it.
QString free_folder(const QString& chosen, const QString& name);
/// Into a folder, made if it is not there: sheet.png, each tile (sample_file_names(), the comparison's with
/// "comparison-" before it) and the condition: classes.png with the index of each pixel's class and
/// colours.png, or input.png and, white in the hole, mask.png.
QString save_all(const TileResult& result, const QString& folder);

}  // namespace modescope
