#include <QAbstractButton>
#include <QAction>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QMouseEvent>
#include <QProgressBar>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "app/gui.h"
#include "app/labs/paint/paint_lab.h"
#include "app/labs/toy/toy_lab.h"
#include "app/main_window.h"
#include "app/offscreen.h"
#include "core/base/error.h"
#include "core/base/machine.h"
#include "widgets/label_canvas.h"
#include "widgets/picture_matrix.h"
#include "widgets/toy_panel.h"

namespace modescope {
namespace {

/// How late the events of the window are served, while it lives.
class StallProbe {
public:
    StallProbe() {
        timer_.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer_, &QTimer::timeout, [this] {
            const double ms = static_cast<double>(since_.nsecsElapsed()) / 1e6;
            since_.start();
            stalls_.push_back(std::max(0., ms - interval));
        });
        since_.start();
        timer_.start(interval);
    }
    Timing result() const { return summarise(stalls_); }

private:
    static constexpr int interval = 4;
    QTimer timer_;
    QElapsedTimer since_;
    std::vector<double> stalls_;
};

/// Strokes and resamplings as a person makes them, but without pauses.
class Painter {
public:
    explicit Painter(QWidget& window)
        : canvas_(window.findChild<LabelCanvas*>()),
          resample_(window.findChild<QAction*>("paint.resample")),
          lab_(window.findChild<PaintLab*>()) {}

    /// Waits until tiles of all that was asked are shown.
    void wait_for_tiles() {
        constexpr int patience = 20000;
        QEventLoop loop;
        QTimer::singleShot(patience, &loop, &QEventLoop::quit);
        const auto shown = QObject::connect(lab_, &Lab::status_changed, &loop, [&](const QStringList& facts) {
            if (facts.size() > 1 && !facts[1].isEmpty()) loop.quit();
        });
        loop.exec();
        QObject::disconnect(shown);
    }

    void stroke(int number) {
        const QRectF area = canvas_->rect();
        const auto at = [&](int step) {
            const double angle = 0.1 * step + number;
            return QPointF(area.width() * (0.5 + 0.4 * std::sin(angle)),
                           area.height() * (0.5 + 0.4 * std::cos(1.7 * angle)));
        };
        canvas_->set_class(number % 8);
        send(QEvent::MouseButtonPress, at(0));
        for (int step = 1; step <= 16; ++step) {
            send(QEvent::MouseMove, at(step));
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        }
        send(QEvent::MouseButtonRelease, at(16));
    }

    void resample() {
        resample_->trigger();
        wait_for_tiles();
    }

private:
    void send(QEvent::Type type, QPointF position) {
        const bool moves = type == QEvent::MouseMove;
        QMouseEvent event(type, position, canvas_->mapToGlobal(position),
                          moves ? Qt::NoButton : Qt::LeftButton,
                          type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(canvas_, &event);
    }

    LabelCanvas* canvas_;
    QAction* resample_;
    PaintLab* lab_;
};

/// Lives until every run has the property, for two minutes at most.
void wait_for_runs(Offscreen& screen, const ToyLab& lab, const std::function<bool(std::size_t)>& property) {
    constexpr double a_little = 0.1, patience = 120;
    for (double waited = 0; waited < patience; waited += a_little) {
        bool all = true;
        for (std::size_t i = 0; i < lab.session().size(); ++i) all = all && property(i);
        if (all) return;
        screen.live(a_little);
    }
    throw Error("The toy did not train within two minutes; is the machine busy?");
}

/// A training whose every step was looked at, and looks other than the one before.
ToyTimeline recorded(const ToyView& view, int steps) {
    ToyTimeline timeline;
    ToyView look = view;
    for (look.step = 0; look.step <= steps; ++look.step) {
        for (std::size_t i = 0; i < look.samples.size(); ++i)
            look.samples[i][1] = view.samples[i][1] +
                                 0.2F * std::sin(0.01F * static_cast<float>(look.step) + view.samples[i][0]);
        timeline.append(look);
    }
    return timeline;
}

}  // namespace

Timing time_frames(double seconds) {
    constexpr double warm_up = 2;
    Offscreen screen(1, "dark", "toy");
    screen.window().show();
    screen.live(warm_up);
    std::vector<double> gaps;
    QElapsedTimer since;
    since.start();
    QTimer probe;
    probe.setTimerType(Qt::PreciseTimer);
    QObject::connect(&probe, &QTimer::timeout, [&] {
        gaps.push_back(static_cast<double>(since.nsecsElapsed()) / 1e6);
        since.start();
    });
    probe.start(16);
    since.start();
    screen.live(seconds);
    return summarise(std::move(gaps));
}

ScrubTiming time_scrubbing(int frames) {
    constexpr int steps = 5000;
    Offscreen screen(1, "dark", "toy");
    screen.window().show();
    auto& lab = *screen.window().findChild<ToyLab*>();
    for (const char* formula : {"l1", "gan+mr1"})
        screen.window().findChild<QAbstractButton*>(QStringLiteral("chip:") + formula)->click();
    ScrubTiming timing{.panels = static_cast<int>(lab.session().size()), .steps = steps};
    const auto is_trained = [&](std::size_t i) {
        return lab.panel(i)->plot().view && !lab.session().is_behind(i);
    };
    wait_for_runs(screen, lab, is_trained);
    screen.window().findChild<QAbstractButton*>("play")->click();
    const auto rests = [&](std::size_t i) {
        return lab.session().run(i)->status().state != RunState::training;
    };
    wait_for_runs(screen, lab, rests);
    screen.live(0.2);  // the last looks arrive
    for (std::size_t i = 0; i < lab.session().size(); ++i) {
        auto timeline = recorded(*lab.panel(i)->plot().view, steps);
        timing.timelines_megabytes += static_cast<double>(timeline.bytes()) / 1e6;
        lab.set_timeline(i, std::move(timeline));
    }
    auto* slider = screen.window().findChild<QSlider*>("timeline");
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        QElapsedTimer since;
        since.start();
        slider->setValue(i * 37 % steps);
        QCoreApplication::processEvents();
        times.push_back(static_cast<double>(since.nsecsElapsed()) / 1e6);
    }
    timing.frames = summarise(std::move(times));
    timing.megabytes = resident_megabytes();
    return timing;
}

