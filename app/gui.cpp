#include "app/gui.h"

#include <fmt/format.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QSaveFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <memory>

#include "app/labs/paint_hints.h"
#include "app/main_window.h"
#include "core/base/error.h"
#include "core/version.h"
#include "widgets/theme.h"

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

}  // namespace modescope
