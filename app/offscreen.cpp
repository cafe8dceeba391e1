#include "app/offscreen.h"

#include <QApplication>
#include <QEventLoop>
#include <QFile>
#include <QSettings>
#include <QTimer>

#include "app/labs/paint/paint_hints.h"
#include "app/main_window.h"
#include "core/version.h"

namespace modescope {

void name_application() {
    QApplication::setOrganizationName("Modescope");
    QApplication::setApplicationName("Modescope");
    QApplication::setApplicationVersion(MODESCOPE_VERSION);
    QGuiApplication::setDesktopFileName("io.github.modescope.Modescope");
    QApplication::setWindowIcon(QIcon(":/modescope.svg"));
}

Scheme scheme_named(const QString& name) {
    if (name == "dark") return Scheme::Dark;
    return name == "light" ? Scheme::Light : Scheme::System;
}

Offscreen::Offscreen(double scale, const std::string& scheme, const QString& page) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_SCALE_FACTOR", QByteArray::number(scale));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
    for (const char* home : {"XDG_STATE_HOME", "XDG_CACHE_HOME"})
        qputenv(home, QFile::encodeName(settings_.path()));
    application_ = std::make_unique<QApplication>(argc_, argv_);
    name_application();
    apply_theme(*application_, scheme_named(QString::fromStdString(scheme)));
    PaintHints::skip_all();
    window_ = std::make_unique<MainWindow>();
    window_->show_page(page);
}

Offscreen::~Offscreen() = default;

void Offscreen::live(double seconds) {
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
}

}  // namespace modescope