PaintTiming time_painting(int strokes, int resamples) {
    Offscreen screen(1, "dark", "paint");
    screen.window().show();
    Painter painter(screen.window());
    painter.wait_for_tiles();
    PaintTiming timing{.strokes = strokes, .resamples = resamples};
    {
        const StallProbe probe;
        for (int i = 0; i < strokes; ++i) painter.stroke(i);
        timing.stalls = probe.result();
    }
    for (int i = 0; i < resamples; ++i) {
        painter.resample();
        if (i + 1 == std::max(1, resamples / 10)) timing.megabytes_early = resident_megabytes();
    }
    timing.megabytes = resident_megabytes();
    return timing;
}

CompareTiming time_comparing(const std::string& model) {
    constexpr int models = 6, conditions = 64, samples = 8;
    const QTemporaryDir folder;
    write_variants(model, models, folder.path().toStdString());
    qputenv("MODESCOPE_MODELS", QFile::encodeName(folder.path()));
    Offscreen screen(1, "dark", "quiz");
    screen.window().show();
    QSettings().setValue("compare/conditions", conditions);
    QSettings().setValue("compare/samples", samples);
    CompareTiming timing{.models = models, .conditions = conditions, .samples = samples};
    constexpr double settled = 1;
    screen.live(settled);  // the page before may still be loading a model
    QElapsedTimer since;
    const auto wait_until = [&](const std::function<bool()>& happened) {
        constexpr double a_little = 0.005, patience = 300;
        while (!happened()) {
            if (since.elapsed() > 1000 * patience)
                throw Error("Comparing did not end within five minutes; is the machine busy?");
            screen.live(a_little);
        }
        return static_cast<double>(since.nsecsElapsed()) / 1e6;
    };
    const auto is_drawn = [](const PictureMatrix::Row& row) {
        return !row.pictures.empty() && !row.pictures.front().isNull();
    };
    since.start();
    screen.window().show_page("compare");
    const auto& rows = screen.window().findChild<PictureMatrix*>()->rows();
    const auto& progress = *screen.window().findChild<QProgressBar*>("compare.progress");
    timing.first_pictures = wait_until([&] { return std::ranges::any_of(rows, is_drawn); });
    timing.all_pictures =
        wait_until([&] { return std::ssize(rows) > models && std::ranges::all_of(rows, is_drawn); });
    wait_until([&] { return progress.isVisible(); });
    timing.figures_seconds = wait_until([&] { return !progress.isVisible(); }) / 1000;
    return timing;
}

}  // namespace modescope
