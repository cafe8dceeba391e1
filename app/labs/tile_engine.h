#pragma once

#include <QImage>
#include <QObject>
#include <QString>
#include <QThread>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/sampling/sample_distances.h"
#include "core/sampling/sampler.h"

namespace modescope {

/// What to draw: the pictures of one condition, one for each recipe.
struct TileRequest {
    Condition condition;
    std::vector<NoiseRecipe> noises;
    std::shared_ptr<const Sampler> first;   ///< never null
    std::shared_ptr<const Sampler> second;  ///< draws from the same noise; null: no comparison
    /// What the condition was made from, if that was the world of `first`. Without it, or when the condition
    /// has been changed since, a picture's truth is not known; a painted label map's always is.
    std::optional<Example> example;
    bool moments = false;  ///< wanted in the study
    quint64 stamp = 0;                      ///< given by TileEngine::request(), growing
};

struct TileResult {
    TileRequest request;
    std::vector<QImage> first, second;  ///< in the order of the recipes
    double milliseconds = 0;            ///< of drawing `first`
};

/// How many values of a hidden factor some pictures show.
struct FactorCount {
    QString name;
    int possible = 0;
    int first = 0, second = 0;
};

/// A closer look at a result's pictures, made while nothing newer waits.
struct TileStudy {
    TileRequest request;
    std::optional<SampleExtremes> extremes;    ///< of `first`
    std::vector<double> errors;                ///< super-resolution: consistency_error() of `first`
    bool truth_known = false;                  ///< else the next three stay empty
    std::vector<FactorCount> factors;          ///< those that the drawing has room for
    double match_first = 0, match_second = 0;  ///< mean share of pixels as in a true rendering
    std::optional<Moments> truth;              ///< when asked for
    std::optional<Moments> samples;            ///< when asked for; of `first`
    std::optional<Moments> predicted;          ///< when asked for and a model has a predictor
};

/// Draws tiles on a thread of its own; the window only posts requests and gets pictures.
/// Every method belongs to the GUI thread and returns at once.
class TileEngine : public QObject {
    Q_OBJECT
public:
    explicit TileEngine(QObject* parent = nullptr);
    /// Waits for what is being drawn.
    ~TileEngine() override;

    /// Replaces the request that waits. The one being drawn is finished and delivered, so that tiles
    /// move during a long stroke; its study is abandoned. Returns the stamp.
    quint64 request(TileRequest request);
    /// Answers with loaded() or failed().
    void load(const QString& path);

signals:
    void ready(const modescope::TileResult& result);
    void studied(const modescope::TileStudy& study);
    void loaded(const QString& path, const std::shared_ptr<const modescope::Sampler>& sampler);
    /// One sentence for the person; `path` is empty when drawing failed.
    void failed(const QString& path, const QString& sentence);

private:
    class Worker;

    std::optional<TileRequest> take();

    std::mutex mutex_;
    std::optional<TileRequest> waiting_;  ///< guarded by mutex_
    std::atomic<quint64> newest_ = 0;     ///< stamp of the last request
    QThread thread_;
    Worker* worker_;  ///< lives on thread_
};

QImage to_qimage(const Image& picture);

}  // namespace modescope
