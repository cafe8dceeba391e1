#pragma once

#include <QFont>
#include <QPalette>
#include <QRectF>
#include <QStringList>
#include <atomic>
#include <functional>
#include <future>
#include <vector>

#include "core/training/toy_timeline.h"
#include "widgets/toy_paint.h"

namespace modescope {

/// What a film of the toy's panels is made from; immutable while it is made.
struct ToyFilm {
    struct Panel {
        QRectF cell;  ///< in the frame
        QString name;
        ToyPlot plot;  ///< its view is that of the frame's step
        ToyTimeline timeline;
    };
    std::vector<Panel> panels;
    QSize size;  ///< of a frame, in pixels; even
    QPalette palette;
    QFont font;
    std::int64_t last_step = 0;
    int frames = 300;  ///< from step 0 to the last, evenly
    double frames_per_second = 30;
};

/// Writes an MP4, or for a path that ends in .png the numbered pictures NAME-0001.png …, painting every
/// frame, and returns the files. For any thread: it touches no widget. `progress` gets the share done and
/// returns false to cancel, which leaves no film and returns nothing. Throws Error naming the file.
QStringList save_film(const ToyFilm& film, const QString& path, const std::function<bool(double)>& progress);

/// A film being written on a thread of its own. The owner asks now and then how far it is.
class ToyFilmJob {
public:
    ToyFilmJob(ToyFilm film, const QString& path);
    /// Cancels, and waits for the frame being made.
    ~ToyFilmJob();

    const QString& path() const { return path_; }
    double share() const { return share_; }
    void cancel() { cancelled_ = true; }
    bool is_done() const;
    /// Once, when it is done: what save_film returns or throws.
    QStringList result() { return outcome_.get(); }

private:
    QString path_;
    std::atomic<double> share_ = 0;
    std::atomic<bool> cancelled_ = false;
    std::future<QStringList> outcome_;
};

}  // namespace modescope
