#pragma once

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "app/labs/paint/paint_document_file.h"

namespace modescope {

/// Keeps an unsaved drawing on disk while it is painted, so that neither a crash nor the end of the program
/// loses it. Each running program has a place of its own in the folder, held by a lock file; a place whose
/// program is gone holds what that one left.
/// Every method belongs to the GUI thread and, but for the constructor and the destructor, returns at once.
class PaintAutosave : public QObject {
    Q_OBJECT
public:
    /// What a program left behind; kept on disk until it is discarded.
    struct Left {
        /// How the program ended, the drawing being unsaved; or another had taken its place by then.
        enum Why { crashed, closed, gave_way };

        QString path;
        QDateTime time;  ///< of its last stroke, or when it gave way
        Why why = crashed;
    };

    /// Of the user's state directory.
    static QString usual_folder();

    /// Without a folder that can be written, nothing is kept. `hashes` must live longer.
    PaintAutosave(const QString& folder, ModelHashes& hashes, QObject* parent = nullptr);
    /// Waits for what is being written. What was stored last stays for the next start.
    ~PaintAutosave() override;

    /// As found at the start; the newest first, those that gave way last.
    const std::vector<Left>& left() const { return left_; }
    /// It is being restored: not to be offered again.
    void withdraw(const QString& path);
    /// It is on the page now: its file goes as soon as the own place holds the page's drawing.
    void supersede(const QString& path);
    /// Removes a left drawing for good.
    void discard(const QString& path);

    /// The newest wins; written on a thread.
    void store(const PaintDrawing& drawing);
    /// There is nothing unsaved any more.
    void clear();
    /// Keeps one that gave way unsaved, for the next start; written on the thread. Returns its path, for
    /// supersede() when it is on the page again; empty where nothing is kept.
    QString keep(PaintDrawing drawing);

signals:
    void stored();  ///< the last drawing is on disk
    void failed(const QString& sentence);

private:
    void take_place(const QString& folder, int number);
    bool note_left(const QString& base);
    QString path() const;
    void write_later(std::function<void()> job);
    void drop_superseded();

    ModelHashes& hashes_;
    QString base_;  ///< the own place's path without a suffix; empty: none
    std::unique_ptr<QLockFile> lock_;
    std::vector<std::unique_ptr<QLockFile>> left_locks_;  ///< nobody else offers those places meanwhile
    std::vector<Left> left_;
    int kept_ = 0;  ///< number of the last one that gave way
    std::mutex mutex_;
    std::function<void()> waiting_;  ///< guarded by mutex_
    QStringList superseded_;         ///< paths, guarded by mutex_
    QThreadPool thread_;             ///< of one thread
};

}  // namespace modescope
