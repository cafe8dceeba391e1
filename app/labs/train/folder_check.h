#pragma once

#include <QObject>
#include <QThread>
#include <atomic>

#include "core/folders/folder.h"

namespace modescope {

/// Checks a folder of pictures in the background; a new start takes the place of the one before. For the GUI
/// thread, which nothing here waits for.
class FolderCheck : public QObject {
    Q_OBJECT
public:
    explicit FolderCheck(QObject* parent = nullptr);
    /// Waits for the file being read.
    ~FolderCheck() override;

    void start(const QString& folder);
    void cancel() { ++newest_; }

signals:
    void progressed(double share);
    void done(const modescope::FolderReport& report);
    void failed(const QString& sentence);

private:
    void check(const std::string& folder, quint64 number);
    /// Emits on the GUI thread, unless it was stopped meanwhile.
    template <class Emit>
    void tell(quint64 number, Emit&& emit_it);

    std::atomic<quint64> newest_ = 0;
    QThread thread_;
    QObject* worker_;  ///< lives on thread_
};

}  // namespace modescope
