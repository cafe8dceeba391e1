#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QThread>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/experiments/compare.h"
#include "core/experiments/report.h"

namespace modescope {

/// What is measured so far.
struct Measured {
    Comparison comparison;
    std::vector<std::vector<Estimate>> estimates;  ///< by contestant, then metric; empty: nothing yet
    double share = 0;                              ///< done
    double seconds_left = -1;                      ///< −1: not known yet
    bool running = false;
};

/// Measures contestants in the background, at low priority, and writes reports. A new start takes the place
/// of the one before; what was stopped goes on from where it was. Every method belongs to the GUI thread and
/// returns at once.
class MeasureJob : public QObject {
    Q_OBJECT
public:
    explicit MeasureJob(QObject* parent = nullptr);
    /// Waits for the condition being measured.
    ~MeasureJob() override;

    /// `lpips`: the weights' file; empty: without that metric, as where pictures are too small for it.
    void start(std::vector<Contestant> contestants, std::shared_ptr<const Cases> cases,
               CompareSettings settings, const QString& lpips);
    void cancel();
    /// HTML, CSV or JSON by the path's suffix, with `lpips` as in start(). Comes before what is left to
    /// measure, which goes on then; answers with written() or not_written(). What a person drew is written
    /// beside a page.
    void write(const Comparison& comparison, std::shared_ptr<const Cases> cases, const QString& lpips,
               const QString& path);

signals:
    /// About four times a second, and at the end with running false.
    void progressed(const modescope::Measured& measured);
    void written(const QString& path);
    void not_written(const QString& sentence);
    void failed(const QString& sentence);         ///< nothing is measured any more
    void lpips_refused(const QString& sentence);  ///< the same, for the weights cannot be used

private:
    void write_waiting();
    bool load_lpips(const QString& path, quint64 number);
    void tell(quint64 number, const Measured& measured);
    void measure(const std::vector<Contestant>& contestants, const Cases& cases,
                 const CompareSettings& settings, quint64 number);

    std::atomic<quint64> newest_ = 0;
    std::mutex mutex_;
    std::deque<std::function<void()>> waiting_;  ///< reports to write; guarded by mutex_
    std::shared_ptr<const Lpips> lpips_;         ///< the worker's, of that file
    QString lpips_path_;
    QThread thread_;
    QObject* worker_;  ///< lives on thread_
};

}  // namespace modescope
