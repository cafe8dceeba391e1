#include "app/gui.h"

#include <fmt/format.h>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QMouseEvent>
#include <QSaveFile>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "app/labs/paint_hints.h"
#include "app/labs/paint_lab.h"
#include "app/labs/toy_lab.h"
#include "app/main_window.h"
#include "core/base/error.h"
#include "core/base/machine.h"
#include "core/version.h"
#include "widgets/label_canvas.h"
#include "widgets/theme.h"
#include "widgets/toy_panel.h"

namespace modescope {
namespace {

void name_application() {
    QApplication::setOrganizationName("Modescope");
    QApplication::setApplicationName("Modescope");
    QApplication::setApplicationVersion(MODESCOPE_VERSION);
    QGuiApplication::setDesktopFileName("io.github.modescope.Modescope");
    QApplication::setWindowIcon(QIcon(":/modescope.svg"));
}

/// Qt would abort the program.
void check_display() {
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (!qEnvironmentVariableIsEmpty(variable)) return;
    throw Error(
        "There is no display to open the window on; modescope demo and modescope --help work without one.");
}

Scheme scheme_named(const QString& name) {
    if (name == "dark") return Scheme::Dark;
    return name == "light" ? Scheme::Light : Scheme::System;
}

/// A window that needs no display and neither reads nor writes the user's settings.
class Offscreen {
public:
    explicit Offscreen(double scale, const std::string& scheme, const QString& page) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        qputenv("XDG_STATE_HOME", QFile::encodeName(settings_.path()));
        application_ = std::make_unique<QApplication>(argc_, argv_);
        name_application();
        apply_theme(*application_, scheme_named(QString::fromStdString(scheme)));
        PaintHints::skip_all();
        window_ = std::make_unique<MainWindow>();
        window_->show_page(page);
    }

    MainWindow& window() { return *window_; }

    void live(double seconds) {
        QEventLoop loop;
        QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
        loop.exec();
    }

private:
    QTemporaryDir settings_;
    int argc_ = 1;
    char name_[10] = "modescope";
    char* argv_[2] = {name_, nullptr};
    std::unique_ptr<QApplication> application_;
    std::unique_ptr<MainWindow> window_;
};

void save_png(const QPixmap& picture, const std::string& path) {
    QSaveFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly) || !picture.save(&file, "PNG") || !file.commit())
        throw Error(fmt::format("Cannot write {}: {}.", path, file.errorString().toStdString()));
}

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

int open_window(int argc, char** argv, const std::string& drawing) {
    check_display();
    QApplication application(argc, argv);
    name_application();
    apply_theme(application, scheme_named(QSettings().value("window/scheme").toString()));
    MainWindow window;
    window.show_page(QSettings().value("window/page", "toy").toString());
    if (!drawing.empty()) window.open(QString::fromStdString(drawing));
    window.show();
    return QApplication::exec();
}

void take_screenshot(const ScreenshotOptions& options) {
    Offscreen screen(options.scale, options.scheme, QString::fromStdString(options.lab));
    screen.window().resize(options.width, options.height);
    screen.window().show();
    screen.live(options.after);
    save_png(screen.window().grab(), options.path);
}

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

}  // namespace modescope
