#include "app/labs/paint/paint_autosave.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace modescope {
namespace {

constexpr int most_places = 64;
constexpr char open_suffix[] = ".modescope", closed_suffix[] = ".closed.modescope",
               gave_way_suffix[] = ".before-%1.modescope";

QString place(const QString& folder, int number) {
    return QStringLiteral("%1/drawing-%2").arg(folder).arg(number);
}

}  // namespace

/// Qt names no state directory before 6.7.
QString PaintAutosave::usual_folder() {
    const QString chosen = qEnvironmentVariable("XDG_STATE_HOME");
    if (!chosen.isEmpty() && QDir::isAbsolutePath(chosen)) return chosen + "/modescope";
    if (QStandardPaths::isTestModeEnabled())
        return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/state";
    return QDir::homePath() + "/.local/state/modescope";
}

PaintAutosave::PaintAutosave(const QString& folder, ModelHashes& hashes, QObject* parent)
    : QObject(parent), hashes_(hashes) {
    thread_.setMaxThreadCount(1);
    QDir().mkpath(folder);
    for (int number = 0; number < most_places && base_.isEmpty(); ++number) take_place(folder, number);
    // What others left may lie in places beyond the own one.
    for (const QString& file : QDir(folder).entryList({"drawing-*.modescope"}))
        take_place(folder, file.section('-', 1).section('.', 0, 0).toInt());
    std::ranges::sort(left_, [](const Left& a, const Left& b) {
        const bool last_a = a.why == Left::gave_way, last_b = b.why == Left::gave_way;
        return last_a != last_b ? last_b : a.time > b.time;
    });
}

/// Makes a free place the own one if there is none yet, and notes what a program that is gone left in it.
void PaintAutosave::take_place(const QString& folder, int number) {
    const QString base = place(folder, number);
    auto lock = std::make_unique<QLockFile>(base + ".lock");
    lock->setStaleLockTime(0);  // only a program that is gone gives it up
    if (!lock->tryLock()) return;
    if (note_left(base)) {
        left_locks_.push_back(std::move(lock));
    } else if (base_.isEmpty()) {
        base_ = base;
        lock_ = std::move(lock);
    }
}

bool PaintAutosave::note_left(const QString& base) {
    const auto before = left_.size();
    const auto note = [&](const QFileInfo& file, Left::Why why) {
        if (file.exists()) left_.push_back({file.filePath(), file.lastModified(), why});
    };
    note(QFileInfo(base + open_suffix), Left::crashed);
    note(QFileInfo(base + closed_suffix), Left::closed);
    const QFileInfo place(base);
    for (const auto& file :
         place.dir().entryInfoList({place.fileName() + QString(gave_way_suffix).arg("*")}, QDir::Files))
        note(file, Left::gave_way);
    return left_.size() > before;
}

QString PaintAutosave::path() const { return base_ + open_suffix; }

PaintAutosave::~PaintAutosave() {
    thread_.waitForDone();
    if (!base_.isEmpty()) QFile::rename(path(), base_ + closed_suffix);
}

void PaintAutosave::withdraw(const QString& path) {
    std::erase_if(left_, [&](const Left& left) { return left.path == path; });
}

void PaintAutosave::supersede(const QString& path) {
    const std::lock_guard lock(mutex_);
    superseded_ << path;
}

/// On the thread, after the page's drawing was written or needs no place any more.
void PaintAutosave::drop_superseded() {
    const std::lock_guard lock(mutex_);
    for (const QString& path : superseded_) QFile::remove(path);
    superseded_.clear();
}

void PaintAutosave::discard(const QString& path) {
    withdraw(path);
    QFile::remove(path);
}

void PaintAutosave::store(const PaintDrawing& drawing) {
    if (base_.isEmpty()) return;
    write_later([this, drawing = drawing]() mutable {
        try {
            hashes_.fill(drawing);
            write_drawing(path(), drawing);
            drop_superseded();
            emit stored();
        } catch (const Error& error) {
            emit failed(QString::fromUtf8(error.what()));
        }
    });
}

void PaintAutosave::clear() {
    if (base_.isEmpty()) return;
    write_later([this] {
        QFile::remove(path());
        drop_superseded();
    });
}

QString PaintAutosave::keep(PaintDrawing drawing) {
    if (base_.isEmpty()) return {};
    const QString path = base_ + QString(gave_way_suffix).arg(++kept_);
    thread_.start([this, path, drawing = std::move(drawing)]() mutable {
        try {
            hashes_.fill(drawing);
            write_drawing(path, drawing);
        } catch (const Error& error) {
            emit failed(QString::fromUtf8(error.what()));
        }
    });
    return path;
}

void PaintAutosave::write_later(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    const bool idle = !waiting_;
    waiting_ = std::move(job);
    if (!idle) return;
    thread_.start([this] {
        std::function<void()> newest;
        {
            const std::lock_guard guard(mutex_);
            newest.swap(waiting_);
        }
        newest();
    });
}

}  // namespace modescope
