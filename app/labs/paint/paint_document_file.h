#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/tasks/condition.h"

namespace modescope {

/// Of a drawing's file, without the dot.
inline constexpr char drawing_suffix[] = "modescope";

/// A model file as a drawing names it.
struct ModelReference {
    QString path;    ///< where it was, or is; empty: no model
    QString sha256;  ///< of its bytes, hexadecimal; empty: not known
};

/// Everything that makes the tiles of the Paint Studio again.
struct PaintDrawing {
    struct Noise {
        std::uint64_t seed = 0;
        bool pinned = false;
        std::string recipe = {};  ///< as parse_recipe() reads it; empty: that seed alone
        bool operator==(const Noise&) const = default;
    };

    Task task = Task::labels;
    int size = 0;         ///< side of the pictures, pixels
    Palette classes;      ///< of label maps; else empty
    Condition condition;  ///< as the task wants it
    /// Of the world's example that the condition was made from: it leads to the truth. Empty where there is
    /// none and for label maps, which say it all themselves.
    std::optional<std::uint64_t> example;
    /// What the condition was made from, under its holes too, side `size`; empty: not known.
    Image photo;
    int samples = 0;   ///< K
    double scale = 1;  ///< of the noise
    std::uint64_t seed = 0;
    std::vector<Noise> noises;       ///< by tile
    std::vector<int> frozen_levels;  ///< of all tiles, ascending
    std::uint64_t frozen_seed = 0;
    ModelReference model, comparison;
    QString file;  ///< in autosaves: the document that this is a change of; empty: a new one
};

constexpr int drawing_version = 1;

QByteArray drawing_to_json(const PaintDrawing& drawing);
/// Whatever the bytes are: an Error with one sentence that begins with `name` and names the key that is
/// wrong; sizes are checked before memory is taken.
PaintDrawing drawing_from_json(const QByteArray& json, const QString& name);

/// From any thread; both throw Error naming the file. Written all or nothing.
PaintDrawing read_drawing(const QString& path);
void write_drawing(const QString& path, const PaintDrawing& drawing);

/// SHA-256 of model files, each computed once for as long as the file does not change. From any thread.
class ModelHashes {
public:
    /// Hexadecimal; empty if the file cannot be read.
    QString of(const QString& path);
    void fill(PaintDrawing& drawing);

private:
    std::mutex mutex_;
    QHash<QString, QString> known_;  ///< by path, length and time
};

/// Replaces the paths of a drawing's models by those of files that are there, with the right bytes if any has
/// them: where they were, beside `folder`'s drawing, among the shipped ones. A comparison that is nowhere is
/// left out. Returns a sentence about what differs, empty if nothing does; throws Error beginning with `name`
/// when the model is nowhere.
QString find_models(PaintDrawing& drawing, const QString& folder, const QString& name, ModelHashes& hashes);

}  // namespace modescope
