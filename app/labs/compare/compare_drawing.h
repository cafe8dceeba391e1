#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <QThread>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/experiments/compare.h"

namespace modescope {

/// What the Compare page wants to see: one condition through all rows, with the same noise.
struct CompareRequest {
    std::vector<Contestant> rows;
    std::shared_ptr<const Cases> cases;
    int condition = 0;
    int columns = 8;          ///< pictures of a row, at least 2
    std::uint64_t noise = 0;  ///< added to the condition's seed
    quint64 stamp = 0;        ///< given by CompareDrawing::request(), growing
};

/// The condition itself; comes before its rows.
struct ShownCase {
    quint64 stamp = 0;
    QString name;
    QImage condition, target;  ///< as people see them; target: null where none is known
    std::uint64_t seed = 0;    ///< of the first column
};

struct ShownRow {
    quint64 stamp = 0;
    int row = 0;
    std::vector<QImage> pictures;
    Moments moments;  ///< of these pictures
};

struct DrawingTime {
    double first_row = 0, all = 0;  ///< ms since the drawing began
    int pictures = 0;               ///< that were drawn, not kept
};

/// Loads models and draws their pictures on a thread of its own, row by row, so that the first ones show at
/// once; a newer request takes the place of what is left of the older one, and rows that it shares with that
/// are not drawn again. Every method belongs to the GUI thread and returns at once.
class CompareDrawing : public QObject {
    Q_OBJECT
public:
    explicit CompareDrawing(QObject* parent = nullptr);
    /// Waits for the row being drawn.
    ~CompareDrawing() override;

    quint64 request(CompareRequest request);
    /// Answers with opened() or not_opened().
    void open(const QString& path);
    /// Finds conditions, which may take reading a folder; answers with found_cases() or failed(), for the
    /// newest call only.
    void find_cases(std::function<Cases()> find);
    /// What is being found is not wanted any more.
    void forget_cases() { ++newest_cases_; }

signals:
    void case_ready(const modescope::ShownCase& shown);
    void row_ready(const modescope::ShownRow& row);
    void drawn(quint64 stamp, const modescope::DrawingTime& time);
    void opened(const QString& path, const modescope::Contestant& contestant);
    void found_cases(const std::shared_ptr<const modescope::Cases>& cases);
    /// One sentence each.
    void not_opened(const QString& path, const QString& sentence);
    void failed(const QString& sentence);

private:
    void serve();
    void draw_rows(const CompareRequest& request);
    const ShownRow& drawn_row(const CompareRequest& request, const Case& condition, const Contestant& row);
    void post(std::function<void()> work);

    std::mutex mutex_;
    std::optional<CompareRequest> waiting_;  ///< guarded by mutex_
    std::atomic<quint64> newest_ = 0, newest_cases_ = 0;
    CompareRequest kept_for_;               ///< the worker's: what the rows below were drawn for
    std::map<std::string, ShownRow> kept_;  ///< the worker's, by the contestants' hash
    QThread thread_;
    QObject* worker_;  ///< lives on thread_
};

}  // namespace modescope
